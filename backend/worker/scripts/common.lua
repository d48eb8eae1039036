-- The ways a run of a job can end. Shared by every script.
-- Each script runs atomically, so no other process ever sees a job between two places.

-- Forget one execution of a job, in every place RQ keeps it. Returns when it began, if it's known.
local function end_execution(queue, job_id, execution_id, worker)
  local composite = job_id .. ':' .. execution_id
  local began = redis.call('HMGET', RQ .. ':execution:' .. composite, 'created_at', 'agent_user')
  -- First, since it asks for no memory: a full Redis lets a script go on that began with such a write.
  local was_held = redis.call('ZREM', wip_key(queue), composite) == 1
  redis.call('ZREM', RQ .. ':executions:' .. job_id, execution_id)
  redis.call('DEL', RQ .. ':execution:' .. composite)
  if worker and worker ~= '' then
    redis.call('SREM', RQ .. ':worker:' .. worker .. ':executions', composite)
  end
  -- A stock worker's has no user.
  if was_held and began[2] then end_turn(queue, began[2], tonumber(began[1]), clock()) end
  return began[1]
end

-- Let go of all that a job had or waited for of its user's turns and shares.
local function leave_turn(queue, job_id, user, shares)
  if redis.call('ZSCORE', held_key(queue), job_id) then leave_line(queue, user or '', job_id) end
  if not shares then return end
  leave_shares(queue, job_id, shares)
  -- A place of the user's may be free again.
  rank_later(queue, user or '')
end

local function requeue(queue, job_id, at_front)
  local job = redis.call('HMGET', job_key(job_id), 'agent_user', 'agent_shares')
  leave_turn(queue, job_id, job[1], job[2])
  redis.call('HSET', job_key(job_id), 'status', 'queued')
  redis.call('HDEL', job_key(job_id), 'agent_retry_at', 'agent_retry_reason')
  redis.call('ZADD', open_key(queue), 'NX', clock(), job_id)
  if at_front then
    redis.call('LPUSH', queue_key(queue), job_id)
  else
    redis.call('RPUSH', queue_key(queue), job_id)
  end
  changed(job_id)
end

-- Give every key of an ended job its TTL, its claim included, and others what it had of its user's
-- shares and budget. Returns whether other jobs wait for this one.
local function let_expire(queue, job_id, ttl)
  local key = job_key(job_id)
  for _, name in ipairs({ key, RQ .. ':results:' .. job_id, 'offstage:events:' .. job_id,
                          'offstage:steps:' .. job_id, RQ .. ':executions:' .. job_id }) do
    redis.call('EXPIRE', name, ttl)
  end
  local claim, user, shares, account, waited = unpack(
    redis.call('HMGET', key, 'agent_claim', 'agent_user', 'agent_shares', 'agent_budget', 'dependency_id'))
  if claim and redis.call('GET', claim) == job_id then redis.call('EXPIRE', claim, ttl) end
  leave_turn(queue, job_id, user, shares)
  offer_next(queue)
  if account then settle_account(key, account) end
  if waited then redis.call('EXPIRE', dependencies_key(job_id), ttl) end
  return redis.call('EXPIRE', dependents_key(job_id), ttl) == 1
end

-- Put a job that waits for nothing any more into the queue, where its wait for a worker begins.
local function release(queue, job_id, now)
  requeue(queue, job_id, false)
  redis.call('ZADD', unstarted_key(queue), now, job_id)
end

-- Let another job take the place of one that failed or is gone, for those that wait for it.
local function take_over(queue, job_id, new_id, now)
  for _, each in ipairs(taken_over(queue, job_id, new_id, now)) do release(queue, each, now) end
end

-- Move a job to its terminal status. Nothing runs RQ's maintenance, so what has expired in RQ's
-- registry of ended jobs goes here.
local function close_job(queue, job_id, status, ended_at, ttl, registry)
  redis.call('HSET', job_key(job_id), 'status', status, 'ended_at', ended_at)
  local is_awaited = let_expire(queue, job_id, ttl)
  redis.call('ZREM', open_key(queue), job_id)
  redis.call('ZREM', unstarted_key(queue), job_id)
  local ended, now = RQ .. ':' .. registry .. ':' .. queue, clock()
  redis.call('ZADD', ended, now + ttl, job_id)
  redis.call('ZREMRANGEBYSCORE', ended, '-inf', now)
  if is_awaited and status == 'finished' then
    for _, each in ipairs(released_by(queue, job_id, now)) do release(queue, each, now) end
  elseif is_awaited then
    tell_held_back(job_id)
  end
  changed(job_id)
end

-- Write events into a job's log and the latest of some kinds into its hash, as they stand in ARGV
-- from `from` on: most events that a log keeps, number of hash fields, number of events, then
-- field, value, … and the events as JSON. Returns the place in ARGV after them.
local function write_events(job_id, ttl, from)
  local key, log = job_key(job_id), 'offstage:events:' .. job_id
  local most, events = tonumber(ARGV[from]), tonumber(ARGV[from + 2])
  local first_event = from + 3 + 2 * tonumber(ARGV[from + 1])
  if events == 0 then return first_event end
  for i = first_event, first_event + events - 1 do redis.call('XADD', log, '*', 'event', ARGV[i]) end
  redis.call('EXPIRE', log, ttl)
  -- A hash that is gone must not come back as a few fields without an end.
  local stands = redis.call('EXISTS', key) == 1
  if stands and first_event > from + 3 then
    redis.call('HSET', key, unpack(ARGV, from + 3, first_event - 1))
  end
  -- Trimmed a hundred at a time; who resumes from before the cut is told that some are gone.
  local over = redis.call('XLEN', log) - most
  if over >= 100 then
    local gone = redis.call('XRANGE', log, '-', '+', 'COUNT', over)
    redis.call('XTRIM', log, 'MAXLEN', most)
    if stands then redis.call('HSET', key, 'agent_log_cut', gone[#gone][1]) end
  end
  return first_event + events
end

-- Write the terminal event (JSON) into a job's log, in the step that ends the job: whoever reads
-- it finds the job ended, and no job ends without it.
local function tell_end(job_id, event, now_text)
  local key, log = job_key(job_id), 'offstage:events:' .. job_id
  local trace_id = redis.call('HGET', key, 'agent_trace')
  if not trace_id then return end
  local last = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  local seq = last and tonumber(string.match(last[2][2], '^{"seq":(%d+)')) or 0
  redis.call('XADD', log, '*', 'event',
             '{"seq":' .. seq + 1 .. ',"time":"' .. now_text .. '","jobId":"' .. job_id ..
             '","traceId":"' .. trace_id .. '","event":' .. event .. '}')
end

-- The same for a failure; `error` is an object in JSON.
local function tell_failure(job_id, error, now_text)
  tell_end(job_id, '{"type":"error",' .. string.sub(error, 2), now_text)
end

local function count_job(agent, status, duration_s, bucket)
  redis.call('HINCRBY', 'offstage:metrics', 'jobs|' .. agent .. '|' .. status, 1)
  if duration_s >= 0 then
    redis.call('HINCRBY', 'offstage:metrics', 'bucket|' .. agent .. '|' .. bucket, 1)
    redis.call('HINCRBYFLOAT', 'offstage:metrics', 'duration|' .. agent, duration_s)
  end
end

-- What a job has used up so far, as the event `usage` tells it, or nil.
local function usage_of(job_id)
  local used = redis.call('HGET', job_key(job_id), 'agent_usage')
  return used and cjson.decode(used)
end

local function count_tokens(job_id, agent)
  local usage = usage_of(job_id)
  if not usage then return end
  redis.call('HINCRBY', 'offstage:metrics', 'tokens|' .. agent .. '|input', usage.input_tokens)
  redis.call('HINCRBY', 'offstage:metrics', 'tokens|' .. agent .. '|output', usage.output_tokens)
  if type(usage.cost_usd) == 'number' then
    redis.call('HINCRBYFLOAT', 'offstage:metrics', 'cost|' .. agent, usage.cost_usd)
  end
end

-- What the wait of a job is made of: its agent's mean recent duration in seconds ('' if it has none),
-- for one that waits for a retry with the time until then, and the jobs that all living workers of
-- the queue can run at once, `cap` at the most.
local function outlook(queue, job_id, agent, cap)
  local recent = redis.call('LRANGE', 'offstage:durations:' .. agent, 0, -1)
  local sum, slots = 0, 0
  for _, duration_s in ipairs(recent) do sum = sum + tonumber(duration_s) end
  for _, worker in ipairs(redis.call('SMEMBERS', RQ .. ':workers:' .. queue)) do
    local seen = redis.call('HMGET', worker, 'birth', 'death', 'agent_slots')
    if seen[1] and not seen[2] then slots = slots + tonumber(seen[3] or 1) end
  end
  local mean_s, due = sum / #recent, redis.call('ZSCORE', scheduled_key(queue), job_id)
  if due then mean_s = mean_s + math.max(0, tonumber(due) - clock()) end
  return #recent > 0 and tostring(mean_s) or '', math.min(slots, cap or slots)
end

-- Where a waiting job stands, 1 being next, 0 if it doesn't wait; and how many of those before and
-- with it may run at once, if a cap says so. `index` is its place in RQ's list where that is known.
local function position(queue, job_id, index)
  index = index or redis.call('LPOS', queue_key(queue), job_id)
  local job = redis.call('HMGET', job_key(job_id), 'agent_user', 'agent_shares')
  local user, before = job[1] or '', nil
  if index then
    -- Who stands before it in the list may be anybody; those of its line were made before it, or not.
    before = index + redis.call('ZCOUNT', line_key(queue, user), '-inf', '(' .. made_at(queue, job_id))
  else
    before = redis.call('ZRANK', line_key(queue, user), job_id)
  end
  if not before then return place_held(queue, job_id, job[2]) end
  local place, users = place_in_turns(queue, user, before)
  local cap = redis.call('HGET', caps_key(queue), 'user:' .. user)
  cap = cap and tonumber(cap) * users
  for share in each_share(job[2]) do
    local held = redis.call('ZCARD', held_in_key(queue, share))
    if held > 0 and held + 1 >= place then
      place, cap = held + 1, tonumber(redis.call('HGET', caps_key(queue), share))
    end
  end
  return place, cap
end
