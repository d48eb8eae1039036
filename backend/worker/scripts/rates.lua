-- How often a user may submit: at most so many jobs in any stretch of a period's length.
-- For each scope one list holds the times of what was accepted, newest first.
-- A scope is {key of the list, {{count, period in seconds}, …}}.

-- How many times of a list are younger than `since`, counted up to `most`.
local function younger_than(times, since, most)
  local low, high = 0, most
  while low < high do
    local middle = math.floor((low + high) / 2)
    local at = redis.call('LINDEX', times, middle)
    if at and tonumber(at) > since then low = middle + 1 else high = middle end
  end
  return low
end

-- Returns for each rate how many are left and the seconds until there is one more, flat in one
-- list, and the seconds until all rates have one left, nil if they have.
local function look_at_rates(scopes, now)
  local states, wait_s = {}, nil
  for _, scope in ipairs(scopes) do
    for _, rate in ipairs(scope[2]) do
      local most, period_s = rate[1], rate[2]
      local used = younger_than(scope[1], now - period_s, most)
      local reset_s = 0
      if used > 0 then
        reset_s = tonumber(redis.call('LINDEX', scope[1], used - 1)) + period_s - now
      end
      states[#states + 1] = most - used
      states[#states + 1] = math.ceil(reset_s)
      if used >= most then wait_s = math.max(wait_s or 0, reset_s) end
    end
  end
  return states, wait_s
end

-- Count one more in every scope, in the states that were looked at too.
local function count_in_rates(scopes, now, states)
  local at = 1
  for _, scope in ipairs(scopes) do
    local longest_s, most = 0, 0
    for _, rate in ipairs(scope[2]) do
      most, longest_s = math.max(most, rate[1]), math.max(longest_s, rate[2])
      states[at] = states[at] - 1
      if states[at + 1] == 0 then states[at + 1] = rate[2] end
      at = at + 2
    end
    redis.call('LPUSH', scope[1], string.format('%.3f', now))
    redis.call('LTRIM', scope[1], 0, most - 1)
    redis.call('EXPIRE', scope[1], longest_s)
  end
end
