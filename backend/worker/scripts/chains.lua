-- Chains: jobs that wait for others to be done, in RQ's own format, so that a stock worker releases
-- them too. A job that waits is `deferred` and names what it waits for (`dependency_ids`); each of
-- those has a set of its dependents. A failed one says what it holds back (`agent_held_back`), and
-- those wait until its agent is started in that session again.

local function dependents_key(id) return job_key(id) .. ':dependents' end
-- With two colons, as RQ spells it.
local function dependencies_key(id) return RQ .. ':job::' .. id .. ':dependencies' end
local function deferred_key(queue) return RQ .. ':deferred:' .. queue end

local function status_of(id) return redis.call('HGET', job_key(id), 'status') end

-- What a job was made to wait for, as far as `is_wanted` takes the status of that, false for none.
local function dependencies_of(id, is_wanted)
  local written, ids = redis.call('HGET', job_key(id), 'dependency_ids'), {}
  for _, each in ipairs(written and cjson.decode(written) or {}) do
    if is_wanted(status_of(each)) then ids[#ids + 1] = each end
  end
  return ids
end

-- What a job still waits for; nothing for a job that doesn't wait.
local function awaited(id)
  if status_of(id) ~= 'deferred' then return {} end
  return dependencies_of(id, function(status) return status ~= 'finished' end)
end

-- Whether a job waits for another one, or for one that does.
local function waits_for(id, other)
  for _, each in ipairs(awaited(id)) do
    if each == other or waits_for(each, other) then return true end
  end
  return false
end

-- Whether something that failed or is gone stands between a job that waits and its turn.
local function is_held_back(id)
  for _, each in ipairs(awaited(id)) do
    local status = status_of(each)
    if not is_open(status) or status == 'deferred' and is_held_back(each) then return true end
  end
  return false
end

local function each_waiting_dependent(id, visit)
  local ids = redis.call('SMEMBERS', dependents_key(id))
  table.sort(ids)
  for _, each in ipairs(ids) do
    if status_of(each) == 'deferred' then visit(each) end
  end
end

-- Say on an ended job what it holds back: its dependents, theirs, and so on.
local function tell_held_back(id)
  local held, seen = {}, {}
  local function visit(each)
    if seen[each] then return end
    seen[each] = true
    held[#held + 1] = each
    each_waiting_dependent(each, visit)
  end
  each_waiting_dependent(id, visit)
  local key = job_key(id)
  if #held > 0 then
    redis.call('HSET', key, 'agent_held_back', cjson.encode(held))
  else
    redis.call('HDEL', key, 'agent_held_back')
  end
  changed(id)
end

-- The same on whatever failed and holds this job back.
local function tell_what_holds(ids)
  for _, each in ipairs(ids) do
    local status = status_of(each)
    if status == 'deferred' then
      tell_what_holds(awaited(each))
    elseif status and not OPEN[status] then
      tell_held_back(each)
    end
  end
end

-- Make a job wait for these.
local function defer(queue, id, dependencies, now)
  redis.call('HSET', job_key(id), 'status', 'deferred', 'dependency_id', dependencies[1],
             'dependency_ids', cjson.encode(dependencies))
  redis.call('DEL', dependencies_key(id))
  redis.call('SADD', dependencies_key(id), unpack(dependencies))
  for _, each in ipairs(dependencies) do redis.call('SADD', dependents_key(each), id) end
  redis.call('ZADD', deferred_key(queue), 'NX', now, id)
end

-- Let a job wait for nothing any more.
local function leave_chain(queue, id)
  for _, each in ipairs(redis.call('SMEMBERS', dependencies_key(id))) do
    redis.call('SREM', dependents_key(each), id)
  end
  redis.call('DEL', dependencies_key(id))
  redis.call('ZREM', deferred_key(queue), id)
end

-- A job is done: returns those that waited for nothing else.
local function released_by(queue, id, now)
  local ready = {}
  each_waiting_dependent(id, function(dependent)
    local others = {}
    for _, each in ipairs(awaited(dependent)) do
      if each ~= id then others[#others + 1] = each end
    end
    leave_chain(queue, dependent)
    if #others > 0 then
      defer(queue, dependent, others, now)
      changed(dependent)
    else
      ready[#ready + 1] = dependent
    end
  end)
  redis.call('DEL', dependents_key(id))
  return ready
end

-- What waited for a job that failed or is gone waits for another one instead; not if that one waits
-- for it: the order asked for last is the one that counts. Returns those that wait for nothing now.
local function taken_over(queue, id, new_id, now)
  local ready, moved = {}, false
  each_waiting_dependent(id, function(dependent)
    local is_before = dependent == new_id or waits_for(new_id, dependent)
    local instead = is_before and {} or { new_id }
    for _, each in ipairs(awaited(dependent)) do
      if each ~= id and each ~= new_id then instead[#instead + 1] = each end
    end
    leave_chain(queue, dependent)
    if #instead > 0 then
      defer(queue, dependent, instead, now)
      changed(dependent)
    else
      ready[#ready + 1] = dependent
    end
    moved = true
  end)
  if moved then
    if status_of(id) then tell_held_back(id) end
    tell_what_holds({ new_id })
  end
  return ready
end
