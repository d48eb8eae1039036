-- End one execution and say what becomes of its job. Fenced: an execution whose lease is gone
-- changes nothing.
-- ARGV: queue, job id, execution id, worker, outcome, now as RQ writes it, TTL in seconds,
--       duration in seconds, bucket, then for the outcome
--         'done':      the result as RQ writes it (base64 of JSON)
--         'failed':    the error as JSON, the result's exc_string as RQ writes it
--         'cancelled': the same as 'failed'
--         'retry':     epoch seconds when it is due, that time as text, the error as JSON
--         'hand_back': nothing
-- Returns 1, or 0 if the execution had lost its lease.
local queue, job_id, execution_id, worker, outcome = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local now_text, ttl, duration_s, bucket = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
local key, results = job_key(job_id), RQ .. ':results:' .. job_id
if not redis.call('ZSCORE', wip_key(queue), job_id .. ':' .. execution_id) then return 0 end

local started = redis.call('HGET', RQ .. ':execution:' .. job_id .. ':' .. execution_id,
                           'created_at') or clock()
end_execution(queue, job_id, execution_id, worker)

local function add_result(rq_type, field, value)
  redis.call('XADD', results, 'MAXLEN', 10, '*', 'type', rq_type, 'worker_name', worker, field,
             value, 'execution_id', execution_id, 'execution_started_at', started,
             'execution_ended_at', clock())
end

local agent = redis.call('HGET', key, 'agent_name') or 'unknown'
local worker_key = RQ .. ':worker:' .. worker
local counter = nil
if outcome == 'done' then
  counter = 'successful_job_count'
  add_result(1, 'return_value', ARGV[10])
  redis.call('HDEL', key, 'agent_error')
  close_job(queue, job_id, 'finished', now_text, ttl, 'finished')
  count_job(agent, 'done', duration_s, bucket)
  local recent = 'offstage:durations:' .. agent
  redis.call('LPUSH', recent, duration_s)
  redis.call('LTRIM', recent, 0, 49)
  redis.call('EXPIRE', recent, ttl)
elseif outcome == 'failed' or outcome == 'cancelled' then
  counter = 'failed_job_count'
  local stopped = outcome == 'cancelled'
  add_result(stopped and 3 or 2, 'exc_string', ARGV[11])
  redis.call('HSET', key, 'agent_error', ARGV[10])
  close_job(queue, job_id, stopped and 'stopped' or 'failed', now_text, ttl, 'failed')
  count_job(agent, outcome, duration_s, bucket)
elseif outcome == 'retry' then
  counter = 'failed_job_count'
  redis.call('HINCRBY', key, 'agent_errors', 1)
  redis.call('HSET', key, 'status', 'scheduled', 'agent_retry_at', ARGV[11],
             'agent_retry_reason', ARGV[12])
  redis.call('ZADD', scheduled_key(queue), ARGV[10], job_id)
else
  requeue(queue, job_id, true)
end
if outcome == 'done' or outcome == 'failed' or outcome == 'cancelled' then
  count_tokens(job_id, agent)
end
if counter and redis.call('EXISTS', worker_key) == 1 then
  redis.call('HINCRBY', worker_key, counter, 1)
  redis.call('HINCRBYFLOAT', worker_key, 'total_working_time', duration_s)
end
return 1
