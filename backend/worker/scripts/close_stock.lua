-- A job ends under a stock worker, which writes status and result itself: count it and let
-- everything of it expire.
-- ARGV: queue, job id, TTL in seconds, status, duration in seconds, bucket
local queue, job_id, ttl, status = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local agent = redis.call('HGET', job_key(job_id), 'agent_name')
if not agent then return 0 end
let_expire(queue, job_id, ttl)
redis.call('ZREM', open_key(queue), job_id)
count_job(agent, status, tonumber(ARGV[5]), ARGV[6])
count_tokens(job_id, agent)
changed(job_id)
return 1
