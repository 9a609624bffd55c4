// The module type UDPV4 of MirageOS 2.0 (Tcpip.Udp.S of 7.x).

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type * as Ipaddr from "../wire/ipaddr.ts"
import type { DEVICE } from "./device.ts"
import type { IpError, IpInput } from "./ipv4.ts"

/** A datagram for one of our ports. */
export type UdpCallback = (src: Ipaddr.V4, srcPort: number, dst: Ipaddr.V4, payload: Uint8Array) => Lwt.t<void>

/** UDP over some IPV4. Ports are 1..65535. */
export interface UDPV4<T> extends DEVICE<T> {
  /** `input(t, { listeners })` is the `udp` handler of {@link IPV4.input}; a port without listener drops the datagram. */
  input(t: T, by: { readonly listeners: (dstPort: number) => UdpCallback | undefined }): IpInput
  /** Send one datagram. `srcPort` is random above 1023 if left out. */
  write(
    t: T,
    to: { readonly srcPort?: number; readonly dst: Ipaddr.V4; readonly dstPort: number },
    payload: Uint8Array,
  ): Lwt.t<Result<void, IpError>>
}
