// Where a datagram goes next (RFC 1122 3.3.1), and which MAC address an address for many maps to.

import * as Ipaddr from "../wire/ipaddr.ts"
import type * as Macaddr from "../wire/macaddr.ts"

/** What an IPv4 interface knows of the network it is on. */
export interface Config {
  readonly ip: Ipaddr.V4
  readonly netmask: Ipaddr.V4
  /** The first is used; RFC 1122 3.3.1.6 wants more than one to be configurable. */
  readonly gateways: readonly Ipaddr.V4[]
}

/** The next hop of a datagram. */
export type Hop =
  /** It is for us, and never reaches the wire. */
  | { readonly tag: "Local" }
  /** Everybody, or a group: the MAC address needs no asking for. */
  | { readonly tag: "Group"; readonly mac: Macaddr.t }
  /** A neighbour: the destination itself, or a gateway. */
  | { readonly tag: "Neighbour"; readonly ip: Ipaddr.V4 }
  | { readonly tag: "NoRoute" }

const BROADCAST_MAC = 0xffffffffffff as Macaddr.t

/** The next hop of a datagram to `dst`. */
export function route(config: Config, dst: Ipaddr.V4): Hop {
  if (isLoopback(dst) || (dst === config.ip && dst !== Ipaddr.any)) return { tag: "Local" }
  if (isBroadcast(config, dst)) return { tag: "Group", mac: BROADCAST_MAC }
  if (Ipaddr.isMulticast(dst)) return { tag: "Group", mac: macOfMulticast(dst) }
  if (((dst ^ config.ip) & config.netmask) === 0) return { tag: "Neighbour", ip: dst }
  const gateway = config.gateways[0]
  return gateway === undefined ? { tag: "NoRoute" } : { tag: "Neighbour", ip: gateway }
}

/**
 * Whether `dst` is everybody on this network: 255.255.255.255, the network's own broadcast address, or 0.0.0.0, which
 * BSD used for it and hosts are to recognise still (RFC 1122 3.3.6).
 */
export function isBroadcast(config: Config, dst: Ipaddr.V4): boolean {
  if (dst === Ipaddr.broadcast || dst === Ipaddr.any) return true
  // RFC 3021 2.2: a network of 31 or 32 bits has no address to spare for broadcast.
  if (config.netmask >>> 0 >= 0xfffffffe) return false
  return dst === Ipaddr.ofInt32(config.ip | ~config.netmask)
}

/** Whether `ip` is in 127.0.0.0/8, which must never be seen on a wire (RFC 1122 3.2.1.3 (g)). */
export function isLoopback(ip: Ipaddr.V4): boolean {
  return ip >>> 24 === 127
}

/** RFC 1112 6.4: 01:00:5e and the low 23 bits of the group. */
export function macOfMulticast(group: Ipaddr.V4): Macaddr.t {
  return (0x01005e000000 + (group & 0x7fffff)) as Macaddr.t
}

/** Throws `RangeError` unless the ones of `mask` all come before its zeros. */
export function checkNetmask(mask: Ipaddr.V4): void {
  const hosts = ~mask >>> 0
  if ((hosts & (hosts + 1)) !== 0)
    throw new RangeError(`${Ipaddr.toString(mask)} is not a netmask: expected ones, then zeros, as in 255.255.255.0`)
}
