-- Budgets: what a user's jobs of one day (UTC) may use up, in tokens and in millionths of a dollar.
-- A job counts for the day it was submitted on. It reserves what jobs of its agent lately used; what
-- it uses beyond that is added as it comes, what it doesn't use is given back when it ends.
-- The job's hash says so in `agent_budget`: the day's key, what is reserved and what a day has.

local UNITS = { 'tokens', 'micros' }
local DAY_S = 86400

local function typical_key(agent) return 'offstage:typical:' .. agent end

-- What one job has to reserve. Returns its account, or nil and the seconds until the day ends. With
-- several jobs to be let in together, `quoted` adds up what was quoted for those before.
-- The first job of a day is let in whatever its kind uses: else a small budget would shut out for good.
local function quote(budget, agent, now, quoted)
  quoted = quoted or { tokens = 0, micros = 0 }
  local day = math.floor(now / DAY_S)
  local account = { key = budget.key .. ':' .. day, most = {}, reserved = {} }
  local typical = redis.call('HMGET', typical_key(agent), unpack(UNITS))
  local used = redis.call('HMGET', account.key, unpack(UNITS))
  for i, unit in ipairs(UNITS) do
    local spent, most = tonumber(used[i] or 0) + quoted[unit], budget[unit]
    account.most[unit] = most
    account.reserved[unit] = math.ceil(tonumber(typical[i] or 0))
    if most and (spent >= most or spent > 0 and spent + account.reserved[unit] > most) then
      return nil, math.ceil((day + 1) * DAY_S - now)
    end
  end
  for _, unit in ipairs(UNITS) do quoted[unit] = quoted[unit] + account.reserved[unit] end
  return account
end

-- Reserve it. Returns the account as JSON.
local function reserve(account)
  for _, unit in ipairs(UNITS) do
    redis.call('HINCRBY', account.key, unit, account.reserved[unit])
  end
  redis.call('EXPIRE', account.key, 3 * DAY_S)
  return cjson.encode(account)
end

-- The account as it was written, or nil if somebody else has written there: a job ends all the same.
local function account_of(written)
  local read, account = pcall(cjson.decode, written)
  local whole = read and type(account) == 'table' and type(account.key) == 'string'
    and type(account.most) == 'table' and type(account.reserved) == 'table'
  for _, unit in ipairs(UNITS) do whole = whole and type(account.reserved[unit]) == 'number' end
  return whole and account or nil
end

-- What the job says that it used; nothing if that can't be read.
local function usage_of(said)
  local read, usage = pcall(cjson.decode, said or '{}')
  if not read or type(usage) ~= 'table' then usage = {} end
  local function number(name) return type(usage[name]) == 'number' and usage[name] or 0 end
  return { tokens = number('input_tokens') + number('output_tokens'), micros = math.ceil(number('cost_usd') * 1e6) }
end

-- Count what a job has used just now. Returns 1 if its day has nothing left for it, else 0.
local function charge(key, used)
  local written = redis.call('HGET', key, 'agent_budget')
  local account, used_up = written and account_of(written), 0
  if not account then return 0 end
  for _, unit in ipairs(UNITS) do
    local reserved, most = account.reserved[unit], account.most[unit]
    local total = redis.call('HINCRBY', key, 'agent_spent_' .. unit, used[unit])
    local beyond = math.max(total, reserved) - math.max(total - used[unit], reserved)
    local day = redis.call('HINCRBY', account.key, unit, beyond)
    if most and most - day + math.max(0, reserved - total) <= 0 then used_up = 1 end
  end
  return used_up
end

-- The job has ended: settle its account, and learn what jobs of its agent use.
local function settle_account(key, written)
  redis.call('HDEL', key, 'agent_budget')
  local account = account_of(written)
  if not account then return end
  local said = redis.call('HMGET', key, 'agent_usage', 'agent_name')
  local told = usage_of(said[1])
  local typical = typical_key(said[2] or 'unknown')
  local stands = redis.call('EXISTS', account.key) == 1
  for _, unit in ipairs(UNITS) do
    local charged = tonumber(redis.call('HGET', key, 'agent_spent_' .. unit) or 0)
    local used = math.max(charged, told[unit])
    if stands then
      redis.call('HINCRBY', account.key, unit, used - math.max(charged, account.reserved[unit]))
    end
    if used > 0 then
      local before = tonumber(redis.call('HGET', typical, unit) or used)
      redis.call('HSET', typical, unit, 0.8 * before + 0.2 * used)
      redis.call('EXPIRE', typical, 30 * DAY_S)
    end
  end
end
