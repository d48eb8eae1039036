-- A job ends under a stock worker, which writes status and result itself: count it and let
-- everything of it expire.
-- ARGV: queue, job id, TTL in seconds, status, duration in seconds, bucket
local queue, job_id, ttl, status = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local agent = redis.call('HGET', job_key(job_id), 'agent_name')
if not agent then return 0 end
local is_awaited = let_expire(queue, job_id, ttl)
if is_awaited and status ~= 'done' then
  tell_held_back(job_id)
elseif is_awaited then
  -- It releases them by itself. Their wait for a worker begins now.
  each_waiting_dependent(job_id, function(each)
    redis.call('ZADD', unstarted_key(queue), 'XX', clock(), each)
  end)
end
redis.call('ZREM', open_key(queue), job_id)
count_job(agent, status, tonumber(ARGV[5]), ARGV[6])
count_tokens(job_id, agent)
changed(job_id)
return 1
