-- Where a job stands in the queue and what its wait is made of.
-- ARGV: queue, job id, agent
-- Returns {position, mean duration, slots}
local place, cap = position(ARGV[1], ARGV[2])
return { place, outlook(ARGV[1], ARGV[2], ARGV[3], cap) }
