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
local before, is_reused = recall(idempotency, fingerprint)
if is_reused then return { '', 'key_reused' } end
if before then
  -- Our own id: an answer got lost and the client asks again.
  before[7] = before[1] == job_id and 0 or 1
  before[8] = rate_states
  return before
end

local function answer(found, outcome, status, place, cap)
  local mean_s, slots = outlook(queue, found, agent, cap)
  local told = { found, outcome, status, place, mean_s, slots, 0 }
  remember(idempotency, fingerprint, key_ttl, told)
  told[8] = rate_states
  return told
end

if source ~= '' then
  local status = redis.call('HGET', job_key(source), 'status')
  if not status or OPEN[status] or status == 'finished' then return { '', 'not_failed' } end
end
local held_by, found = holder_of(claim)
if held_by then
  if source ~= '' then take_over(queue, source, held_by, now) end
  local outcome = held_by == job_id and 'created' or 'existing'
  return answer(held_by, outcome, found, position(queue, held_by))
end
if is_full(queue, bound, 1) then return { '', 'full' } end
if wait_s then return { '', 'rate_limited', math.ceil(wait_s), rate_states } end

local account, day_left_s
if limits.budget then
  account, day_left_s = quote(limits.budget, agent, now)
  if not account then return { '', 'budget', day_left_s, rate_states } end
end
count_in_rates(limits.rates, now, rate_states, job_id)
local fields = {}
for i = 10, #ARGV do fields[#fields + 1] = ARGV[i] end
local job = { id = job_id, claim = claim, last_holder = found, indexes = { KEYS[2], KEYS[3] },
              kept_s = list_ttl, caps = limits.caps, account = account and reserve(account), fields = fields }
-- One that was cancelled while it waited goes on waiting for what isn't done yet.
local dependencies = source ~= '' and dependencies_of(source, is_open) or {}
local length = create(queue, job, dependencies, now)
if source ~= '' then
  local steps = 'offstage:steps:' .. job_id
  redis.call('COPY', 'offstage:steps:' .. source, steps)
  redis.call('PERSIST', steps)
  take_over(queue, source, job_id, now)
end
if not length then return answer(job_id, 'created', 'deferred', 0) end
return answer(job_id, 'created', 'queued', position(queue, job_id, length - 1))
