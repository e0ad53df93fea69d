/**
 * Leases lines that have no result and belong to nobody else, by the store's own clock. KEYS done, leases; ARGV gateway, lease ms, ms to
 * keep the keys, lines. Answers the lines granted.
 */
export const LEASE = `local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local granted = {}
for at = 4, #ARGV do
  local line = ARGV[at]
  if redis.call('HEXISTS', KEYS[1], line) == 0 then
    local lease = redis.call('HGET', KEYS[2], line)
    local who, till = string.match(lease or '', '^(%w+):(%d+)$')
    if not who or who == ARGV[1] or tonumber(till) <= now then
      redis.call('HSET', KEYS[2], line, string.format('%s:%d', ARGV[1], now + tonumber(ARGV[2])))
      granted[#granted + 1] = tonumber(line)
    end
  end
end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return granted`;

/**
 * Keeps the first result of each line. KEYS done, log, leases; ARGV ms to keep the keys, then line and result by turns. Answers the
 * results that had been there before.
 */
export const SETTLE = `local earlier = {}
for at = 2, #ARGV, 2 do
  local place = redis.call('HGET', KEYS[1], ARGV[at])
  if place then
    earlier[#earlier + 1] = redis.call('LINDEX', KEYS[2], place)
  else
    redis.call('HSET', KEYS[1], ARGV[at], redis.call('RPUSH', KEYS[2], ARGV[at + 1]) - 1)
    redis.call('HDEL', KEYS[3], ARGV[at])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return earlier`;
