-- A job as it stands now.
-- ARGV: queue, job id, name of a hash field, …
-- Returns {value of each field, …, position in the queue if it waits there}
local fields = redis.call('HMGET', job_key(ARGV[2]), 'status', unpack(ARGV, 3))
local status = table.remove(fields, 1)
fields[#ARGV - 1] = status == 'queued' and position(ARGV[1], ARGV[2]) or 0
return fields
