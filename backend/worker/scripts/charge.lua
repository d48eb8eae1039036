-- Count what a job has used just now against its user's day.
-- ARGV: job id, tokens, millionths of a dollar
-- Returns 1 if the day has nothing left for the job, else 0.
return charge(job_key(ARGV[1]), { tokens = tonumber(ARGV[2]), micros = tonumber(ARGV[3]) })
