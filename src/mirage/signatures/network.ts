// The module type NETWORK of MirageOS (V1.NETWORK; Mirage_net.S of 3.x): a device that carries Ethernet frames.

import type * as Lwt from "../lwt/lwt.ts"
import type * as Macaddr from "../wire/macaddr.ts"
import type { DEVICE } from "./device.ts"

/** Frames and bytes counted since the device was made. Mirage_net.stats. */
export interface NetworkStats {
  readonly rxPackets: number
  readonly rxBytes: number
  readonly txPackets: number
  readonly txBytes: number
}

/** A network interface card. A frame is a whole Ethernet frame without preamble and check sequence. */
export interface NETWORK<T> extends DEVICE<T> {
  /** Send one frame. The buffer belongs to the device from here on. */
  write(t: T, frame: Uint8Array): Lwt.t<void>
  /**
   * Hand every frame that arrives to `input`, until {@link DEVICE.disconnect}: the promise resolves then, and not before.
   * The buffer belongs to `input`.
   */
  listen(t: T, input: (frame: Uint8Array) => Lwt.t<void>): Lwt.t<void>
  mac(t: T): Macaddr.t
  /** The largest Ethernet payload in bytes, 1500 as a rule: the frame is 14 bytes longer. */
  mtu(t: T): number
  stats(t: T): NetworkStats
}
