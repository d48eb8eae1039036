-- Cancel a job: one that waits never starts, one that runs is told to stop.
-- ARGV: queue, job id, now as RQ writes it, TTL in seconds, error as JSON
-- Returns 'missing', 'ended', 'cancelled', or the name of the worker that has to stop it.
local queue, job_id, now_text, ttl, error_json = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local key = job_key(job_id)
local status = redis.call('HGET', key, 'status')
if not status then return 'missing' end
if not OPEN[status] then return 'ended' end
if redis.call('HSETNX', key, 'agent_cancel', now_text) == 1 then
  local usage = usage_of(job_id)
  redis.call('HSET', key, 'agent_cancel_tokens',
             usage and usage.input_tokens + usage.output_tokens or 0)
end
if status == 'started' then
  local worker = redis.call('HGET', key, 'worker_name') or ''
  redis.call('PUBLISH', RQ .. ':pubsub:' .. worker,
             '{"command": "stop-job", "job_id": "' .. job_id .. '"}')
  changed(job_id)
  return worker
end
redis.call('LREM', queue_key(queue), 0, job_id)
redis.call('ZREM', scheduled_key(queue), job_id)
local held_by = awaited(job_id)
if status == 'deferred' then leave_chain(queue, job_id) end
redis.call('HSET', key, 'agent_error', error_json)
tell_failure(job_id, error_json, now_text)
close_job(queue, job_id, 'canceled', now_text, ttl, 'canceled')
tell_what_holds(held_by)
count_job(redis.call('HGET', key, 'agent_name') or 'unknown', 'cancelled', -1, 0)
return 'cancelled'
