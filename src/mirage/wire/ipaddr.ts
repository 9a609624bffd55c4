// IPv4 addresses and prefixes. The names are those of MirageOS's `Ipaddr.V4`; the text form is RFC 791's dotted quad.

import { error, ok, type Result } from "../result.ts"

declare const ipv4: unique symbol

/** An IPv4 address: an unsigned 32-bit number in network order. Branded, so that a plain number is not one by accident. */
export type V4 = number & { readonly [ipv4]: true }

/** An address with the length of its network's prefix (0..32), `10.0.0.2/24`. `Ipaddr.V4.Prefix`. */
export interface Cidr {
  readonly address: V4
  readonly bits: number
}

/** The address of four octets, each 0..255. Throws `RangeError` for any other. */
export function make(a: number, b: number, c: number, d: number): V4 {
  for (const octet of [a, b, c, d])
    if (!Number.isInteger(octet) || octet < 0 || octet > 255) throw new RangeError(`IPv4 octet ${octet} is not 0..255`)
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) as V4
}

/** The address of an unsigned 32-bit number; higher bits are dropped. */
export function ofInt32(n: number): V4 {
  return (n >>> 0) as V4
}

/** Parse a dotted quad: four decimal octets without leading zeros. */
export function ofString(text: string): Result<V4, "bad-address"> {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (m === null) return error("bad-address")
  const octets = m.slice(1)
  if (octets.some((o) => Number(o) > 255 || (o.length > 1 && o.startsWith("0")))) return error("bad-address")
  return ok(make(Number(octets[0]), Number(octets[1]), Number(octets[2]), Number(octets[3])))
}

/** Like {@link ofString}, but throws `RangeError` naming the text. */
export function ofStringExn(text: string): V4 {
  const r = ofString(text)
  if (!r.ok) throw new RangeError(`"${text}" is not an IPv4 address: expected four numbers 0..255, as in 10.0.0.2`)
  return r.value
}

/** The dotted quad. */
export function toString(a: V4): string {
  return `${a >>> 24}.${(a >>> 16) & 0xff}.${(a >>> 8) & 0xff}.${a & 0xff}`
}

/** Parse `10.0.0.2/24`. */
export function cidrOfString(text: string): Result<Cidr, "bad-address" | "bad-prefix"> {
  const slash = text.indexOf("/")
  if (slash < 0 || !/^\d{1,2}$/.test(text.slice(slash + 1))) return error("bad-prefix")
  const bits = Number(text.slice(slash + 1))
  if (bits > 32) return error("bad-prefix")
  const address = ofString(text.slice(0, slash))
  return address.ok ? ok({ address: address.value, bits }) : address
}

/** The netmask of a prefix length 0..32: 24 is 255.255.255.0. Throws `RangeError` outside the range. */
export function netmask(bits: number): V4 {
  if (!Number.isInteger(bits) || bits < 0 || bits > 32) throw new RangeError(`prefix length ${bits} is not 0..32`)
  return ofInt32(bits === 0 ? 0 : -1 << (32 - bits))
}

/** Whether `a` lies in the network of `cidr`. */
export function inNetwork(cidr: Cidr, a: V4): boolean {
  return ((cidr.address ^ a) & netmask(cidr.bits)) === 0
}

/** The directed broadcast address of the network: 10.0.0.255 for 10.0.0.2/24 (RFC 919). */
export function broadcastOf(cidr: Cidr): V4 {
  return ofInt32(cidr.address | ~netmask(cidr.bits))
}

/** Whether `a` is in 224.0.0.0/4 (RFC 1112). */
export function isMulticast(a: V4): boolean {
  return a >>> 28 === 0xe
}

/** 0.0.0.0: "this host" before it has an address, and "any" in a listener. */
export const any: V4 = ofInt32(0)
/** 255.255.255.255, limited broadcast (RFC 919). */
export const broadcast: V4 = ofInt32(0xffffffff)
/** 127.0.0.1. */
export const localhost: V4 = ofInt32(0x7f000001)
