-- Take up to as many jobs as execution ids are given: off the queue, leased and marked started in
-- one step, so that a worker killed at any moment leaves none in between. Repeated with the same
-- ids, because an answer got lost, it gives the same jobs again.
-- ARGV: queue, worker name, lease in seconds, now as RQ writes it, execution id, …
-- Returns {{job id, execution id, {field, value, …}}, …}, or nil while RQ is suspended.
local queue, worker, lease_s, now_text = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
if redis.call('EXISTS', RQ .. ':suspended') == 1 then return nil end
local now = clock()
local executions = RQ .. ':worker:' .. worker .. ':executions'
local taken, held = {}, {}
for _, composite in ipairs(redis.call('SMEMBERS', executions)) do
  local job_id, execution_id = string.match(composite, '^(.-):(.+)$')
  if job_id and redis.call('ZSCORE', wip_key(queue), composite) then held[execution_id] = job_id end
end

local function next_queued()
  while true do
    local job_id = redis.call('LPOP', queue_key(queue))
    -- An id whose job is gone or ended stands in the queue for nothing.
    if not job_id or redis.call('HGET', job_key(job_id), 'status') == 'queued' then return job_id end
  end
end

local function lease(job_id, execution_id)
  local composite = job_id .. ':' .. execution_id
  redis.call('HSET', job_key(job_id), 'status', 'started', 'started_at', now_text,
             'last_heartbeat', now_text, 'worker_name', worker)
  redis.call('PERSIST', job_key(job_id))
  redis.call('ZREM', unstarted_key(queue), job_id)
  redis.call('HSET', RQ .. ':execution:' .. composite, 'id', execution_id, 'job_id', job_id,
             'created_at', now, 'last_heartbeat', now, 'worker_name', worker)
  redis.call('EXPIRE', RQ .. ':execution:' .. composite, lease_s + 60)
  redis.call('ZADD', wip_key(queue), now + lease_s, composite)
  redis.call('ZADD', RQ .. ':executions:' .. job_id, now + lease_s + 60, execution_id)
  redis.call('EXPIRE', RQ .. ':executions:' .. job_id, lease_s + 60)
  redis.call('SADD', executions, composite)
  redis.call('EXPIRE', executions, lease_s + 60)
  changed(job_id)
end

for i = 5, #ARGV do
  local job_id = held[ARGV[i]]
  if not job_id then
    job_id = next_queued()
    if not job_id then break end
    lease(job_id, ARGV[i])
  end
  taken[#taken + 1] = { job_id, ARGV[i], redis.call('HGETALL', job_key(job_id)) }
end
return taken
