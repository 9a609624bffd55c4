// The module type IPV4 of MirageOS 2.0 (Tcpip.Ip.S of 7.x).

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type * as Ipaddr from "../wire/ipaddr.ts"
import type { DEVICE } from "./device.ts"

/** The upper-layer protocols that have a number of their own (IANA protocol numbers). */
export type IpProtocol = "icmp" | "tcp" | "udp"

/** What an upper layer does with a datagram's payload. */
export type IpInput = (src: Ipaddr.V4, dst: Ipaddr.V4, payload: Uint8Array) => Lwt.t<void>

/** Where datagrams go by protocol. `default` takes the rest, with the protocol number. */
export interface IpHandlers {
  readonly tcp?: IpInput
  readonly udp?: IpInput
  readonly default?: (proto: number, src: Ipaddr.V4, dst: Ipaddr.V4, payload: Uint8Array) => Lwt.t<void>
}

/** Why a datagram was not sent. */
export type IpError = "no-route" | "would-fragment"

/** An IPv4 interface. */
export interface IPV4<T> extends DEVICE<T> {
  /**
   * `input(t, handlers)` is the `ipv4` handler of {@link ETHIF.input}. Bad datagrams, and those for others, are dropped.
   * ICMP echo is answered by the layer itself; other ICMP goes to `default`.
   */
  input(t: T, handlers: IpHandlers): (payload: Uint8Array) => Lwt.t<void>
  /** Send `payload` to `dst`, resolving the next hop first. Fragments are not made. */
  write(t: T, dst: Ipaddr.V4, proto: IpProtocol, payload: Uint8Array): Lwt.t<Result<void, IpError>>
  /** The source address that a datagram to `dst` will carry. */
  src(t: T, dst: Ipaddr.V4): Ipaddr.V4
  /** Set the address; announces it (gratuitous ARP, RFC 5227). OCaml's `set_ip`. */
  setIp(t: T, address: Ipaddr.V4): Lwt.t<void>
  setIpNetmask(t: T, mask: Ipaddr.V4): Lwt.t<void>
  setIpGateways(t: T, gateways: readonly Ipaddr.V4[]): Lwt.t<void>
  getIp(t: T): Ipaddr.V4
  getIpNetmask(t: T): Ipaddr.V4
  getIpGateways(t: T): readonly Ipaddr.V4[]
  /** The largest payload in bytes: the Ethernet MTU less the 20 bytes of header. */
  mtu(t: T): number
}
