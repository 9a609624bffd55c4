// The module type ICMPV4 (Icmpv4.S of MirageOS 3.x), and what it wants of the IPv4 below it.

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type { Icmpv4Message } from "../wire/icmpv4.ts"
import type * as Ipaddr from "../wire/ipaddr.ts"
import type { Ipv4Datagram } from "../wire/ipv4.ts"
import type { DEVICE } from "./device.ts"
import type { IPV4 } from "./ipv4.ts"

/** Hears of an ICMP message that came for us, and the datagram it came in. */
export type IcmpListener = (message: Icmpv4Message, datagram: Ipv4Datagram) => void

/** An IPV4 that lets upper layers hear ICMP: errors about what they sent (RFC 1122 3.2.2), and echo replies. */
export interface IPV4_WITH_ICMP<T> extends IPV4<T> {
  /** Tell `listener` of every ICMP message from now on, echo requests included. The result stops that. */
  listenIcmp(t: T, listener: IcmpListener): () => void
}

/** What an echo reply told. */
export interface Pong {
  readonly from: Ipaddr.V4
  readonly seq: number
  readonly ttl: number
  /** Length of the ICMP message: the payload and 8 bytes. */
  readonly length: number
  readonly rttMs: number
}

/** Why there was no echo reply. `from` is who said that the destination cannot be reached. */
export type PingError =
  | { readonly kind: "timeout" }
  | { readonly kind: "no-route" }
  | { readonly kind: "too-long" }
  | { readonly kind: "unreachable"; readonly from: Ipaddr.V4; readonly code: number }
  | { readonly kind: "ttl-exceeded"; readonly from: Ipaddr.V4 }

/** ICMP for a program that wants to ask. Echo requests of others are answered by IPv4 itself. */
export interface ICMPV4<T> extends DEVICE<T> {
  /**
   * Send one echo request and wait for its reply. `seq` is 1 if left out, `id` distinguishes users (random would do;
   * counted if left out), `payload` is 56 bytes as in ping(8), `timeoutMs` 1000. Cancelling the promise stops waiting.
   */
  ping(
    t: T,
    dst: Ipaddr.V4,
    how?: {
      readonly id?: number
      readonly seq?: number
      readonly payload?: Uint8Array
      readonly timeoutMs?: number
    },
  ): Lwt.t<Result<Pong, PingError>>
}
