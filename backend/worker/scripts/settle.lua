-- End one execution and say what becomes of its job. Fenced: an execution whose lease is gone
-- changes nothing, and a job that is gone doesn't come back as half a hash.
-- ARGV: queue, job id, execution id, worker, outcome, now as RQ writes it, TTL in seconds,
--       duration in seconds, bucket, and of a cancellation the error as JSON and the result's
--       exc_string as RQ writes it; then the events that the execution told last, as
--       `write_events` reads them; then for the outcome
--         'done':      the result as RQ writes it (base64 of JSON), the terminal event as JSON
--         'failed':    the error as JSON, the result's exc_string as RQ writes it
--         'retry':     epoch seconds when it is due, that time as text, the error as JSON
--         'cancelled', 'hand_back': nothing
-- Returns 1, or 0 if the execution had lost its lease, or its job was gone.
local queue, job_id, execution_id, worker, outcome = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local now_text, ttl, duration_s, bucket = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
local key, results = job_key(job_id), RQ .. ':results:' .. job_id
if not redis.call('ZSCORE', wip_key(queue), job_id .. ':' .. execution_id) then return 0 end

local started = end_execution(queue, job_id, execution_id, worker) or clock()
if redis.call('EXISTS', key) == 0 then return 0 end
local rest = write_events(job_id, ttl, 12)

local function add_result(rq_type, field, value)
  redis.call('XADD', results, 'MAXLEN', 10, '*', 'type', rq_type, 'worker_name', worker, field,
             value, 'execution_id', execution_id, 'execution_started_at', started,
             'execution_ended_at', clock())
end

local agent = redis.call('HGET', key, 'agent_name') or 'unknown'

local function fail(status, rq_status, rq_type, error, exc_string)
  add_result(rq_type, 'exc_string', exc_string)
  redis.call('HSET', key, 'agent_error', error)
  tell_failure(job_id, error, now_text)
  close_job(queue, job_id, rq_status, now_text, ttl, 'failed')
  count_job(agent, status, duration_s, bucket)
  count_tokens(job_id, agent)
end

-- A cancelled job doesn't wait for another attempt.
if (outcome == 'retry' or outcome == 'hand_back') and redis.call('HEXISTS', key, 'agent_cancel') == 1 then
  outcome = 'cancelled'
end

local counter = 'failed_job_count'
if outcome == 'done' then
  counter = 'successful_job_count'
  add_result(1, 'return_value', ARGV[rest])
  redis.call('HDEL', key, 'agent_error')
  tell_end(job_id, ARGV[rest + 1], now_text)
  close_job(queue, job_id, 'finished', now_text, ttl, 'finished')
  count_job(agent, 'done', duration_s, bucket)
  count_tokens(job_id, agent)
  local recent = 'offstage:durations:' .. agent
  redis.call('LPUSH', recent, duration_s)
  redis.call('LTRIM', recent, 0, 49)
  redis.call('EXPIRE', recent, ttl)
elseif outcome == 'failed' then
  fail('failed', 'failed', 2, ARGV[rest], ARGV[rest + 1])
elseif outcome == 'cancelled' then
  fail('cancelled', 'stopped', 3, ARGV[10], ARGV[11])
elseif outcome == 'retry' then
  redis.call('HINCRBY', key, 'agent_errors', 1)
  redis.call('HSET', key, 'status', 'scheduled', 'agent_retry_at', ARGV[rest + 1],
             'agent_retry_reason', ARGV[rest + 2])
  redis.call('ZADD', scheduled_key(queue), ARGV[rest], job_id)
  local job = redis.call('HMGET', key, 'agent_user', 'agent_shares')
  leave_turn(queue, job_id, job[1], job[2])
  offer_next(queue)
  changed(job_id)
else
  requeue(queue, job_id, true)
  counter = nil
end

local worker_key = RQ .. ':worker:' .. worker
if counter and redis.call('EXISTS', worker_key) == 1 then
  redis.call('HINCRBY', worker_key, counter, 1)
  redis.call('HINCRBYFLOAT', worker_key, 'total_working_time', duration_s)
end
return 1
