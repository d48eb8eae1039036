-- Several jobs of one session in one step, all or none: each waits for those before it.
-- KEYS: user's jobs, session's jobs, what the caller's Idempotency-Key was answered ('' for no such
--       key), the claim of each link
-- ARGV: queue, most jobs that may wait (0: no bound), seconds the lists are kept, fingerprint of the
--       request, seconds an Idempotency-Key counts, the limits as JSON ('' for none; see
--       worker/limiting.py), then of each link its job id, agent, the length of its job hash as field,
--       value, …, and that
-- Returns {'accepted', {{job id, outcome, RQ status, position in the queue, mean duration, slots, the
-- job it waits for or ''}, … of each link}, 1 if this is what the Idempotency-Key was answered before,
-- {left, seconds until one more, … of each rate}}; outcome is 'created' or 'existing': a link whose
-- claim is held by an open job is that job. Or {'', why not}: 'full', 'key_reused', and {'',
-- 'rate_limited', seconds to wait, the rates as above, which one it is, jobs to be made that it
-- counts}, {'', 'budget', seconds to wait}.
local user_jobs, session_jobs, idempotency = KEYS[1], KEYS[2], KEYS[3]
local queue, bound, list_ttl, fingerprint = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local key_ttl, now = tonumber(ARGV[5]), clock()
local limits = ARGV[6] ~= '' and cjson.decode(ARGV[6]) or { rates = {}, links = {} }
local before, is_reused = recall(idempotency, fingerprint)
if is_reused then return { '', 'key_reused' } end

local links, wanted, missing, at = {}, {}, 0, 7
for i = 4, #KEYS do
  local terms = limits.links[i - 3] or { scopes = {}, caps = {} }
  local link = { id = ARGV[at], agent = ARGV[at + 1], claim = KEYS[i], caps = terms.caps,
                 indexes = { user_jobs, session_jobs }, kept_s = list_ttl, fields = {}, scopes = {} }
  local first = at + 3
  at = first + tonumber(ARGV[at + 2])
  for j = first, at - 1 do link.fields[#link.fields + 1] = ARGV[j] end
  local found
  link.held_by, found = holder_of(link.claim)
  if not link.held_by then
    link.last_holder, missing = found, missing + 1
    for _, scope in ipairs(terms.scopes) do
      link.scopes[scope] = true
      wanted[scope] = (wanted[scope] or 0) + 1
    end
  end
  links[#links + 1] = link
end
for _, scope in ipairs(limits.rates) do wanted[scope[1]] = wanted[scope[1]] or 0 end
local rate_states, wait_s, slowest = look_at_rates(limits.rates, now, wanted)
if before then
  -- Our own ids: an answer got lost and the client asks again.
  local is_ours = false
  for i, link in ipairs(links) do is_ours = is_ours or before[i][1] == link.id end
  return { 'accepted', before, is_ours and 0 or 1, rate_states }
end

if missing > 0 and is_full(queue, bound, missing) then return { '', 'full' } end
if wait_s then
  local scope_of, number = nil, 0
  for _, scope in ipairs(limits.rates) do
    number = number + #scope[2]
    if not scope_of and number >= slowest then scope_of = scope[1] end
  end
  return { '', 'rate_limited', math.ceil(wait_s), rate_states, slowest, wanted[scope_of] }
end
local quoted = { tokens = 0, micros = 0 }
for _, link in ipairs(links) do
  if limits.budget and not link.held_by then
    local day_left_s
    link.account, day_left_s = quote(limits.budget, link.agent, now, quoted)
    if not link.account then return { '', 'budget', day_left_s } end
  end
end

local answers, last = {}, {}
for i, link in ipairs(links) do
  if link.held_by then
    link.outcome = link.held_by == link.id and 'created' or 'existing'
    link.id = link.held_by
    -- It may have been started before what comes before it here: the next one waits for both.
    local still = { link.id }
    for _, each in ipairs(last) do
      if not waits_for(link.id, each) then still[#still + 1] = each end
    end
    last = still
  else
    link.outcome, link.account = 'created', link.account and reserve(link.account)
    count_in_rates(limits.rates, now, rate_states, link.id, link.scopes)
    create(queue, link, last, now)
    last = { link.id }
  end
end
for i, link in ipairs(links) do
  local status, waits = unpack(redis.call('HMGET', job_key(link.id), 'status', 'dependency_id'))
  local place, cap = 0, nil
  if status == 'queued' then place, cap = position(queue, link.id) end
  local mean_s, slots = outlook(queue, link.id, link.agent, cap)
  answers[i] = { link.id, link.outcome, status, place, mean_s, slots,
                 status == 'deferred' and waits or '' }
end
remember(idempotency, fingerprint, key_ttl, answers)
return { 'accepted', answers, 0, rate_states }
