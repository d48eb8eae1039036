-- A run that came by no queue has ended.
-- ARGV: key of its account
local account = redis.call('HGET', ARGV[1], 'agent_budget')
if account then settle_account(ARGV[1], account) end
redis.call('DEL', ARGV[1])
