-- Count what a run has used just now against its user's day.
-- ARGV: key of its account (a job's is its hash), tokens, millionths of a dollar
-- Returns 1 if the day has nothing left for it, else 0.
return charge(ARGV[1], { tokens = tonumber(ARGV[2]), micros = tonumber(ARGV[3]) })
