// The module type STACKV4 of MirageOS 2.0 (Tcpip.Stack.V4 of 7.x): TCP and UDP with listeners by port.

import type * as Lwt from "../lwt/lwt.ts"
import type { DEVICE } from "./device.ts"
import type { IPV4 } from "./ipv4.ts"
import type { TCPV4, TcpCallback } from "./tcp.ts"
import type { UDPV4, UdpCallback } from "./udp.ts"

/** A whole stack. `S` is the stack, `I`, `U`, `T` its layers' states and `F` a TCP connection. */
export interface STACKV4<S, I, U, T, F> extends DEVICE<S> {
  readonly IPV4: IPV4<I>
  readonly UDPV4: UDPV4<U>
  readonly TCPV4: TCPV4<T, F>
  ipv4(s: S): I
  udpv4(s: S): U
  tcpv4(s: S): T
  /** From now on, hand connections to `port` to `callback`. Throws `RangeError` for a port that is not 1..65535. */
  listenTcpv4(s: S, on: { readonly port: number }, callback: TcpCallback<F>): void
  /** From now on, hand datagrams to `port` to `callback`. Throws `RangeError` for a port that is not 1..65535. */
  listenUdpv4(s: S, on: { readonly port: number }, callback: UdpCallback): void
  /** Take frames from the network; resolves when the device is disconnected. */
  listen(s: S): Lwt.t<void>
}
