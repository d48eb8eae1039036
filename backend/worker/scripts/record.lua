-- Write events into a job's log, and the latest of some kinds into its hash. Fenced where an
-- execution is named: one whose lease is gone writes nothing more.
-- ARGV: queue, job id, execution id (or '' for none), TTL of the log in seconds, then the events
--       as `write_events` reads them
-- Returns 1, or 0 if the execution had lost its lease.
local queue, job_id, execution_id = ARGV[1], ARGV[2], ARGV[3]
if execution_id ~= '' and not redis.call('ZSCORE', wip_key(queue), job_id .. ':' .. execution_id) then
  return 0
end
write_events(job_id, ARGV[4], 5)
changed(job_id)
return 1
