-- How often a user may submit: at most so many jobs in any stretch of a period's length.
-- For each scope one sorted set holds what was accepted, by its time.
-- A scope is {key of the set, {{count, period in seconds}, …}}.

-- Returns for each rate how many are left and the seconds until there is one more, flat in one
-- list; and unless all rates have one left, or as many as `wanted` says for a scope's key, the
-- seconds until they have, with the number of the rate that takes longest.
local function look_at_rates(scopes, now, wanted)
  local states, wait_s, slowest = {}, nil, nil
  for _, scope in ipairs(scopes) do
    for _, rate in ipairs(scope[2]) do
      local most, period_s = rate[1], rate[2]
      local since = '(' .. string.format('%.3f', now - period_s)
      local used, more = redis.call('ZCOUNT', scope[1], since, '+inf'), wanted and wanted[scope[1]] or 1
      -- Seconds until the one has ended that leaves room for so many.
      local function room_for(jobs)
        local rank = used + jobs - most - 1
        if used == 0 then return 0 elseif rank >= used then return period_s end
        local ends = redis.call('ZRANGEBYSCORE', scope[1], since, '+inf', 'WITHSCORES', 'LIMIT',
                                math.max(0, rank), 1)
        return tonumber(ends[2]) + period_s - now
      end
      states[#states + 1] = math.max(0, most - used)
      states[#states + 1] = math.ceil(room_for(1))
      if used + more > most then
        local until_s = more > most and period_s or room_for(more)
        if until_s > (wait_s or -1) then wait_s, slowest = until_s, #states / 2 end
      end
    end
  end
  return states, wait_s, slowest
end

-- Count the job `id` in every scope, or in those whose keys `only` has, in the states that were looked
-- at too.
local function count_in_rates(scopes, now, states, id, only)
  local at = 1
  for _, scope in ipairs(scopes) do
    local counts, longest_s = not only or only[scope[1]], 0
    for _, rate in ipairs(scope[2]) do
      longest_s = math.max(longest_s, rate[2])
      if counts then
        states[at] = states[at] - 1
        if states[at + 1] == 0 then states[at + 1] = rate[2] end
      end
      at = at + 2
    end
    if counts then
      redis.call('ZADD', scope[1], string.format('%.3f', now), id)
      redis.call('ZREMRANGEBYSCORE', scope[1], '-inf', string.format('%.3f', now - longest_s))
      redis.call('EXPIRE', scope[1], longest_s)
    end
  end
end
