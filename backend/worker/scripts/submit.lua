-- Claim and enqueue in one step.
-- KEYS: claim, user's jobs, session's jobs, what the caller's Idempotency-Key was answered ('' for
--       no such key)
-- ARGV: job id, queue, most jobs that may wait (0: no bound), seconds the lists are kept,
--       agent, the failed job that is tried again (''  for none), fingerprint of the request,
--       seconds an Idempotency-Key counts, the limits as JSON ('' for none; see worker/limiting.py),
--       then the job hash as field, value, …
-- Returns {job id, outcome, RQ status, position in the queue, mean duration, slots, 1 if this is
-- what the Idempotency-Key was answered before, {left, seconds until one more, … of each rate}};
-- outcome is 'created' or 'existing'. Or {'', why not}: 'full', 'key_reused', 'not_failed', and
-- {'', 'rate_limited' or 'budget', seconds to wait, the rates as above}.
local job_id, queue, bound, list_ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local agent, source, fingerprint, key_ttl = ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8])
local limits = ARGV[9] ~= '' and cjson.decode(ARGV[9]) or { rates = {}, caps = {} }
local claim, idempotency, now = KEYS[1], KEYS[4], clock()
local rate_states, wait_s = look_at_rates(limits.rates, now)
if idempotency ~= '' then
  local before = redis.call('HMGET', idempotency, 'fingerprint', 'answer')
  if before[1] and before[1] ~= fingerprint then return { '', 'key_reused' } end
  if before[1] then
    local answer = cjson.decode(before[2])
    -- Our own id: an answer got lost and the client asks again.
    answer[7] = answer[1] == job_id and 0 or 1
    answer[8] = rate_states
    return answer
  end
end

local function answer(found, outcome, status, place, cap)
  local mean_s, slots = outlook(queue, agent, cap)
  local told = { found, outcome, status, place, mean_s, slots, 0 }
  if idempotency ~= '' then
    redis.call('HSET', idempotency, 'fingerprint', fingerprint, 'answer', cjson.encode(told))
    redis.call('EXPIRE', idempotency, key_ttl)
  end
  told[8] = rate_states
  return told
end

if source ~= '' then
  local status = redis.call('HGET', job_key(source), 'status')
  if not status or OPEN[status] or status == 'finished' then return { '', 'not_failed' } end
end
local held_by = redis.call('GET', claim)
if held_by then
  local status = redis.call('HGET', job_key(held_by), 'status')
  if status and OPEN[status] then
    local outcome = held_by == job_id and 'created' or 'existing'
    return answer(held_by, outcome, status, position(queue, held_by))
  end
end
if bound > 0 and redis.call('LLEN', queue_key(queue)) + redis.call('ZCARD', held_key(queue)) >= bound then
  return { '', 'full' }
end
if wait_s then return { '', 'rate_limited', math.ceil(wait_s), rate_states } end

local account, day_left_s
if limits.budget then
  account, day_left_s = reserve(limits.budget, agent, now)
  if not account then return { '', 'budget', day_left_s, rate_states } end
end
count_in_rates(limits.rates, now, rate_states, job_id)
local shares = {}
for i, share in ipairs(limits.caps) do
  redis.call('HSET', caps_key(queue), share[1], share[2])
  shares[i] = share[1]
end

local fields = {}
for i = 10, #ARGV do fields[#fields + 1] = ARGV[i] end
if #shares > 0 then
  fields[#fields + 1] = 'agent_shares'
  fields[#fields + 1] = table.concat(shares, ' ')
end
if account then
  fields[#fields + 1] = 'agent_budget'
  fields[#fields + 1] = account
end
local created_at = now
redis.call('SET', claim, job_id)
redis.call('HSET', job_key(job_id), unpack(fields))
if source ~= '' then
  local steps = 'offstage:steps:' .. job_id
  redis.call('COPY', 'offstage:steps:' .. source, steps)
  redis.call('PERSIST', steps)
end
redis.call('SADD', RQ .. ':queues', queue_key(queue))
redis.call('ZADD', open_key(queue), created_at, job_id)
redis.call('ZADD', unstarted_key(queue), created_at, job_id)
for i = 2, 3 do
  redis.call('ZADD', KEYS[i], created_at, job_id)
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', created_at - list_ttl)
  redis.call('EXPIRE', KEYS[i], list_ttl)
end
local length = redis.call('RPUSH', queue_key(queue), job_id)
return answer(job_id, 'created', 'queued', place_behind(queue, limits.caps, length))
