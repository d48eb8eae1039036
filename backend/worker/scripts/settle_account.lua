-- A run that came by no queue has ended.
-- ARGV: key of its account, queue
local key, queue = ARGV[1], ARGV[2]
local account, user, shares = unpack(redis.call('HMGET', key, 'agent_budget', 'agent_user', 'agent_shares'))
if account then settle_account(key, account) end
redis.call('DEL', key)
leave_turn(queue, key, user, shares)
offer_next(queue)
