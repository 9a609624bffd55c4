// The module type ETHIF of MirageOS 2.0 (Ethernet.S of 3.x).

import type * as Lwt from "../lwt/lwt.ts"
import type * as Macaddr from "../wire/macaddr.ts"
import type { DEVICE } from "./device.ts"

/** What to do with the payload of a frame, by its EtherType. */
export interface EthernetHandlers {
  /** The payload of an ARP frame (0x0806). Left out, it goes to whoever {@link ETHIF.takeArpv4 took} them. */
  readonly arpv4?: (payload: Uint8Array) => Lwt.t<void>
  readonly ipv4?: (payload: Uint8Array) => Lwt.t<void>
  readonly ipv6?: (payload: Uint8Array) => Lwt.t<void>
}

/** An Ethernet interface over some NETWORK. */
export interface ETHIF<T> extends DEVICE<T> {
  /** Send `payload` to `dst` with the 16-bit EtherType `ethertype`; the source is {@link mac}. */
  write(t: T, dst: Macaddr.t, ethertype: number, payload: Uint8Array): Lwt.t<void>
  /**
   * `input(t, handlers)` is what {@link NETWORK.listen} wants. Frames for neither our address, broadcast nor
   * multicast are dropped, and so are frames that are too short.
   */
  input(t: T, handlers: EthernetHandlers): (frame: Uint8Array) => Lwt.t<void>
  /**
   * From now on, ARP payloads that {@link EthernetHandlers} name no handler for go to `arpv4`. The layer that resolves
   * addresses calls this when it is connected: in MirageOS 2.0 ARP needed no wiring by the application, as the deck's
   * code shows.
   */
  takeArpv4(t: T, arpv4: (payload: Uint8Array) => Lwt.t<void>): void
  mac(t: T): Macaddr.t
  /** The largest payload in bytes. */
  mtu(t: T): number
}
