// A network card at a port of the simulated switch. This file is the module NETWORK of a machine there:
// `import * as Netif from "./netif.ts"`, then `Ethif.Make(Netif)`. Upstream's twin is Vnetif.Make(B).

import * as Lwt from "../lwt/lwt.ts"
import { error, ok } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { NetworkStats } from "../signatures/network.ts"
import { ETHERNET_HEADER_LEN } from "../wire/ethernet.ts"
import type * as Macaddr from "../wire/macaddr.ts"
import type { Port } from "./switch.ts"

/** RFC 894: the largest payload of an Ethernet frame. */
const ETHERNET_MTU = 1500
/** RFC 791: what every network can carry. */
const LEAST_MTU = 68

/** A network card. */
export interface t {
  readonly port: Port
  readonly mtu: number
  readonly counted: { rxPackets: number; rxBytes: number; txPackets: number; txBytes: number }
  /** Resolves when the card is disconnected. */
  readonly gone: Lwt.t<void>
  readonly goneResolver: Lwt.u<void>
  listening: boolean
}

/** What a card is like. */
export interface NetifOptions {
  /** The largest Ethernet payload, 68..65535; 1500 if left out. */
  readonly mtu?: number
}

/** Put a card into the machine at `port`. Frames that arrive before it is told to {@link listen} are lost. */
export function connect(port: Port, { mtu = ETHERNET_MTU }: NetifOptions = {}): Connected<t> {
  if (!Number.isInteger(mtu) || mtu < LEAST_MTU || mtu > 65535)
    return Lwt.return(error({ kind: "bad-mtu", message: `an MTU of ${mtu}: expected ${LEAST_MTU}..65535` }))
  const [gone, goneResolver] = Lwt.wait<void>()
  const counted = { rxPackets: 0, rxBytes: 0, txPackets: 0, txBytes: 0 }
  return Lwt.return(ok({ port, mtu, counted, gone, goneResolver, listening: false }))
}

/** Pull the plug. {@link listen} resolves; what is still written goes nowhere. */
export function disconnect(t: t): Lwt.t<void> {
  if (Lwt.isSleeping(t.gone)) {
    t.port.unplug()
    t.port.onReceive(undefined)
    Lwt.wakeup(t.goneResolver)
  }
  return Lwt.return()
}

/** See NETWORK.write. Throws `RangeError` for a frame longer than the MTU and its header, or shorter than a header. */
export function write(t: t, frame: Uint8Array): Lwt.t<void> {
  const most = t.mtu + ETHERNET_HEADER_LEN
  if (frame.length > most) throw new RangeError(`a frame of ${frame.length} bytes: at most ${most} with this MTU`)
  if (frame.length < ETHERNET_HEADER_LEN) throw new RangeError(`a frame of ${frame.length} bytes has no header`)
  t.counted.txPackets++
  t.counted.txBytes += frame.length
  t.port.send(frame)
  return Lwt.return()
}

/** See NETWORK.listen. Throws if the card is listened to already: one listener takes all frames. */
export function listen(t: t, input: (frame: Uint8Array) => Lwt.t<void>): Lwt.t<void> {
  if (t.listening) throw new Error(`${t.port.name} is listened to already: one listener takes all frames`)
  t.listening = true
  if (!Lwt.isSleeping(t.gone)) return t.gone
  t.port.onReceive((frame) => {
    // A frame longer than the card's MTU is noise to it, as to a real one.
    if (frame.length > t.mtu + ETHERNET_HEADER_LEN) return
    t.counted.rxPackets++
    t.counted.rxBytes += frame.length
    // The card does not wait for the stack: the next frame may arrive while this one is being dealt with.
    Lwt.async(() => input(frame))
  })
  return t.gone
}

/** The card's address. */
export function mac(t: t): Macaddr.t {
  return t.port.mac
}

/** The largest Ethernet payload in bytes. */
export function mtu(t: t): number {
  return t.mtu
}

/** What has gone through the card so far. */
export function stats(t: t): NetworkStats {
  return { ...t.counted }
}
