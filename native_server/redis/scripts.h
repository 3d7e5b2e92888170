// What Redis does for a store, in one step each. Every script begins with kScriptHead.
#pragma once

#include <array>
#include <string_view>

namespace playground::server {

// KEYS: the hash, its log, its player, its faults, its end, and the Pub/Sub channel.
// ARGV: the server's name, the life of Redis, six digits for a new epoch, milliseconds until keys
// expire and until another may play; then the script's own, from the sixth.
inline constexpr std::string_view kScriptHead = R"lua(
local hash, log, player, faults, ended, heard = unpack(KEYS)
local me, life, digits, expiry, lease = unpack(ARGV, 1, 5)
local own = 6
local function text(number) return string.format('%.0f', number) end

-- As RedisConnection makes it of run id and replication id.
local function life_now()
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x%x%x%x)')
  return run .. string.match(redis.call('INFO', 'replication'), 'master_replid:(%x%x%x%x)')
end

-- The channel's epoch, last number, last index of the scenario, and changes of faults. Where Redis
-- has lost its memory, or another one has taken its place, what a reader has may not be what is here:
-- the channel goes on in an epoch of its own. Only Redis itself knows, though: a connection may be
-- older than that.
local function look()
  if redis.call('EXISTS', ended) == 1 then return nil, redis.error_reply('ENDED it was ended') end
  local found = redis.call('HMGET', hash, 'epoch', 'last', 'played', 'changes', 'bytes')
  if not found[1] then return nil, redis.error_reply('NONE there is none') end
  if string.sub(found[1], -string.len(life)) ~= life then
    if life_now() ~= life then
      return nil, redis.error_reply('STALE this connection is from an earlier life of Redis')
    end
    found[1], found[2] = digits .. life, '0'
    redis.call('DEL', log)
    redis.call('HSET', hash, 'epoch', found[1], 'last', '0')
    redis.call('HDEL', hash, 'bytes')
    found[5] = false
    redis.call('PUBLISH', heard, 'changed')
  end
  return found
end

-- The set of an owner's channels.
local function of(owner) return 'playground:of:' .. (owner or '') end

local function keep()
  local owner = redis.call('HGET', hash, 'owner')
  for _, key in ipairs({hash, log, faults, of(owner)}) do redis.call('PEXPIRE', key, expiry) end
end

-- What a server has to know; it plays the scenario from now on, unless another does.
local function state(found)
  keep()
  local holder = redis.call('GET', player)
  if holder == me then
    redis.call('PEXPIRE', player, lease)
  elseif not holder then
    redis.call('SET', player, me, 'PX', lease)
    holder = me
  end
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  local first = oldest and string.match(oldest[1], '^%d+') or text(found[2] + 1)
  return {found[1], first, found[2], found[3], found[4], holder == me and '1' or '0',
    redis.call('HGET', hash, 'start')}
end

local function whole(found)
  local scenario, owner = unpack(redis.call('HMGET', hash, 'scenario', 'owner'))
  return {scenario, state(found), redis.call('HGETALL', faults), owner}
end
)lua";

// In the order of RedisStore::Script.
inline constexpr std::array<std::string_view, 10> kScriptSources{
    // Begin: scenario, beginning, index of the scenario's last message, how many faults it has,
    // whether it is only to go on, the highest number that a fault has had, its owner, and how many
    // channels of an owner there may be.
    R"lua(
local goes_on, owner = ARGV[own + 4] == '1', ARGV[own + 6]
if not goes_on and redis.call('EXISTS', hash) == 0 then
  local count = 0
  for _, each in ipairs(redis.call('SMEMBERS', of(owner))) do
    if redis.call('HGET', each, 'owner') == owner then
      count = count + 1
    else
      redis.call('SREM', of(owner), each)
    end
  end
  if count >= tonumber(ARGV[own + 7]) then return redis.error_reply('TOOMANY of the owner') end
end
if not goes_on then redis.call('DEL', ended) end
local found, refusal = look()
if not found then
  if redis.call('EXISTS', ended) == 1 then return refusal end
  redis.call('DEL', log, player, faults)
  redis.call('HSET', hash, 'epoch', digits .. life, 'last', '0',
    'changes', text(tonumber(digits, 16)), 'scenario', ARGV[own], 'start', ARGV[own + 1],
    'played', ARGV[own + 2], 'own', ARGV[own + 3],
    'number', math.max(tonumber(ARGV[own + 3]), tonumber(ARGV[own + 5])), 'owner', owner)
  redis.call('SADD', of(owner), hash)
  redis.call('PUBLISH', heard, 'changed')
  found = look()
end
return whole(found)
)lua",
    // Open
    R"lua(
local found, refusal = look()
if not found then return refusal end
return whole(found)
)lua",
    // Keep
    R"lua(
local found, refusal = look()
if not found then return refusal end
return state(found)
)lua",
    // Leave
    R"lua(
if redis.call('GET', player) == me then redis.call('DEL', player) end
return 1
)lua",
    // Append: when it was due, its index in the scenario or 0, whether some before it are left out,
    // how many the log keeps, a reader's message, and how many bytes of those the log keeps.
    R"lua(
local found, refusal = look()
if not found then return refusal end
local index, played = tonumber(ARGV[own + 1]), tonumber(found[3])
if index > 0 then
  if index <= played then return {found[1], found[2]} end
  if index > played + 1 and ARGV[own + 2] == '0' then return redis.error_reply('LEFTOUT another comes first') end
end
local seq = text(found[2] + 1)
local what = {'t', ARGV[own]}
if index > 0 then
  what[3], what[4] = 'i', ARGV[own + 1]
else
  what[3], what[4] = 'p', ARGV[own + 4]
end
-- Bytes are counted as long as there are any, which is seldom.
local bytes, most = tonumber(found[5] or '0') + string.len(ARGV[own + 4]), tonumber(ARGV[own + 5])
if bytes > 0 then
  local over = redis.call('XLEN', log) + 1 - tonumber(ARGV[own + 3])
  while over > 0 or bytes > most do
    local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
    if not oldest then
      bytes = string.len(ARGV[own + 4])
      break
    end
    if oldest[2][3] == 'p' then bytes = bytes - string.len(oldest[2][4]) end
    redis.call('XDEL', log, oldest[1])
    over = over - 1
  end
  redis.call('HSET', hash, 'bytes', bytes)
end
redis.call('XADD', log, 'MAXLEN', '=', ARGV[own + 3], seq .. '-0', unpack(what))
redis.call('PEXPIRE', log, expiry)
if index > 0 then
  redis.call('HSET', hash, 'last', seq, 'played', ARGV[own + 1])
else
  redis.call('HSET', hash, 'last', seq)
end
redis.call('PUBLISH', heard, table.concat(
  {'message', found[1], seq, ARGV[own], ARGV[own + 1], ARGV[own + 4]}, ' '))
return {found[1], seq}
)lua",
    // Read: after which, and how many at most.
    R"lua(
local found, refusal = look()
if not found then return refusal end
return {found[1], redis.call('XRANGE', log, '(' .. ARGV[own] .. '-0', '+', 'COUNT', ARGV[own + 1])}
)lua",
    // Forget
    R"lua(
redis.call('DEL', log)
redis.call('HDEL', hash, 'bytes')
return 1
)lua",
    // End: of which beginning.
    R"lua(
local start = redis.call('HGET', hash, 'start')
if start and start ~= ARGV[own] then return 0 end
redis.call('DEL', hash, log, player, faults)
redis.call('PUBLISH', heard, 'end')
redis.call('SET', ended, '1', 'PX', 60000)
return 1
)lua",
    // Add a fault: its text, and the numbers of those that are over.
    R"lua(
local found, refusal = look()
if not found then return refusal end
local number = redis.call('HINCRBY', hash, 'number', 1)
redis.call('HSET', faults, number, ARGV[own])
for i = own + 1, #ARGV do redis.call('HDEL', faults, ARGV[i]) end
redis.call('HINCRBY', hash, 'changes', 1)
keep()
redis.call('PUBLISH', heard, 'changed')
return number
)lua",
    // Lift faults: their numbers.
    R"lua(
local found, refusal = look()
if not found then return refusal end
-- The scenario's have to be known as lifted; of others nobody needs to hear any more.
local scenarios = tonumber(redis.call('HGET', hash, 'own'))
for i = own, #ARGV do
  if tonumber(ARGV[i]) > scenarios then
    redis.call('HDEL', faults, ARGV[i])
  else
    redis.call('HSET', faults, ARGV[i], '')
  end
end
redis.call('HINCRBY', hash, 'changes', 1)
keep()
redis.call('PUBLISH', heard, 'changed')
return #ARGV - own + 1
)lua"};

}  // namespace playground::server
