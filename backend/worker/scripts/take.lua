-- Take up to as many jobs as execution ids are given: off the queue, leased and marked started in
-- one step, so that a worker killed at any moment leaves none in between. Repeated with the same
-- ids, because an answer got lost, it gives the same jobs again. FIELDS are the names of the hash
-- fields that running a job takes.
-- ARGV: queue, worker name, lease in seconds, now as RQ writes it, execution id, …
-- Returns {{job id, execution id, {value of each field, …}}, …}, or nil while RQ is suspended.
local queue, worker, lease_s, now_text = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
if redis.call('EXISTS', RQ .. ':suspended') == 1 then return nil end
local now = clock()
local taken, composites = {}, {}

-- The last answer: its first execution id, then its job ids.
local answered = 'offstage:taken:' .. worker
if redis.call('LINDEX', answered, 0) == ARGV[5] then
  for i, job_id in ipairs(redis.call('LRANGE', answered, 1, -1)) do
    local execution_id = ARGV[4 + i]
    if redis.call('ZSCORE', wip_key(queue), job_id .. ':' .. execution_id) then
      taken[#taken + 1] = { job_id, execution_id, redis.call('HMGET', job_key(job_id), unpack(FIELDS)) }
    end
  end
  return taken
end

-- So many jobs are sorted and passed over at the most, lest a script hold up everybody: with some
-- taken or not, the worker comes back for the rest.
local AT_MOST = 100
rank_all(queue)
sort_list(queue, AT_MOST)

local passes_left, out_of_line = AT_MOST, {}
local function next_job()
  while passes_left > 0 do
    local job_id, user = pop_next(queue)
    if not job_id then return nil end
    local fields = redis.call('HMGET', job_key(job_id), 'status', 'agent_shares', unpack(FIELDS))
    local status, shares = table.remove(fields, 1), table.remove(fields, 1)
    local full = status == 'queued' and take_places(queue, job_id, shares)
    if full == 'user:' .. user then
      join_line(queue, user, { job_id, made_at(queue, job_id) })
    elseif full then
      hold_back(queue, job_id, full, made_at(queue, job_id))
    else
      out_of_line[#out_of_line + 1] = job_id
      if status == 'queued' then return job_id, user, fields end
    end
    passes_left = passes_left - 1
  end
end

local function lease(job_id, execution_id, user)
  local composite = job_id .. ':' .. execution_id
  redis.call('HSET', job_key(job_id), 'status', 'started', 'started_at', now_text,
             'last_heartbeat', now_text, 'worker_name', worker)
  redis.call('PERSIST', job_key(job_id))
  redis.call('ZREM', unstarted_key(queue), job_id)
  redis.call('HSET', RQ .. ':execution:' .. composite, 'id', execution_id, 'job_id', job_id,
             'created_at', now, 'last_heartbeat', now, 'worker_name', worker, 'agent_user', user)
  redis.call('EXPIRE', RQ .. ':execution:' .. composite, lease_s + 60)
  redis.call('ZADD', wip_key(queue), now + lease_s, composite)
  redis.call('ZADD', RQ .. ':executions:' .. job_id, now + lease_s + 60, execution_id)
  redis.call('EXPIRE', RQ .. ':executions:' .. job_id, lease_s + 60)
  composites[#composites + 1] = composite
  begin_turn(queue, user)
  rank_later(queue, user)
  changed(job_id)
end

local answer = { ARGV[5] }
for i = 5, #ARGV do
  local job_id, user, fields = next_job()
  if not job_id then break end
  lease(job_id, ARGV[i], user)
  answer[#answer + 1] = job_id
  taken[#taken + 1] = { job_id, ARGV[i], fields }
end
if #out_of_line > 0 then redis.call('ZREM', held_key(queue), unpack(out_of_line)) end
offer_next(queue)
if #taken > 0 then
  local executions = RQ .. ':worker:' .. worker .. ':executions'
  redis.call('SADD', executions, unpack(composites))
  redis.call('EXPIRE', executions, lease_s + 60)
  redis.call('DEL', answered)
  redis.call('RPUSH', answered, unpack(answer))
  redis.call('EXPIRE', answered, lease_s + 60)
end
return taken
