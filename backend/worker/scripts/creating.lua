-- Making jobs: what may be answered or refused before one is made, and all that a new one consists of.

-- What a request with this Idempotency-Key was answered before, nil if there was none; the second
-- value says that the key came with another request.
local function recall(idempotency, fingerprint)
  if idempotency == '' then return nil, false end
  local before = redis.call('HMGET', idempotency, 'fingerprint', 'answer')
  if not before[1] then return nil, false end
  if before[1] ~= fingerprint then return nil, true end
  return cjson.decode(before[2]), false
end

local function remember(idempotency, fingerprint, kept_s, answer)
  if idempotency == '' then return end
  redis.call('HSET', idempotency, 'fingerprint', fingerprint, 'answer', cjson.encode(answer))
  redis.call('EXPIRE', idempotency, kept_s)
end

-- The open job that holds a claim and its status; else nil and the ended one that held it last.
local function holder_of(claim)
  local job_id = redis.call('GET', claim)
  local status = job_id and redis.call('HGET', job_key(job_id), 'status')
  if status and OPEN[status] then return job_id, status end
  return nil, job_id
end

-- Whether `more` jobs are more than may wait. `bound` 0 is no bound.
local function is_full(queue, bound, more)
  return bound > 0 and redis.call('LLEN', queue_key(queue)) + redis.call('ZCARD', held_key(queue))
                       + redis.call('ZCARD', deferred_key(queue)) + more > bound
end

-- Make a job, which waits for `dependencies` if there are any, and else in the queue. What the last
-- holder of its claim held back waits for it. `job` has: id, claim, last_holder, indexes (lists of
-- jobs that name it), kept_s (how long those are kept), caps, account (nil for no budget) and fields
-- (of its hash, flat). Returns the queue's length, nil for a job that isn't in it.
local function create(queue, job, dependencies, now)
  local fields, shares = job.fields, {}
  for i, share in ipairs(job.caps) do
    shares[i] = share[1]
    if tonumber(redis.call('HGET', caps_key(queue), share[1]) or 0) ~= share[2] then
      redis.call('HSET', caps_key(queue), share[1], share[2])
      rank_later(queue, string.match(share[1], '^user:(.*)$') or '')
    end
  end
  if #shares > 0 then
    fields[#fields + 1] = 'agent_shares'
    fields[#fields + 1] = table.concat(shares, ' ')
  end
  if job.account then
    fields[#fields + 1] = 'agent_budget'
    fields[#fields + 1] = job.account
  end
  redis.call('SET', job.claim, job.id)
  redis.call('HSET', job_key(job.id), unpack(fields))
  redis.call('SADD', RQ .. ':queues', queue_key(queue))
  redis.call('ZADD', open_key(queue), now, job.id)
  redis.call('ZADD', unstarted_key(queue), now, job.id)
  for _, index in ipairs(job.indexes) do
    redis.call('ZADD', index, now, job.id)
    redis.call('ZREMRANGEBYSCORE', index, '-inf', now - job.kept_s)
    redis.call('EXPIRE', index, job.kept_s)
  end
  local length
  if #dependencies > 0 then
    defer(queue, job.id, dependencies, now)
    tell_what_holds(dependencies)
  else
    length = redis.call('RPUSH', queue_key(queue), job.id)
  end
  if job.last_holder then take_over(queue, job.last_holder, job.id, now) end
  return length
end
