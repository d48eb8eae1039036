-- A job as it stands now. FIELDS are the names of the hash fields that are looked at.
-- ARGV: queue, job id
-- Returns {value of each field, …, position in the queue if it waits there}
local fields = redis.call('HMGET', job_key(ARGV[2]), 'status', unpack(FIELDS))
local status = table.remove(fields, 1)
local place = status == 'queued' and position(ARGV[1], ARGV[2]) or 0
fields[#FIELDS + 1] = place
return fields
