-- Shares: how much of the fleet one user, one agent, or one user's runs of one agent may use.
-- A job names its shares in its hash (`agent_shares`), one that has none costs no call here.
-- A share's cap says how many of its jobs run at once. Each of these has a place in the share; a
-- job that finds none is held back, in the order in which jobs were made, and the first one held
-- gets the next free place and stands at the front of the queue again. So a place belongs to a job
-- that runs or that is about to be taken.

local function caps_key(queue) return 'offstage:caps:' .. queue end
local function places_key(queue, share) return 'offstage:places:' .. queue .. ':' .. share end
local function held_in_key(queue, share) return 'offstage:held:' .. queue .. ':' .. share end
-- All jobs that are held back, and the shares that hold some.
local function held_key(queue) return 'offstage:held:' .. queue end
local function holding_key(queue) return 'offstage:holding:' .. queue end

local function each_share(shares) return string.gmatch(shares or '', '%S+') end

-- Whether a share has a place left.
local function has_room(queue, share)
  local cap = redis.call('HGET', caps_key(queue), share)
  return not cap or redis.call('SCARD', places_key(queue, share)) < tonumber(cap)
end

-- Give free places to the jobs that were held back first, `most` at the most.
local function bring_forward(queue, share, most)
  local forward = {}
  while #forward < most and has_room(queue, share) do
    local job_id = redis.call('ZPOPMIN', held_in_key(queue, share))[1]
    if not job_id then
      redis.call('SREM', holding_key(queue), share)
      break
    end
    redis.call('ZREM', held_key(queue), job_id)
    if redis.call('HGET', RQ .. ':job:' .. job_id, 'status') == 'queued' then
      redis.call('SADD', places_key(queue, share), job_id)
      forward[#forward + 1] = job_id
    end
  end
  for i = #forward, 1, -1 do redis.call('LPUSH', RQ .. ':queue:' .. queue, forward[i]) end
end

-- Let go of a job's places, or of its place among those held back. `but` names a share that a job
-- stays in.
local function leave_shares(queue, job_id, shares, but)
  for share in each_share(shares) do
    if share ~= but then
      if redis.call('ZREM', held_in_key(queue, share), job_id) == 1 then
        redis.call('ZREM', held_key(queue), job_id)
      end
      if redis.call('SREM', places_key(queue, share), job_id) == 1 then
        bring_forward(queue, share, 1)
      end
    end
  end
end

-- Give a job its places, or hold it back. Returns whether it may run.
local function take_places(queue, job_id, shares)
  for share in each_share(shares) do
    if redis.call('SISMEMBER', places_key(queue, share), job_id) == 0
        and not has_room(queue, share) then
      leave_shares(queue, job_id, shares, share)
      local made = redis.call('ZSCORE', 'offstage:open:' .. queue, job_id) or 0
      redis.call('ZADD', held_in_key(queue, share), made, job_id)
      redis.call('ZADD', held_key(queue), made, job_id)
      redis.call('SADD', holding_key(queue), share)
      return false
    end
  end
  for share in each_share(shares) do redis.call('SADD', places_key(queue, share), job_id) end
  return true
end

-- Where a job that is held back stands among those of its share, 1 being next, and the share's cap.
local function place_held(queue, job_id)
  for share in each_share(redis.call('HGET', RQ .. ':job:' .. job_id, 'agent_shares')) do
    local rank = redis.call('ZRANK', held_in_key(queue, share), job_id)
    if rank then return rank + 1, tonumber(redis.call('HGET', caps_key(queue), share)) end
  end
  return 0
end

-- Where the last job of the queue stands behind those of its shares that are held back, and the
-- cap that it waits for if it does. `caps` lists {share, cap}.
local function place_behind(queue, caps, length)
  local place, cap = length, nil
  for _, share in ipairs(caps) do
    local held = redis.call('ZCARD', held_in_key(queue, share[1]))
    if held > 0 and held + 1 >= place then place, cap = held + 1, share[2] end
  end
  return place, cap
end

-- Compare every share with what stands open: `open` maps job ids to their shares, `running` and
-- `waiting` (in the queue) hold ids. Returns the ids that are held back.
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
      if not (jobs[job_id] and (running[job_id] or waiting[job_id])) then
        redis.call('SREM', places, job_id)
      end
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
    if next(jobs) == nil then redis.call('HDEL', caps_key(queue), share) end
  end
  for _, job_id in ipairs(redis.call('ZRANGE', held_key(queue), 0, -1)) do
    if not held[job_id] then redis.call('ZREM', held_key(queue), job_id) end
  end
  return held
end
