// The module type ARP of MirageOS (V1.ARP of 2.x, Arp.S of 3.x).

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type * as Ipaddr from "../wire/ipaddr.ts"
import type * as Macaddr from "../wire/macaddr.ts"
import type { DEVICE } from "./device.ts"

/** What a table shows of one neighbour. */
export interface ArpEntry {
  readonly ip: Ipaddr.V4
  /** `undefined` while the question is still open. */
  readonly mac: Macaddr.t | undefined
  readonly kind: "static" | "dynamic" | "pending"
}

/** Address resolution: which MAC address has this IPv4 address? */
export interface ARP<T> extends DEVICE<T> {
  /** The address of `ip`'s interface, asked for on the wire if it is not known. */
  query(t: T, ip: Ipaddr.V4): Lwt.t<Result<Macaddr.t, "timeout">>
  /** `input(t)` is the `arpv4` handler of ETHIF.input. */
  input(t: T): (payload: Uint8Array) => Lwt.t<void>
  /** The addresses that are answered for. */
  getIps(t: T): readonly Ipaddr.V4[]
  /** Answer for exactly these, duplicates dropped; each is announced (RFC 5227 2.3). */
  setIps(t: T, ips: readonly Ipaddr.V4[]): Lwt.t<void>
  /** Answer for `ip` too, and announce it; nothing happens if it is answered for already. */
  addIp(t: T, ip: Ipaddr.V4): Lwt.t<void>
  /** Answer for `ip` no longer. */
  removeIp(t: T, ip: Ipaddr.V4): Lwt.t<void>
  /** Know `mac` for `ip`, whatever the wire says. */
  addStatic(t: T, ip: Ipaddr.V4, mac: Macaddr.t): void
  /** Know nothing about `ip` any more. */
  forget(t: T, ip: Ipaddr.V4): void
  /** Every neighbour, by address. */
  entries(t: T): readonly ArpEntry[]
}
