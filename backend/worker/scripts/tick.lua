-- Put every job where it belongs: expired leases, due retries, RQ's intermediate queue, and now and
-- then open jobs that stand nowhere. Any number of processes may run it at any time.
-- ARGV: queue, lease in seconds, crashes in a row that end a job, now as RQ writes it, TTL in
--       seconds, crash error as JSON, crash exc_string, cancel error as JSON, cancel exc_string,
--       seconds since the last audit of anybody after which it is time for one (0: now,
--       -1: never),
--       seconds that a job may wait to be started (0: for ever), error of one that did as JSON, its
--       exc_string, crashes in all that end a job, error as JSON of one that waited in vain for
--       another job, its exc_string
-- Returns {re-queued after a crash, failed, promoted, found astray, expired}
local queue, lease_s, max_crashes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now_text, ttl, crash_error, crash_text = ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7]
local cancel_error, cancel_text, audit_every_s = ARGV[8], ARGV[9], tonumber(ARGV[10])
local now = clock()
local wip, intermediate = wip_key(queue), queue_key(queue) .. ':intermediate'
local queue_ttl, expired_error, expired_text = tonumber(ARGV[11]), ARGV[12], ARGV[13]
local max_crashes_in_all, unmet_error, unmet_text = tonumber(ARGV[14]), ARGV[15], ARGV[16]
local requeued, failed, promoted, astray, expired = 0, 0, 0, 0, 0

local function fail(job_id, error, exc_string, rq_status, rq_type, counted_as)
  local key = job_key(job_id)
  redis.call('HSET', key, 'agent_error', error)
  tell_failure(job_id, error, now_text)
  redis.call('XADD', RQ .. ':results:' .. job_id, 'MAXLEN', 10, '*', 'type', rq_type,
             'worker_name', '', 'exc_string', exc_string)
  close_job(queue, job_id, rq_status, now_text, ttl, 'failed')
  local agent = redis.call('HGET', key, 'agent_name') or 'unknown'
  count_job(agent, counted_as, -1, 0)
  count_tokens(job_id, agent)
end

-- What it waited for will not be done any more, or wasn't in time.
local function give_up_waiting(job_id)
  local held_by = awaited(job_id)
  leave_chain(queue, job_id)
  fail(job_id, unmet_error, unmet_text, 'failed', 2, 'expired')
  tell_what_holds(held_by)
  expired = expired + 1
end

local function crashed(job_id, worker)
  local key = job_key(job_id)
  if redis.call('HGET', key, 'status') ~= 'started' then return end
  local in_a_row, in_all = count_crash(queue, job_id, worker)
  local cancelled = redis.call('HEXISTS', key, 'agent_cancel') == 1
  if in_a_row < max_crashes and in_all < max_crashes_in_all and not cancelled then
    requeue(queue, job_id, true)
    requeued = requeued + 1
    return
  end
  if cancelled then
    fail(job_id, cancel_error, cancel_text, 'stopped', 3, 'cancelled')
  else
    fail(job_id, crash_error, crash_text, 'failed', 2, 'failed')
  end
  failed = failed + 1
end

-- Nobody ticked for longer than a beat: Redis was away, and so could no lease be prolonged. Half a
-- lease of grace, more than a beat, lets the workers that live come back before their jobs are taken
-- from them.
local ticked, grace = 'offstage:ticked:' .. queue, 'offstage:grace:' .. queue
local last = tonumber(redis.call('GET', ticked) or now)
-- First, since it asks for no memory: a full Redis lets a script go on that began with such a write.
redis.call('DEL', ticked)
redis.call('SET', ticked, now)
if now - last > lease_s / 2 then redis.call('SET', grace, 1, 'PX', math.floor(lease_s * 500)) end

if redis.call('EXISTS', grace) == 0 then
  for _, composite in ipairs(redis.call('ZRANGEBYSCORE', wip, '-inf', now, 'LIMIT', 0, 100)) do
    local job_id, execution_id = string.match(composite, '^(.-):(.+)$')
    if job_id then
      local worker = redis.call('HGET', RQ .. ':execution:' .. composite, 'worker_name')
        or redis.call('HGET', job_key(job_id), 'worker_name') or ''
      suspects_aboard(worker)
      end_execution(queue, job_id, execution_id, worker)
      crashed(job_id, worker)
    else
      redis.call('ZREM', wip, composite)
    end
  end
end

for _, job_id in ipairs(redis.call('ZRANGEBYSCORE', scheduled_key(queue), '-inf', now,
                                   'LIMIT', 0, 100)) do
  redis.call('ZREM', scheduled_key(queue), job_id)
  if redis.call('HGET', job_key(job_id), 'status') == 'scheduled' then
    requeue(queue, job_id, false)
    promoted = promoted + 1
  end
end

if queue_ttl > 0 then
  for _, job_id in ipairs(redis.call('ZRANGEBYSCORE', unstarted_key(queue), '-inf', now - queue_ttl,
                                     'LIMIT', 0, 100)) do
    redis.call('ZREM', unstarted_key(queue), job_id)
    local job = redis.call('HMGET', job_key(job_id), 'status', 'started_at')
    if job[1] == 'deferred' then
      -- What it waits for has a time of its own.
      if is_held_back(job_id) then
        give_up_waiting(job_id)
      else
        redis.call('ZADD', unstarted_key(queue), now, job_id)
      end
    end
    -- A stock worker starts jobs without a word to that list.
    if job[1] == 'queued' and not job[2] then
      redis.call('LREM', queue_key(queue), 0, job_id)
      redis.call('LREM', intermediate, 0, job_id)
      fail(job_id, expired_error, expired_text, 'failed', 2, 'expired')
      expired = expired + 1
    end
  end
end

-- A stock worker killed right after its pop leaves a job in the intermediate queue.
local seen = 'offstage:intermediate:' .. queue
for _, job_id in ipairs(redis.call('LRANGE', intermediate, 0, 99)) do
  local status = redis.call('HGET', job_key(job_id), 'status')
  if status ~= 'queued' then
    redis.call('LREM', intermediate, 1, job_id)
    redis.call('ZREM', seen, job_id)
  else
    redis.call('ZADD', seen, 'NX', now, job_id)
    if now - tonumber(redis.call('ZSCORE', seen, job_id)) > lease_s
        and redis.call('ZCARD', RQ .. ':executions:' .. job_id) == 0 then
      redis.call('LREM', intermediate, 1, job_id)
      redis.call('ZREM', seen, job_id)
      requeue(queue, job_id, true)
      astray = astray + 1
    end
  end
end

-- One audit for the whole fleet: it looks at every open job. The more there are, the rarer.
local audited = 'offstage:audited:' .. queue
local function is_time_for_an_audit()
  if audit_every_s <= 0 then return audit_every_s == 0 end
  local last = redis.call('GET', audited)
  local rest_s = math.max(audit_every_s, redis.call('ZCARD', open_key(queue)) / 500)
  if last and now - tonumber(last) < rest_s then return false end
  redis.call('SET', audited, now, 'EX', 86400)
  return last ~= false
end

-- A job waits for others: it may have been forgotten by them, or they may be gone.
local function audit_deferred(job_id)
  local open = awaited(job_id)
  if #open == 0 then
    leave_chain(queue, job_id)
    release(queue, job_id, now)
    astray = astray + 1
    return
  end
  for _, each in ipairs(open) do
    if not status_of(each) then return give_up_waiting(job_id) end
  end
  local is_known = redis.call('ZSCORE', deferred_key(queue), job_id)
  for _, each in ipairs(open) do
    is_known = is_known and redis.call('SISMEMBER', dependents_key(each), job_id) == 1
  end
  if is_known then return end
  defer(queue, job_id, open, now)
  tell_what_holds(open)
  astray = astray + 1
end

if is_time_for_an_audit() then
  local queued = {}
  for _, list in ipairs({ queue_key(queue), intermediate }) do
    for _, job_id in ipairs(redis.call('LRANGE', list, 0, -1)) do queued[job_id] = 1 end
  end
  local running = {}
  for _, composite in ipairs(redis.call('ZRANGE', wip, 0, -1)) do
    running[string.match(composite, '^(.-):') or composite] = 1
  end
  local stands_open, status_of, shares_of = redis.call('ZRANGE', open_key(queue), 0, -1), {}, {}
  local user_of = {}
  for _, job_id in ipairs(stands_open) do
    local job = redis.call('HMGET', job_key(job_id), 'status', 'agent_shares', 'agent_user')
    status_of[job_id] = job[1] or nil
    if OPEN[job[1]] then
      shares_of[job_id], user_of[job_id] = job[2] or nil, job[3] or ''
    end
  end
  local lined, users = audit_turns(queue, user_of, running, queued)
  for job_id in pairs(lined) do queued[job_id] = 1 end
  local held = audit_shares(queue, shares_of, running, queued)
  for _, job_id in ipairs(redis.call('ZRANGE', held_key(queue), 0, -1)) do
    if not lined[job_id] and not held[job_id] then redis.call('ZREM', held_key(queue), job_id) end
  end
  for job_id in pairs(lined) do
    redis.call('ZADD', held_key(queue), made_at(queue, job_id), job_id)
  end
  for user in pairs(users) do rank_user(queue, user) end
  for _, job_id in ipairs(stands_open) do
    local status = status_of[job_id]
    if not status then
      redis.call('ZREM', open_key(queue), job_id)
      local held_by = redis.call('SMEMBERS', dependencies_key(job_id))
      leave_chain(queue, job_id)
      tell_what_holds(held_by)
    elseif not OPEN[status] then
      -- A stock worker ended it, in ways that our task had no part in.
      redis.call('ZREM', open_key(queue), job_id)
      if let_expire(queue, job_id, ttl) and status ~= 'finished' then tell_held_back(job_id) end
      local last = redis.call('XREVRANGE', 'offstage:events:' .. job_id, '+', '-', 'COUNT', 1)[1]
      if status ~= 'finished'
          and not (last and string.find(last[2][2], '"event":{"type":"error"', 1, true)) then
        tell_failure(job_id, status == 'failed' and crash_error or cancel_error, now_text)
        redis.call('EXPIRE', 'offstage:events:' .. job_id, ttl)
      end
      changed(job_id)
    elseif status == 'queued' and not queued[job_id] and not held[job_id] then
      requeue(queue, job_id, true)
      astray = astray + 1
    elseif status == 'deferred' then
      audit_deferred(job_id)
    elseif status == 'ready_to_enqueue' then
      -- A stock worker died between the two steps in which it releases a job.
      redis.call('ZREM', RQ .. ':ready:' .. queue, job_id)
      release(queue, job_id, now)
      astray = astray + 1
    elseif status == 'scheduled' and not redis.call('ZSCORE', scheduled_key(queue), job_id) then
      requeue(queue, job_id, false)
      astray = astray + 1
    elseif status == 'started' and not running[job_id] then
      crashed(job_id, '')
    end
  end
end
-- Whatever kept a free place from the jobs that wait for one: a cap that was raised, a job that is
-- gone, a run of a stock worker.
for _, share in ipairs(redis.call('SRANDMEMBER', holding_key(queue), 100)) do
  bring_forward(queue, share, 100)
end
-- The slots may be busy for long: who comes behind thousands of another user's jobs isn't seen late.
sort_list(queue, 500)
rank_all(queue)
forget_served(queue, now)
offer_next(queue)
return { requeued, failed, promoted, astray, expired }
