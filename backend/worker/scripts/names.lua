-- What a job's keys are called, when it is, and how others hear of it. Shared by every script.

local OPEN = { created = 1, queued = 1, scheduled = 1, deferred = 1, ready_to_enqueue = 1,
               rate_limited = 1, started = 1 }
local function is_open(status) return status and OPEN[status] ~= nil end

local function job_key(id) return RQ .. ':job:' .. id end
local function queue_key(name) return RQ .. ':queue:' .. name end
local function wip_key(name) return RQ .. ':wip:' .. name end
local function scheduled_key(name) return RQ .. ':scheduled:' .. name end
local function open_key(name) return 'offstage:open:' .. name end
-- Jobs that nobody has started yet, by when they were made.
local function unstarted_key(name) return 'offstage:unstarted:' .. name end

local function clock()
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1000000
end

-- Wake whoever waits for a job or follows it (worker/changes.py).
local function changed(job_id) redis.call('PUBLISH', 'offstage:changed:' .. job_id, '') end
