-- Claim and enqueue in one step.
-- KEYS: claim, user's jobs, session's jobs
-- ARGV: job id, queue, most jobs the queue may hold (0: no bound), seconds the lists are kept,
--       agent, then the job hash as field, value, …
-- Returns {job id, outcome, RQ status, position in the queue, mean duration, slots}; outcome is
-- 'created', 'existing' or 'full'.
local job_id, queue, bound, list_ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local agent = ARGV[5]
local held_by = redis.call('GET', KEYS[1])
if held_by then
  local status = redis.call('HGET', job_key(held_by), 'status')
  if status and OPEN[status] then
    -- Our own id: an answer got lost and the client asks again.
    local outcome = held_by == job_id and 'created' or 'existing'
    return { held_by, outcome, status, position(queue, held_by), outlook(queue, agent) }
  end
end
if bound > 0 and redis.call('LLEN', queue_key(queue)) >= bound then return { '', 'full' } end

local fields = {}
for i = 6, #ARGV do fields[#fields + 1] = ARGV[i] end
local created_at = clock()
redis.call('SET', KEYS[1], job_id)
redis.call('HSET', job_key(job_id), unpack(fields))
redis.call('SADD', RQ .. ':queues', queue_key(queue))
redis.call('ZADD', open_key(queue), created_at, job_id)
for i = 2, 3 do
  redis.call('ZADD', KEYS[i], created_at, job_id)
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', created_at - list_ttl)
  redis.call('EXPIRE', KEYS[i], list_ttl)
end
local length = redis.call('RPUSH', queue_key(queue), job_id)
return { job_id, 'created', 'queued', length, outlook(queue, agent) }
