-- Write events into a job's log, and the latest of some kinds into its hash. Fenced where an
-- execution is named: one whose lease is gone writes nothing more.
-- ARGV: queue, job id, execution id (or '' for none), TTL of the log in seconds, most events it
--       keeps, number of hash fields, field, value, …, event as JSON, …
-- Returns 1, or 0 if the execution had lost its lease.
local queue, job_id, execution_id = ARGV[1], ARGV[2], ARGV[3]
if execution_id ~= '' and not redis.call('ZSCORE', wip_key(queue), job_id .. ':' .. execution_id) then
  return 0
end
local log, in_hash = 'offstage:events:' .. job_id, tonumber(ARGV[6])
for i = 7 + 2 * in_hash, #ARGV do
  redis.call('XADD', log, '*', 'event', ARGV[i])
end
redis.call('EXPIRE', log, ARGV[4])
-- A hash that is gone must not come back as a few fields without an end.
if redis.call('EXISTS', job_key(job_id)) == 1 then
  for i = 7, 6 + 2 * in_hash, 2 do
    redis.call('HSET', job_key(job_id), ARGV[i], ARGV[i + 1])
  end
end
-- Trimmed a hundred at a time; who resumes from before the cut is told that some are gone.
local over = redis.call('XLEN', log) - tonumber(ARGV[5])
if over >= 100 then
  local gone = redis.call('XRANGE', log, '-', '+', 'COUNT', over)
  redis.call('XTRIM', log, 'MAXLEN', ARGV[5])
  if redis.call('EXISTS', job_key(job_id)) == 1 then
    redis.call('HSET', job_key(job_id), 'agent_log_cut', gone[#gone][1])
  end
end
changed(job_id)
return 1
