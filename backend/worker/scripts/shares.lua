-- Shares: how much of the fleet one user, one agent, or one user's runs of one agent may use.
-- A job names its shares in its hash (`agent_shares`), one that has none costs no call here.
-- A share's cap says how many of its jobs run at once. Each of these has a place in the share. One
-- whose user has no place left stays in the user's line (turns.lua); one that finds no place in
-- another share is held back there, in the order in which jobs were made, and as places get free
-- those held first come to the front of the queue again.

local function caps_key(queue) return 'offstage:caps:' .. queue end
local function places_key(queue, share) return 'offstage:places:' .. queue .. ':' .. share end
local function held_in_key(queue, share) return 'offstage:held:' .. queue .. ':' .. share end
-- All jobs that wait outside RQ's list, in lines or held back, and the shares that hold some.
local function held_key(queue) return 'offstage:held:' .. queue end
local function holding_key(queue) return 'offstage:holding:' .. queue end

local function each_share(shares) return string.gmatch(shares or '', '%S+') end

-- How many places a share has left.
local function free_places(queue, share)
  local cap = redis.call('HGET', caps_key(queue), share)
  return cap and tonumber(cap) - redis.call('SCARD', places_key(queue, share)) or math.huge
end

-- Let those that were held back first try again, as many as find a place, `most` at the most.
local function bring_forward(queue, share, most)
  local forward = {}
  for _ = 1, math.min(most, free_places(queue, share)) do
    local job_id = redis.call('ZPOPMIN', held_in_key(queue, share))[1]
    if not job_id then
      redis.call('SREM', holding_key(queue), share)
      break
    end
    redis.call('ZREM', held_key(queue), job_id)
    if redis.call('HGET', job_key(job_id), 'status') == 'queued' then
      forward[#forward + 1] = job_id
    end
  end
  for i = #forward, 1, -1 do redis.call('LPUSH', queue_key(queue), forward[i]) end
end

-- Let go of a job's places, or of its place among those held back.
local function leave_shares(queue, job_id, shares)
  for share in each_share(shares) do
    if redis.call('ZREM', held_in_key(queue, share), job_id) == 1 then
      redis.call('ZREM', held_key(queue), job_id)
    end
    if redis.call('SREM', places_key(queue, share), job_id) == 1 then
      bring_forward(queue, share, 1)
    end
  end
end

-- Give a job its places. Returns nil, or the share that has none left.
local function take_places(queue, job_id, shares)
  for share in each_share(shares) do
    if redis.call('SISMEMBER', places_key(queue, share), job_id) == 0
        and free_places(queue, share) <= 0 then
      return share
    end
  end
  for share in each_share(shares) do redis.call('SADD', places_key(queue, share), job_id) end
  return nil
end

local function hold_back(queue, job_id, share, made)
  redis.call('ZADD', held_in_key(queue, share), made, job_id)
  redis.call('ZADD', held_key(queue), made, job_id)
  redis.call('SADD', holding_key(queue), share)
end

-- Where a job that is held back stands among those of its share, 1 being next, and the share's cap.
local function place_held(queue, job_id, shares)
  for share in each_share(shares) do
    local rank = redis.call('ZRANK', held_in_key(queue, share), job_id)
    if rank then return rank + 1, tonumber(redis.call('HGET', caps_key(queue), share)) end
  end
  return 0
end

-- Whether a place belongs to a run within a request (admit.lua), by the key of its account, that
-- hasn't ended.
local function is_in_request(holder)
  return string.sub(holder, 1, 17) == 'offstage:account:' and redis.call('EXISTS', holder) == 1
end

-- Compare every share with what stands open: `open` maps job ids to their shares, `running` and
-- `waiting` (in the queue or in a line) hold ids. Returns the ids that are held back.
local function audit_shares(queue, open, running, waiting)
  local members, held = {}, {}
  for _, share in ipairs(redis.call('HKEYS', caps_key(queue))) do members[share] = {} end
  -- Thousands of jobs name the same shares.
  local sets_of = {}
  for job_id, shares in pairs(open) do
    if not sets_of[shares] then
      local sets = {}
      for share in each_share(shares) do
        members[share] = members[share] or {}
        sets[#sets + 1] = members[share]
      end
      sets_of[shares] = sets
    end
    for _, set in ipairs(sets_of[shares]) do set[job_id] = 1 end
  end
  for share, jobs in pairs(members) do
    local places, list = places_key(queue, share), held_in_key(queue, share)
    for _, job_id in ipairs(redis.call('SMEMBERS', places)) do
      local stands = jobs[job_id] and running[job_id]
      if not stands and not is_in_request(job_id) then redis.call('SREM', places, job_id) end
    end
    for job_id in pairs(running) do
      if jobs[job_id] then redis.call('SADD', places, job_id) end
    end
    for _, job_id in ipairs(redis.call('ZRANGE', list, 0, -1)) do
      if jobs[job_id] and not running[job_id] and not waiting[job_id] then
        held[job_id] = 1
      else
        redis.call('ZREM', list, job_id)
      end
    end
    if redis.call('ZCARD', list) > 0 then redis.call('SADD', holding_key(queue), share) end
    -- A share that no open job has is forgotten with its cap; the next job brings both back.
    if next(jobs) == nil and redis.call('EXISTS', places) == 0 then
      redis.call('HDEL', caps_key(queue), share)
    end
  end
  return held
end
