-- Prolong the leases of a worker's executions.
-- ARGV: queue, worker name, lease in seconds, seconds the worker is seen, now as RQ writes it,
--       job id, execution id, job id, execution id, …
-- Returns {{lost execution id, …}, {execution id to cancel, …}, 1 if Redis knows the worker}: a lost
-- one has been given to somebody else, or its job is gone, and it must write nothing more.
local queue, worker, lease_s, worker_ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local now_text, now = ARGV[5], clock()
local lost, cancelled = {}, {}
local worker_key = RQ .. ':worker:' .. worker
local known = redis.call('HEXISTS', worker_key, 'birth')
-- First, since it frees no memory and asks for none: a full Redis lets a script go on that began
-- with such a write.
redis.call('EXPIRE', worker_key .. ':executions', worker_ttl)
-- An unknown worker announces itself anew, which RQ refuses while a hash of it stands.
if known == 1 then
  redis.call('HSET', worker_key, 'last_heartbeat', now_text)
  redis.call('EXPIRE', worker_key, worker_ttl)
end
for i = 6, #ARGV, 2 do
  local job_id, execution_id = ARGV[i], ARGV[i + 1]
  local composite = job_id .. ':' .. execution_id
  local held = redis.call('ZSCORE', wip_key(queue), composite)
  if held and redis.call('EXISTS', job_key(job_id)) == 1 then
    redis.call('ZADD', wip_key(queue), now + lease_s, composite)
    redis.call('HSET', RQ .. ':execution:' .. composite, 'last_heartbeat', now)
    redis.call('EXPIRE', RQ .. ':execution:' .. composite, lease_s + 60)
    redis.call('ZADD', RQ .. ':executions:' .. job_id, now + lease_s + 60, execution_id)
    redis.call('EXPIRE', RQ .. ':executions:' .. job_id, lease_s + 60)
    redis.call('HSET', job_key(job_id), 'last_heartbeat', now_text)
    if redis.call('HEXISTS', job_key(job_id), 'agent_cancel') == 1 then
      cancelled[#cancelled + 1] = execution_id
    end
  else
    -- Without its hash the job is gone: its execution goes too.
    if held then end_execution(queue, job_id, execution_id, worker) end
    lost[#lost + 1] = execution_id
  end
end
return { lost, cancelled, known }
