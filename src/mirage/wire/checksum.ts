// RFC 1071, Computing the Internet Checksum: the 16-bit one's complement sum that IPv4, ICMP, UDP and TCP carry.
//
// A sum is a number 0..0xffff in which 0 and 0xffff both stand for zero. Sums add up, so that the sum of a
// pseudo-header, or of an earlier part of even length, is handed on as `start`.

/**
 * The one's complement sum of the 16-bit words of `buf`, added to `start`. A last odd byte counts as the high half of a
 * word (RFC 1071 section 1). Over data that holds its own correct checksum, the sum is 0xffff.
 */
export function sum(buf: Uint8Array, start = 0): number {
  // High and low halves are added up apart, eight bytes a turn: that is twice as fast as making words of them, needs no
  // alignment, and neither total leaves the 31 bits that engines keep unboxed until buf is 16 MB long.
  let high = 0
  let low = 0
  const { length } = buf
  const whole = length & ~7
  let i = 0
  for (; i < whole; i += 8) {
    high += buf[i]! + buf[i + 2]! + buf[i + 4]! + buf[i + 6]!
    low += buf[i + 1]! + buf[i + 3]! + buf[i + 5]! + buf[i + 7]!
  }
  for (; i < length; i++)
    if (i & 1) low += buf[i]!
    else high += buf[i]!
  return fold(start + high * 0x100 + low)
}

/** The two sums together. */
export function add(a: number, b: number): number {
  return fold(a + b)
}

/** The checksum field for a sum over data in which that field was zero: the sum's one's complement. */
export function finish(sum: number): number {
  return ~sum & 0xffff
}

/** Add the carries back in (RFC 1071 section 2, "end-around carry"). */
function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000)
  return sum
}
