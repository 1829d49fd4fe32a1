-- One host tells what it did and asks for turns; the answer says how many it has, and when to ask again.
-- Every time is this server's, so that the clocks of the hosts do not matter.
--
-- KEYS  1 state of the budget   2 requests sent, by time   3 hosts that wait, packed   4 hosts, by when last seen
-- ARGV  1 what is told and asked (`Ask`)   2 how the budget behaves (`Behaviour`), both as JSON

local ask, behaviour = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local STATE, SENT, WAITING, HOSTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local LANES = #ask.wants -- live changes, and the rest

local state = {}
local stored = redis.call('HGETALL', STATE)
for at = 1, #stored, 2 do state[stored[at]] = tonumber(stored[at + 1]) end

-- A clock that is set back must not stop the budget: time goes on from where it was.
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1e6 + (state.ahead or 0)
if state.at and now < state.at then
  state.ahead = (state.ahead or 0) + state.at - now
  now = state.at
end

-- The first write frees memory: after it, a server that has none left takes the others of a script, too.
redis.call('ZREMRANGEBYSCORE', SENT, '-inf', string.format('(%.6f', now - ask.span))

-- One that was away comes back, and nobody was heard meanwhile: all were away, and went on with their shares.
-- The same where the books are new. Until all have told what they sent, those who have draw on their part.
local is_new = not state.born or (ask.returns and now - state.at > behaviour.silence)
if is_new then state.born, state.expects, state.turns = now, 0, 0 end
state.expects = math.max(state.expects or 0, ask.knows)
if not ask.leaves then redis.call('ZADD', HOSTS, string.format('%.6f', now), ask.host) end
local heard = redis.call('ZCOUNT', HOSTS, string.format('%.6f', state.born), '+inf')
local part = 1
if now < state.born + behaviour.gathers then part = math.min(1, heard / math.max(1, state.expects)) end

state.paused_until = state.paused_until or now
state.count = state.count or 0

local function full_pace()
  if not state.floor then return ask.rate end
  local since = math.max(0, now - state.resumed)
  if since < behaviour.comes_back then
    return state.floor + (state.knee - state.floor) * since / behaviour.comes_back
  end
  return math.min(ask.rate, state.knee + ask.rate * ((since - behaviour.comes_back) / behaviour.probes) ^ 2)
end

local function pace() return part * full_pace() end

local function sent(at)
  state.count = state.count + 1
  redis.call('ZADD', SENT, string.format('%.6f', at), string.format('%.0f', state.count))
end

-- What was sent, and what was not after all.
local turns = math.min(ask.burst, (state.turns or 0) + (now - (state.at or now)) * pace())
for _, age in ipairs(ask.sent) do
  if age <= ask.span then sent(now - age) end
end
if ask.unused > 0 then
  redis.call('ZPOPMAX', SENT, ask.unused)
  turns = math.min(ask.burst, turns + ask.unused)
end

state.paused_until = math.max(state.paused_until, now + ask.pause)
if ask.refused then
  redis.call('ZPOPMAX', SENT)
  if now - ask.refused >= (state.refused_at or 0) then
    local granted = redis.call('ZCOUNT', SENT, string.format('%.6f', now - behaviour.window), '+inf')
    local before = full_pace()
    state.floor = before * behaviour.backoff
    state.knee = math.max(state.floor, math.min(before, granted / behaviour.window * behaviour.headroom))
    state.resumed = state.paused_until
    state.refused_at = now
  end
end

-- Who else waits.
local mine, others = { wants = {}, tags = {} }, {}
local packed = redis.call('HGETALL', WAITING)
for at = 1, #packed, 2 do
  local each = cmsgpack.unpack(packed[at + 1])
  local waits = now <= each.expires
  if packed[at] == ask.host then
    mine.tags = each.tags
    if waits then mine.wants = each.wants end
  elseif waits then
    others[#others + 1] = each
    each.first = packed[at] < ask.host and 1 or 0 -- of two that are equal
  elseif now > each.expires + behaviour.remembers then
    redis.call('HDEL', WAITING, packed[at])
  end
end

-- Within a lane hosts take turns: each has a tag that grows with its turns, and the lowest is next.
for lane = 1, LANES do
  local tag = mine.tags[lane] or 0
  if (mine.wants[lane] or 0) == 0 then tag = math.max(tag, state['served' .. lane] or 0) end
  mine.tags[lane], mine.wants[lane] = tag, ask.wants[lane]
end

local function ahead(lane)
  local count = 0
  for _, each in ipairs(others) do
    for urgent = 1, lane - 1 do count = count + each.wants[urgent] end
    local turns_ahead = mine.tags[lane] - each.tags[lane] + each.first
    count = count + math.max(0, math.min(each.wants[lane], turns_ahead))
  end
  return count
end

local function next_lane()
  for lane = 1, LANES do
    if mine.wants[lane] > 0 then return lane end
  end
end

local granted, lane = 0, next_lane()
local room = math.floor(part * ask.limit) - redis.call('ZCARD', SENT)
while lane and now >= state.paused_until and math.min(turns, room) >= ahead(lane) + 1 do
  local served = 'served' .. lane
  state[served] = math.max(state[served] or 0, mine.tags[lane])
  mine.tags[lane] = mine.tags[lane] + 1
  mine.wants[lane] = mine.wants[lane] - 1
  granted, turns, room = granted + 1, turns - 1, room - 1
  sent(now)
  lane = next_lane()
end

-- When the next turn may come: once the pause is over, enough turns have come, and enough requests are a minute old.
local again = 0
if lane then
  local needed = ahead(lane) + 1
  again = math.max(state.paused_until - now, (needed - turns) / pace(), behaviour.soonest)
  if needed > room then
    local oldest = redis.call('ZRANGE', SENT, needed - room - 1, needed - room - 1, 'WITHSCORES')
    again = math.max(again, oldest[2] and oldest[2] + ask.span - now or behaviour.latest)
  end
  again = math.min(again, behaviour.latest)
end

-- What is remembered; a host that does not come back is forgotten.
if ask.leaves then
  redis.call('HDEL', WAITING, ask.host)
  redis.call('ZREM', HOSTS, ask.host)
else
  mine.expires = now + again + behaviour.grace
  redis.call('HSET', WAITING, ask.host, cmsgpack.pack(mine))
end
redis.call('ZREMRANGEBYSCORE', HOSTS, '-inf', string.format('%.6f', now - behaviour.forgets))
state.at, state.turns = now, turns
local fields = {}
for name, value in pairs(state) do
  fields[#fields + 1] = name
  fields[#fields + 1] = string.format('%.6f', value)
end
redis.call('HSET', STATE, unpack(fields))
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, behaviour.lasts) end

local contenders = lane and 1 or 0
for _, each in ipairs(others) do
  for urgent = 1, LANES do
    if each.wants[urgent] > 0 then
      contenders = contenders + 1
      break
    end
  end
end
return cjson.encode({
  granted = granted,
  again = again,
  paused = math.max(0, state.paused_until - now),
  rate = pace(),
  hosts = redis.call('ZCARD', HOSTS),
  contenders = contenders,
  recent = redis.call('ZCARD', SENT),
  at = string.format('%.6f', now),
})
