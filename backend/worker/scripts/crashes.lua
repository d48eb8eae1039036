-- Crashes: which job a dead worker is blamed on, and which jobs then run apart.
-- A dead worker takes all its jobs along, and at most one of them has killed it. Crashes are counted
-- in a row: one that comes after another step was finished is the first of a new row, since a job
-- that gets on isn't what kills its workers. After two in a row a job is a suspect: few suspects run
-- at once (they have a share with few places), and a worker that dies with one aboard is blamed on it
-- alone. One that dies with several leaves it open which: they run one at a time from then on.

local SUSPECTS, ONE_BY_ONE = 'suspects', 'suspects:one-by-one'
local PLACES = { [SUSPECTS] = 8, [ONE_BY_ONE] = 1 }
local SUSPECT_FROM = 2
local BLAME_KEPT_S = 60

local function has_share(shares, name)
  return shares and string.find(' ' .. shares .. ' ', ' ' .. name .. ' ', 1, true) ~= nil
end

local function is_suspect(shares) return has_share(shares, SUSPECTS) end

local function give_share(queue, job_id, shares, name)
  if has_share(shares, name) then return end
  redis.call('HSET', caps_key(queue), name, PLACES[name])
  redis.call('HSET', job_key(job_id), 'agent_shares', (shares and shares .. ' ' or '') .. name)
end

-- How many suspects a dead worker had aboard. Counted once for each worker, before any of its jobs
-- is put right, and kept for those whose leases end a moment later.
local suspects_of = {}
local function suspects_aboard(worker)
  if worker == '' then return 0 end
  if not suspects_of[worker] then
    local kept = 'offstage:blamed:' .. worker
    local number = tonumber(redis.call('GET', kept) or 0)
    if number == 0 then
      for _, composite in ipairs(redis.call('SMEMBERS', RQ .. ':worker:' .. worker .. ':executions')) do
        local job_id = string.match(composite, '^(.-):')
        if job_id and is_suspect(redis.call('HGET', job_key(job_id), 'agent_shares')) then
          number = number + 1
        end
      end
      if number > 0 then redis.call('SET', kept, number, 'EX', BLAME_KEPT_S) end
    end
    suspects_of[worker] = number
  end
  return suspects_of[worker]
end

-- Count a job's crash under a worker ('' if nobody knows which). Returns its crashes in a row and in
-- all; a bystander's row doesn't grow.
local function count_crash(queue, job_id, worker)
  local key, steps = job_key(job_id), redis.call('HLEN', 'offstage:steps:' .. job_id)
  local job = redis.call('HMGET', key, 'agent_crashes_in_a_row', 'agent_steps_at_crash', 'agent_shares')
  local row = job[1] and steps <= tonumber(job[2]) and tonumber(job[1]) or 0
  local aboard = suspects_aboard(worker)
  if is_suspect(job[3]) and aboard > 1 then
    give_share(queue, job_id, job[3], ONE_BY_ONE)
  elseif is_suspect(job[3]) or aboard == 0 then
    row = row + 1
    if row >= SUSPECT_FROM then give_share(queue, job_id, job[3], SUSPECTS) end
  end
  redis.call('HSET', key, 'agent_crashes_in_a_row', row, 'agent_steps_at_crash', steps)
  return row, redis.call('HINCRBY', key, 'agent_crashes', 1)
end
