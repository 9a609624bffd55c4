// A whole IPv4 stack over a NETWORK: Ethernet, IPv4 with its ARP and ICMP, UDP and TCP, with listeners by port. MirageOS
// 2.0's `Tcpip_stack_direct.Make`; what `direct_stackv4_with_static_ipv4` stands for in a config.
//
// Not implemented: ICMP port unreachable for UDP, IPv6 (dropped).

import * as Ethif from "../ethernet/ethif.ts"
import * as Ipv4 from "../ipv4/ipv4.ts"
import * as Lwt from "../lwt/lwt.ts"
import * as OS from "../os/os.ts"
import { ok } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { NETWORK } from "../signatures/network.ts"
import type { STACKV4 } from "../signatures/stack.ts"
import type { TcpCallback } from "../signatures/tcp.ts"
import type { CLOCK, RANDOM, TIME } from "../signatures/time.ts"
import type { UdpCallback } from "../signatures/udp.ts"
import * as Tcpv4 from "../tcp/tcp.ts"
import * as Udpv4 from "../udp/udpv4.ts"
import * as Ipaddr from "../wire/ipaddr.ts"

/** The address of a machine. */
export interface Ipv4Config {
  readonly address: Ipaddr.V4
  readonly netmask: Ipaddr.V4
  readonly gateways: readonly Ipaddr.V4[]
}

/** The configuration for `10.0.0.2/24` and its gateways. Throws `RangeError` for a text that is none. */
export function ipv4Config(cidr: string, gateways: readonly string[] = []): Ipv4Config {
  const parsed = Ipaddr.cidrOfString(cidr)
  if (!parsed.ok) throw new RangeError(`"${cidr}" is not an address with a prefix, as in 10.0.0.2/24`)
  const { address, bits } = parsed.value
  return { address, netmask: Ipaddr.netmask(bits), gateways: gateways.map(Ipaddr.ofStringExn) }
}

/** The states of the layers over a network `N`, by the names of the deck's functors. */
type E<N> = Ethif.t<N>
type I<N> = Ipv4.t<E<N>>
type U<N> = Udpv4.t<I<N>>
type T<N> = Tcpv4.t<I<N>>

/** A connection of the stack. */
export type flow<N> = Tcpv4.flow<I<N>>

/** A stack over the network `netif`. */
export interface t<N> {
  readonly netif: N
  readonly ethif: E<N>
  readonly ipv4: I<N>
  readonly udpv4: U<N>
  readonly tcpv4: T<N>
  readonly tcpListeners: Map<number, TcpCallback<flow<N>>>
  readonly udpListeners: Map<number, UdpCallback>
  /** Resolves when the network is disconnected. */
  readonly listening: Lwt.t<void>
}

/** What {@link Make} gives. */
export interface Stackv4<N> extends STACKV4<t<N>, I<N>, U<N>, T<N>, flow<N>> {
  readonly ETHIF: Ethif.Ethif<N>
  readonly IPV4: Ipv4.Ipv4<E<N>>
  readonly UDPV4: Udpv4.Udpv4<I<N>>
  readonly TCPV4: Tcpv4.Tcpv4<I<N>>
  /** The stack is up at once: it answers ARP and ping whether or not somebody calls `listen`. */
  connect(netif: N, config: Ipv4Config): Connected<t<N>>
}

/** A stack over the network module `N`. */
export function Make<N>(
  N: NETWORK<N>,
  Time: TIME = OS.Time,
  Clock: CLOCK = OS.Clock,
  Random: RANDOM = OS.Random,
): Stackv4<N> {
  const ETHIF = Ethif.Make(N)
  const IPV4 = Ipv4.Make(ETHIF, Time, Clock)
  const UDPV4 = Udpv4.Make(IPV4, Random)
  const TCPV4 = Tcpv4.Make(IPV4, Time, Clock, Random)

  function assemble(netif: N, ethif: E<N>, ipv4: I<N>, udpv4: U<N>, tcpv4: T<N>): t<N> {
    const tcpListeners: t<N>["tcpListeners"] = new Map()
    const udpListeners: t<N>["udpListeners"] = new Map()
    const input = IPV4.input(ipv4, {
      tcp: TCPV4.input(tcpv4, { listeners: (port) => tcpListeners.get(port) }),
      udp: UDPV4.input(udpv4, { listeners: (port) => udpListeners.get(port) }),
    })
    const listening = N.listen(netif, ETHIF.input(ethif, { ipv4: input }))
    return { netif, ethif, ipv4, udpv4, tcpv4, tcpListeners, udpListeners, listening }
  }

  return {
    ETHIF,
    IPV4,
    UDPV4,
    TCPV4,

    connect(netif, { address, netmask, gateways }) {
      return andThen(ETHIF.connect(netif), (ethif) =>
        andThen(IPV4.connect(ethif), (ipv4) =>
          andThen(UDPV4.connect(ipv4), (udpv4) =>
            andThen(TCPV4.connect(ipv4), (tcpv4) => {
              const s = assemble(netif, ethif, ipv4, udpv4, tcpv4)
              return IPV4.setIpNetmask(ipv4, netmask)
                .bind(() => IPV4.setIpGateways(ipv4, gateways))
                .bind(() => IPV4.setIp(ipv4, address))
                .map(() => ok(s))
            }),
          ),
        ),
      )
    },

    disconnect(s) {
      return TCPV4.disconnect(s.tcpv4)
        .bind(() => UDPV4.disconnect(s.udpv4))
        .bind(() => IPV4.disconnect(s.ipv4))
        .bind(() => ETHIF.disconnect(s.ethif))
        .bind(() => N.disconnect(s.netif))
    },

    ipv4: (s) => s.ipv4,
    udpv4: (s) => s.udpv4,
    tcpv4: (s) => s.tcpv4,

    listenTcpv4(s, { port }, callback) {
      checkPort(port)
      s.tcpListeners.set(port, callback)
    },

    listenUdpv4(s, { port }, callback) {
      checkPort(port)
      s.udpListeners.set(port, callback)
    },

    listen: (s) => s.listening,
  }
}

/** The layer over `lower`, if there is one: bind for results in promises. */
function andThen<A, B>(lower: Connected<A>, upper: (value: A) => Connected<B>): Connected<B> {
  return lower.bind((r): Connected<B> => (r.ok ? upper(r.value) : Lwt.return(r)))
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`port ${port} is not 1..65535`)
}
