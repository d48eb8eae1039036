-- Hold a run that comes by no queue against its user's rates and budget.
-- ARGV: key of its account, agent, limits as JSON (see worker/limiting.py), seconds the account is kept
-- Returns {'admitted', 1 if it has a budget}, or {'', why not, seconds to wait, the rates} as submit.lua.
local key, agent, limits, now = ARGV[1], ARGV[2], cjson.decode(ARGV[3]), clock()
local rate_states, wait_s = look_at_rates(limits.rates, now)
if wait_s then return { '', 'rate_limited', math.ceil(wait_s), rate_states } end
if limits.budget then
  local account, day_left_s = quote(limits.budget, agent, now)
  if not account then return { '', 'budget', day_left_s, rate_states } end
  redis.call('HSET', key, 'agent_budget', reserve(account), 'agent_name', agent)
  redis.call('EXPIRE', key, ARGV[4])
end
count_in_rates(limits.rates, now, rate_states, key)
return { 'admitted', limits.budget and 1 or 0 }
