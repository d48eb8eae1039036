-- Crashes: which job a dead worker is blamed on, and which jobs then run apart.
-- A dead worker takes all its jobs along, and at most one of them has killed it. Crashes are counted
-- in a row: one that comes after another step was finished is the first of a new row, since a job
-- that gets on isn't what kills its workers. After two in a row a job is a suspect: no two suspects
-- run at once (they have a share with one place), and a worker that dies with a suspect aboard is
-- blamed on it alone.

local SUSPECTS = 'suspects'
local SUSPECT_FROM = 2
local BLAME_KEPT_S = 60

local function is_suspect(shares)
  return shares and string.find(' ' .. shares .. ' ', ' ' .. SUSPECTS .. ' ', 1, true) ~= nil
end

local function make_suspect(queue, job_id, shares)
  redis.call('HSET', caps_key(queue), SUSPECTS, 1)
  redis.call('HSET', job_key(job_id), 'agent_shares', (shares and shares .. ' ' or '') .. SUSPECTS)
end

-- Whether a dead worker had a suspect aboard, which may have been put right before this job. Looked
-- up once for each worker that this script meets.
local had_suspect = {}
local function died_of_a_suspect(worker)
  if worker == '' then return false end
  if had_suspect[worker] == nil then
    had_suspect[worker] = redis.call('EXISTS', 'offstage:blamed:' .. worker) == 1
    for _, composite in ipairs(redis.call('SMEMBERS', RQ .. ':worker:' .. worker .. ':executions')) do
      local job_id = string.match(composite, '^(.-):')
      if job_id and is_suspect(redis.call('HGET', job_key(job_id), 'agent_shares')) then
        had_suspect[worker] = true
      end
    end
  end
  return had_suspect[worker]
end

-- Count a job's crash under a worker ('' if nobody knows which). Returns its crashes in a row and in
-- all; a bystander's row doesn't grow.
local function count_crash(queue, job_id, worker)
  local key, steps = job_key(job_id), redis.call('HLEN', 'offstage:steps:' .. job_id)
  local job = redis.call('HMGET', key, 'agent_crashes_in_a_row', 'agent_steps_at_crash', 'agent_shares')
  local row = job[1] and steps <= tonumber(job[2]) and tonumber(job[1]) or 0
  if is_suspect(job[3]) then
    redis.call('SET', 'offstage:blamed:' .. worker, job_id, 'EX', BLAME_KEPT_S)
    row = row + 1
  elseif not died_of_a_suspect(worker) then
    row = row + 1
    if row >= SUSPECT_FROM then make_suspect(queue, job_id, job[3]) end
  end
  redis.call('HSET', key, 'agent_crashes_in_a_row', row, 'agent_steps_at_crash', steps)
  return row, redis.call('HINCRBY', key, 'agent_crashes', 1)
end
