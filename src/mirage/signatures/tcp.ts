// The module type TCPV4 of MirageOS 2.0 (Tcpip.Tcp.S of 7.x).

import type * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type * as Ipaddr from "../wire/ipaddr.ts"
import type { DEVICE } from "./device.ts"
import type { FLOW, Written } from "./flow.ts"
import type { IpInput } from "./ipv4.ts"

/** What to do with a connection that a peer has opened. The flow is closed by whoever handles it. */
export type TcpCallback<F> = (flow: F) => Lwt.t<void>

/** Why a connection could not be made. */
export type ConnectError = { readonly kind: "refused" } | { readonly kind: "timeout" } | { readonly kind: "no-route" }

/** TCP over some IPV4. `T` is the protocol's state, `F` a connection. Ports are 1..65535. */
export interface TCPV4<T, F> extends DEVICE<T>, FLOW<F> {
  /** `input(t, { listeners })` is the `tcp` handler of {@link IPV4.input}; a port without listener answers RST. */
  input(t: T, by: { readonly listeners: (dstPort: number) => TcpCallback<F> | undefined }): IpInput
  /** Open a connection. OCaml's `create_connection t (dst, port)`. */
  createConnection(t: T, to: readonly [dst: Ipaddr.V4, dstPort: number]): Lwt.t<Result<F, ConnectError>>
  /** The peer's address and port. OCaml's `get_dest`, later `dst`. */
  dst(flow: F): readonly [Ipaddr.V4, number]
  /** As {@link FLOW.write}, without waiting to fill a segment (Nagle). */
  writeNodelay(flow: F, data: Uint8Array): Lwt.t<Written>
  /** Drop the connection at once with a reset. */
  reset(flow: F): Lwt.t<void>
}
