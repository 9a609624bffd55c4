// Ethernet (EUI-48) addresses. The names are those of MirageOS's `Macaddr`.

import { error, ok, type Result } from "../result.ts"

declare const macaddr: unique symbol

/** A MAC address: an unsigned 48-bit number in network order, which a JavaScript number holds exactly. */
export type t = number & { readonly [macaddr]: true }

/** ff:ff:ff:ff:ff:ff. */
export const broadcast: t = 0xffffffffffff as t

/** The address in the six bytes of `buf` at `offset`. Throws `RangeError` past the end. */
export function ofOctets(buf: Uint8Array, offset = 0): t {
  if (offset < 0 || offset + 6 > buf.length)
    throw new RangeError(`no 6 bytes at ${offset} in a buffer of ${buf.length}`)
  // Byte by byte: every frame comes through here three times, and making a DataView costs more than this does.
  const high = (buf[offset]! << 8) | buf[offset + 1]!
  const low = (buf[offset + 2]! << 24) | (buf[offset + 3]! << 16) | (buf[offset + 4]! << 8) | buf[offset + 5]!
  return (high * 0x100000000 + (low >>> 0)) as t
}

/** Write the address's six bytes into `buf` at `offset`. Throws `RangeError` past the end. */
export function blit(a: t, buf: Uint8Array, offset = 0): void {
  if (offset < 0 || offset + 6 > buf.length)
    throw new RangeError(`no 6 bytes at ${offset} in a buffer of ${buf.length}`)
  const high = Math.floor(a / 0x100000000)
  const low = a | 0
  buf[offset] = high >> 8
  buf[offset + 1] = high
  buf[offset + 2] = low >>> 24
  buf[offset + 3] = low >>> 16
  buf[offset + 4] = low >>> 8
  buf[offset + 5] = low
}

/** Parse six hexadecimal octets with colons or dashes. */
export function ofString(text: string): Result<t, "bad-address"> {
  if (!/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text)) return error("bad-address")
  return ok(Number.parseInt(text.replaceAll(/[:-]/g, ""), 16) as t)
}

/** Like {@link ofString}, but throws `RangeError` naming the text. */
export function ofStringExn(text: string): t {
  const r = ofString(text)
  if (!r.ok) throw new RangeError(`"${text}" is not a MAC address: expected six octets, as in 02:00:00:00:00:01`)
  return r.value
}

/** Six octets with colons, lower case. */
export function toString(a: t): string {
  return a
    .toString(16)
    .padStart(12, "0")
    .replaceAll(/(..)(?=.)/g, "$1:")
}

/** Whether the group bit is set: multicast and broadcast (IEEE 802). */
export function isMulticast(a: t): boolean {
  return (Math.floor(a / 0x10000000000) & 1) === 1
}
