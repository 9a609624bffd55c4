// Two IPv4 interfaces at the ends of one wire, for tests of what is above IP. What the wire does to datagrams is up to the
// test: delay, loss, duplication, reordering, from a seeded generator, or a function that looks at each.

import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import { error, ok } from "../../src/mirage/result.ts"
import type { IpHandlers, IpProtocol, IPV4 } from "../../src/mirage/signatures/ipv4.ts"
import * as Ipaddr from "../../src/mirage/wire/ipaddr.ts"
import { pseudoHeaderSum } from "../../src/mirage/wire/ipv4.ts"
import { decodeTcp, type TcpSegment } from "../../src/mirage/wire/tcp.ts"
import { seededRandom, type VirtualTime } from "./virtual-time.ts"

/** What the wire does. Probabilities are 0..1. */
export interface WireFaults {
  readonly delayMs?: number
  readonly loss?: number
  readonly duplicate?: number
  /** A datagram that is overtaken waits this much longer. */
  readonly reorder?: number
  readonly reorderMs?: number
  readonly seed?: number
  /** Bytes a millisecond in each direction; unlimited if left out. */
  readonly bandwidth?: number
}

/** One end. */
export interface End {
  ip: Ipaddr.V4
  readonly mtu: number
  handlers: IpHandlers
  peer: End
  /** When the wire from here is free again. */
  busyUntil: number
}

/** Both ends, and what may be done to what is between them. */
export interface IpPair {
  readonly a: End
  readonly b: End
  readonly Ip: IPV4<End>
  /** Called with each TCP segment that is sent; false loses it. */
  filter: (from: End, segment: TcpSegment) => boolean
  faults: WireFaults
}

const PROTO: Readonly<Record<IpProtocol, number>> = { icmp: 1, tcp: 6, udp: 17 }

/** 10.0.0.1 and 10.0.0.2, with a wire between them. With no delay, `write` delivers before it returns. */
export function ipPair(
  time: VirtualTime,
  faults: WireFaults = {},
  mtu: readonly [number, number] = [1480, 1480],
): IpPair {
  const random = seededRandom(faults.seed ?? 1)
  const chance = (p: number | undefined) => p !== undefined && p > 0 && random.int(1e9) < p * 1e9
  const a = { ip: Ipaddr.make(10, 0, 0, 1), mtu: mtu[0], handlers: {}, busyUntil: 0 } as End
  const b = { ip: Ipaddr.make(10, 0, 0, 2), mtu: mtu[1], handlers: {}, busyUntil: 0, peer: a } as End
  a.peer = b

  function carry(from: End, proto: IpProtocol, payload: Uint8Array): void {
    const { peer } = from
    const arrive = () =>
      Lwt.async(() => peer.handlers[proto as "tcp" | "udp"]?.(from.ip, peer.ip, payload) ?? Lwt.return())
    const { delayMs = 0, loss, duplicate, reorder, reorderMs = 10, bandwidth } = pair.faults
    if (proto === "tcp") {
      const r = decodeTcp(payload, pseudoHeaderSum(from.ip, peer.ip, PROTO.tcp, payload.length))
      if (!r.ok) throw new Error(`a bad TCP segment was sent: ${r.error}`)
      if (!pair.filter(from, r.value)) return
    }
    for (let copies = chance(duplicate) ? 2 : 1; copies > 0; copies--) {
      if (chance(loss)) continue
      let wait = delayMs + (chance(reorder) ? reorderMs : 0)
      if (bandwidth !== undefined) {
        from.busyUntil = Math.max(from.busyUntil, time.now()) + (payload.length + 34) / bandwidth
        wait += from.busyUntil - time.now()
      }
      if (wait === 0) arrive()
      else time.at(time.now() + wait, arrive)
    }
  }

  const Ip: IPV4<End> = {
    disconnect: () => Lwt.return(),
    input(t, handlers) {
      t.handlers = handlers
      return () => Lwt.return()
    },
    write(t, dst, proto, payload) {
      if (payload.length > t.mtu) return Lwt.return(error("would-fragment"))
      if (dst !== t.peer.ip) return Lwt.return(error("no-route"))
      carry(t, proto, payload)
      return Lwt.return(ok(undefined))
    },
    src: (t) => t.ip,
    setIp(t, address) {
      t.ip = address
      return Lwt.return()
    },
    setIpNetmask: () => Lwt.return(),
    setIpGateways: () => Lwt.return(),
    getIp: (t) => t.ip,
    getIpNetmask: () => Ipaddr.netmask(24),
    getIpGateways: () => [],
    mtu: (t) => t.mtu,
  }
  const pair: IpPair = { a, b, Ip, filter: () => true, faults }
  return pair
}
