-- Hold a run that comes by no queue against its user's rates and budget.
-- Nobody can hold it back, so it is refused where its shares have no place left.
-- ARGV: key of its account, agent, limits as JSON (see worker/limiting.py), seconds the account is kept,
--       queue whose shares it needs a place in, user
-- Returns {'admitted', 1 if it has a budget}, or {'', why not, seconds to wait, the rates} as submit.lua;
-- {'', 'no_place'} is one more reason.
local key, agent, limits, now = ARGV[1], ARGV[2], cjson.decode(ARGV[3]), clock()
local queue, user, shares = ARGV[5], ARGV[6], {}
local rate_states, wait_s = look_at_rates(limits.rates, now)
if wait_s then return { '', 'rate_limited', math.ceil(wait_s), rate_states } end
local account, day_left_s
if limits.budget then
  account, day_left_s = quote(limits.budget, agent, now)
  if not account then return { '', 'budget', day_left_s, rate_states } end
end
for i, share in ipairs(limits.caps) do
  redis.call('HSET', caps_key(queue), share[1], share[2])
  if free_places(queue, share[1]) <= 0 then return { '', 'no_place' } end
  shares[i] = share[1]
end
for _, share in ipairs(shares) do redis.call('SADD', places_key(queue, share), key) end
redis.call('HSET', key, 'agent_name', agent, 'agent_user', user,
           'agent_shares', table.concat(shares, ' '))
rank_later(queue, user)
if account then redis.call('HSET', key, 'agent_budget', reserve(account)) end
redis.call('EXPIRE', key, ARGV[4])
count_in_rates(limits.rates, now, rate_states, key)
return { 'admitted', limits.budget and 1 or 0 }
