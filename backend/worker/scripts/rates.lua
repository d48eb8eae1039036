-- How often a user may submit: at most so many jobs in any stretch of a period's length.
-- For each scope one sorted set holds what was accepted, by its time.
-- A scope is {key of the set, {{count, period in seconds}, …}}.

-- Returns for each rate how many are left and the seconds until there is one more, flat in one
-- list, and the seconds until all rates have one left, nil if they have.
local function look_at_rates(scopes, now)
  local states, wait_s = {}, nil
  for _, scope in ipairs(scopes) do
    for _, rate in ipairs(scope[2]) do
      local most, period_s = rate[1], rate[2]
      local since = '(' .. string.format('%.3f', now - period_s)
      local used, reset_s = redis.call('ZCOUNT', scope[1], since, '+inf'), 0
      if used > 0 then
        -- The one whose end leaves room for another.
        local next_end = redis.call('ZRANGEBYSCORE', scope[1], since, '+inf', 'WITHSCORES', 'LIMIT',
                                    math.max(0, used - most), 1)
        reset_s = tonumber(next_end[2]) + period_s - now
      end
      states[#states + 1] = math.max(0, most - used)
      states[#states + 1] = math.ceil(reset_s)
      if used >= most then wait_s = math.max(wait_s or 0, reset_s) end
    end
  end
  return states, wait_s
end

-- Count the job `id` in every scope, in the states that were looked at too.
local function count_in_rates(scopes, now, states, id)
  local at = 1
  for _, scope in ipairs(scopes) do
    local longest_s = 0
    for _, rate in ipairs(scope[2]) do
      longest_s = math.max(longest_s, rate[2])
      states[at] = states[at] - 1
      if states[at + 1] == 0 then states[at + 1] = rate[2] end
      at = at + 2
    end
    redis.call('ZADD', scope[1], string.format('%.3f', now), id)
    redis.call('ZREMRANGEBYSCORE', scope[1], '-inf', string.format('%.3f', now - longest_s))
    redis.call('EXPIRE', scope[1], longest_s)
  end
end
