-- Turns: whose job is next. A worker empties RQ's list into a line for each user, and takes from the
-- line of the user with the fewest jobs running; among equals, of the one that has had least of the
-- workers' time lately. So nobody's slots stay theirs because their jobs came first, or came in
-- thousands. Within a line the job that was made first is first.
--
-- "Lately" fades: a second of running counts half as much after HALF_LIFE_S. Its sum is kept as a
-- logarithm that grows with time instead of fading, so that the order of two users changes only when
-- one of them is served, and one sorted set holds it. Who has had nothing counts by when their first
-- job was made, as if served for CREDIT_S at that moment.

local HALF_LIFE_S, CREDIT_S = 120, 10
-- Seconds since the epoch at which the logarithm is 0; and what one running job weighs, which no
-- logarithm reaches before 2040.
local ZERO, RUNNING = 1735689600, 4194304
local USERS_LOOKED_AT = 20

-- Users with a line, the next one first; at +inf those whose cap is reached.
local function turns_key(queue) return 'offstage:turns:' .. queue end
local function line_key(queue, user) return 'offstage:line:' .. queue .. ':' .. user end
-- How many jobs of each user run, and what each was served.
local function busy_key(queue) return 'offstage:busy:' .. queue end
local function served_key(queue) return 'offstage:served:' .. queue end
-- Users whose place among the others may have changed.
local function unranked_key(queue) return 'offstage:unranked:' .. queue end

local function log2(x) return math.log(x) / math.log(2) end
-- log2(2^a + 2^b)
local function sum_of_logs(a, b)
  return math.max(a, b) + log2(1 + 2 ^ (math.min(a, b) - math.max(a, b)))
end
local function credit_at(time) return (time - ZERO) / HALF_LIFE_S + log2(CREDIT_S) end

-- Put a user where they belong among those who wait for their turn.
local function rank_user(queue, user)
  local head = redis.call('ZRANGE', line_key(queue, user), 0, 0, 'WITHSCORES')
  if not head[1] then
    redis.call('ZREM', turns_key(queue), user)
    return
  end
  local rank = '+inf'
  if free_places(queue, 'user:' .. user) > 0 then
    local credit = credit_at(tonumber(head[2]))
    local served = redis.call('ZSCORE', served_key(queue), user)
    rank = tonumber(redis.call('HGET', busy_key(queue), user) or 0) * RUNNING
           + (served and sum_of_logs(tonumber(served), credit) or credit)
  end
  redis.call('ZADD', turns_key(queue), rank, user)
end

-- Ranks are put right when somebody is to be chosen: a user of whom many jobs end has it done once.
local function rank_later(queue, user) redis.call('SADD', unranked_key(queue), user) end
local function rank_all(queue)
  local users = redis.call('SMEMBERS', unranked_key(queue))
  if #users == 0 then return end
  redis.call('DEL', unranked_key(queue))
  for _, user in ipairs(users) do rank_user(queue, user) end
end

local function made_at(queue, job_id) return redis.call('ZSCORE', open_key(queue), job_id) or 0 end

-- Put jobs, {id, when it was made, …}, into a user's line.
local function join_line(queue, user, jobs)
  local pairs = {}
  for i = 1, #jobs, 2 do pairs[i], pairs[i + 1] = jobs[i + 1], jobs[i] end
  redis.call('ZADD', line_key(queue, user), unpack(pairs))
  redis.call('ZADD', held_key(queue), unpack(pairs))
  rank_user(queue, user)
end

-- Sort what stands in RQ's list into the lines, `most` jobs at the most.
local function sort_list(queue, most)
  local listed = redis.call('LPOP', queue_key(queue), most)
  if not listed then return end
  local made, joining = redis.call('ZMSCORE', open_key(queue), unpack(listed)), {}
  for i, job_id in ipairs(listed) do
    local job = redis.call('HMGET', job_key(job_id), 'status', 'agent_user')
    -- An id whose job is gone or ended stands in the queue for nothing.
    if job[1] == 'queued' then
      local user = job[2] or ''
      local jobs = joining[user] or {}
      joining[user] = jobs
      jobs[#jobs + 1], jobs[#jobs + 2] = job_id, made[i] or 0
    end
  end
  for user, jobs in pairs(joining) do join_line(queue, user, jobs) end
end

-- Take the next job out of the lines. Returns it and its user, nil if none may run. It still stands
-- among those that wait outside RQ's list.
local function pop_next(queue)
  while true do
    local next = redis.call('ZRANGE', turns_key(queue), 0, 0, 'WITHSCORES')
    if not next[1] or next[2] == 'inf' then return nil end
    local job_id = redis.call('ZPOPMIN', line_key(queue, next[1]))[1]
    if job_id then return job_id, next[1] end
    redis.call('ZREM', turns_key(queue), next[1])
  end
end

-- While anybody waits for nothing but a slot, RQ's list isn't empty: that wakes workers, and a stock
-- one, which knows of no lines, finds a job.
local function offer_next(queue)
  if redis.call('EXISTS', queue_key(queue)) == 1 then return end
  rank_all(queue)
  local job_id, user = pop_next(queue)
  if not job_id then return end
  redis.call('ZREM', held_key(queue), job_id)
  rank_user(queue, user)
  redis.call('RPUSH', queue_key(queue), job_id)
end

local function leave_line(queue, user, job_id)
  if redis.call('ZREM', line_key(queue, user), job_id) == 1 then
    redis.call('ZREM', held_key(queue), job_id)
    rank_user(queue, user)
  end
end

-- A user that was first begins to run a job.
local function begin_turn(queue, user)
  redis.call('HINCRBY', busy_key(queue), user, 1)
  redis.call('ZINCRBY', turns_key(queue), RUNNING, user)
end

-- A job of the user's that began at `started` has ended.
local function end_turn(queue, user, started, now)
  if redis.call('HINCRBY', busy_key(queue), user, -1) <= 0 then
    redis.call('HDEL', busy_key(queue), user)
  end
  local lasted = now - started
  if lasted > 0 then
    local fading = HALF_LIFE_S / math.log(2) * (1 - 2 ^ (-lasted / HALF_LIFE_S))
    local share = (now - ZERO) / HALF_LIFE_S + log2(fading)
    local before = redis.call('ZSCORE', served_key(queue), user)
    redis.call('ZADD', served_key(queue),
               before and sum_of_logs(tonumber(before), share) or share, user)
  end
  rank_later(queue, user)
end

-- What has faded to a hundredth of the credit makes no difference any more.
local function forget_served(queue, now)
  redis.call('ZREMRANGEBYSCORE', served_key(queue), '-inf', credit_at(now) - log2(100))
  redis.call('EXPIRE', served_key(queue), 3600)
end

-- Where a job of a user stands when `before` of theirs come first: others have as many turns. And how
-- many users take turns.
local function place_in_turns(queue, user, before)
  local turns, others = turns_key(queue), 0
  local users = redis.call('ZCARD', turns) + (redis.call('ZSCORE', turns, user) and 0 or 1)
  if users == 1 then return before + 1, 1 end
  local looked_at = redis.call('ZRANGE', turns, 0, USERS_LOOKED_AT)
  local theirs = 0
  for _, other in ipairs(looked_at) do
    if other ~= user then
      theirs = theirs + math.min(redis.call('ZCARD', line_key(queue, other)), before + 1)
      others = others + 1
    end
  end
  return before + 1 + math.ceil(theirs * (users - 1) / others), users
end

-- Compare lines and counts with what stands open: `user_of` maps ids of open jobs to their users,
-- `running` and `waiting` (in RQ's list) hold ids. Returns the ids that stand in a line.
local function audit_turns(queue, user_of, running, waiting)
  local users, busy, lined = {}, {}, {}
  for _, user in ipairs(redis.call('ZRANGE', turns_key(queue), 0, -1)) do users[user] = 1 end
  for job_id, user in pairs(user_of) do
    users[user] = 1
    if running[job_id] then busy[user] = (busy[user] or 0) + 1 end
  end
  redis.call('DEL', busy_key(queue))
  for user, number in pairs(busy) do redis.call('HSET', busy_key(queue), user, number) end
  for user in pairs(users) do
    for _, job_id in ipairs(redis.call('ZRANGE', line_key(queue, user), 0, -1)) do
      if user_of[job_id] == user and not running[job_id] and not waiting[job_id] then
        lined[job_id] = 1
      else
        redis.call('ZREM', line_key(queue, user), job_id)
      end
    end
  end
  return lined, users
end
