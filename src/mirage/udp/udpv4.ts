// RFC 768 over IPv4 (RFC 1122 section 4.1), the deck's `Udpv4.Make(I)`.
//
// Not implemented: ICMP port unreachable for a port that nobody listens on (RFC 1122 4.1.3.1), and telling a sender of one
// that came back (4.1.3.3); as upstream, such datagrams are counted and dropped.

import * as Lwt from "../lwt/lwt.ts"
import * as OS from "../os/os.ts"
import { error, ok } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { IPV4 } from "../signatures/ipv4.ts"
import type { RANDOM } from "../signatures/time.ts"
import type { UDPV4 } from "../signatures/udp.ts"
import { IPPROTO_UDP, pseudoHeaderSum } from "../wire/ipv4.ts"
import { decodeUdp, encodeUdp, lengthOfUdp, UDP_HEADER_LEN, type UdpError } from "../wire/udp.ts"

const FIRST_UNPRIVILEGED_PORT = 1024

/** Datagrams that input let fall, by reason. */
export type UdpDrops = Record<UdpError | "no-listener", number>

/** UDP over the IPv4 interface `ip`. */
export interface t<I> {
  readonly ip: I
  readonly drops: UdpDrops
}

/** What {@link Make} gives. */
export interface Udpv4<I> extends UDPV4<t<I>> {
  /** Never refuses. */
  connect(ip: I): Connected<t<I>>
}

/** UDP over the IPv4 module `I`. The deck writes `Udpv4.Make(I)`: randomness is then the machine's. */
export function Make<I>(I: IPV4<I>, Random: RANDOM = OS.Random): Udpv4<I> {
  return {
    connect(ip) {
      const drops = { truncated: 0, "bad-length": 0, "bad-checksum": 0, "zero-dst-port": 0, "no-listener": 0 }
      return Lwt.return(ok({ ip, drops }))
    },

    disconnect(_t) {
      return Lwt.return()
    },

    input(t, { listeners }) {
      return (src, dst, buf) => {
        const datagram = decodeUdp(buf, pseudoHeaderSum(src, dst, IPPROTO_UDP, lengthOfUdp(buf)))
        if (!datagram.ok) return drop(t, datagram.error)
        const { srcPort, dstPort, payload } = datagram.value
        const callback = listeners(dstPort)
        return callback === undefined ? drop(t, "no-listener") : callback(src, srcPort, dst, payload)
      }
    },

    write(t, { srcPort, dst, dstPort }, payload) {
      if (srcPort !== undefined) checkPort("source", srcPort)
      checkPort("destination", dstPort)
      const from = srcPort ?? FIRST_UNPRIVILEGED_PORT + Random.int(0x10000 - FIRST_UNPRIVILEGED_PORT)
      if (UDP_HEADER_LEN + payload.length > I.mtu(t.ip)) return Lwt.return(error("would-fragment"))
      const pseudo = pseudoHeaderSum(I.src(t.ip, dst), dst, IPPROTO_UDP, UDP_HEADER_LEN + payload.length)
      return I.write(t.ip, dst, "udp", encodeUdp({ srcPort: from, dstPort, payload }, pseudo))
    },
  }
}

function checkPort(which: string, port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`${which} port ${port} is not 1..65535`)
}

function drop<I>(t: t<I>, why: keyof UdpDrops): Lwt.t<void> {
  t.drops[why]++
  return Lwt.return()
}
