// RFC 791, Internet Protocol, as a host has it (RFC 1122 section 3). As in MirageOS 2.0, this layer brings its own ARP,
// and answers ICMP echo (RFC 792) itself.
//
// Not implemented: fragmenting on send (`would-fragment`), options on send, forwarding, path MTU discovery
// (RFC 1191), a cache of routes with dead-gateway detection and redirects (RFC 1122 3.3.1.2), IGMP (every group is
// heard), ICMP protocol unreachable.

import * as Arpv4 from "../arp/arpv4.ts"
import * as Lwt from "../lwt/lwt.ts"
import * as OS from "../os/os.ts"
import { error, ok, type Result } from "../result.ts"
import type { ARP } from "../signatures/arp.ts"
import type { Connected } from "../signatures/device.ts"
import type { ETHIF } from "../signatures/ethernet.ts"
import type { IcmpListener, IPV4_WITH_ICMP } from "../signatures/icmp.ts"
import type { IpError, IpHandlers, IpProtocol } from "../signatures/ipv4.ts"
import type { CLOCK, TIME } from "../signatures/time.ts"
import { ETHERTYPE_IPV4 } from "../wire/ethernet.ts"
import { decodeIcmpv4, encodeIcmpv4 } from "../wire/icmpv4.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import {
  decodeIpv4,
  encodeIpv4,
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV4_HEADER_LEN,
  type Ipv4Datagram,
  type Ipv4Error,
} from "../wire/ipv4.ts"
import type * as Macaddr from "../wire/macaddr.ts"
import { Reassembly } from "./reassembly.ts"
import { checkNetmask, type Config, isBroadcast, isLoopback, route } from "./routing.ts"

/** The time to live of what we send: that of mirage-tcpip, and the one of RFC 1122's days. */
const DEFAULT_TTL = 38

const NO_OPTIONS = new Uint8Array(0)

/** Made once: every datagram sent needs one. */
const SENT: Result<void, IpError> = ok(undefined)

const NUMBER: Readonly<Record<IpProtocol, number>> = { icmp: IPPROTO_ICMP, tcp: IPPROTO_TCP, udp: IPPROTO_UDP }

/** Datagrams that input let fall, by reason. `martian`: an address that cannot be on a wire; `empty`: no payload. */
export type Ipv4Drops = Record<Ipv4Error | "not-for-us" | "martian" | "empty" | "bad-icmp", number>

/** An IPv4 interface over the Ethernet interface `eth`. */
export interface t<E> {
  readonly eth: E
  readonly arp: Arpv4.t<E>
  config: Config
  readonly drops: Ipv4Drops
  readonly reassembly: Reassembly
  readonly icmpListeners: Set<IcmpListener>
  /** Those given to `input` last: datagrams to ourselves go to them too. */
  handlers: IpHandlers
  nextId: number
}

/** What {@link Make} gives. */
export interface Ipv4<E> extends IPV4_WITH_ICMP<t<E>> {
  /**
   * Never refuses. The address is 0.0.0.0, and with it every unicast datagram taken, until `setIp`: a DHCP client hears
   * its offer that way (RFC 2131 4.1).
   */
  connect(eth: E): Connected<t<E>>
  /** The neighbour table, for `arp -a` and its like. */
  readonly ARP: ARP<Arpv4.t<E>>
  arp(t: t<E>): Arpv4.t<E>
}

/** IPv4 over the Ethernet module `E`. The deck writes `Ipv4.Make(E)`: time is then the machine's. */
export function Make<E>(E: ETHIF<E>, Time: TIME = OS.Time, Clock: CLOCK = OS.Clock): Ipv4<E> {
  const Arp = Arpv4.Make(E, Time, Clock)

  function write(t: t<E>, dst: Ipaddr.V4, proto: number, payload: Uint8Array): Lwt.t<Result<void, IpError>> {
    if (payload.length > mtu(t)) return Lwt.return(error("would-fragment"))
    const datagram: Ipv4Datagram = {
      tos: 0,
      id: t.nextId,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      ttl: DEFAULT_TTL,
      proto,
      src: src(t, dst),
      dst,
      options: NO_OPTIONS,
      payload,
    }
    t.nextId = (t.nextId + 1) & 0xffff
    const hop = route(t.config, dst)
    switch (hop.tag) {
      case "Local":
        return loopBack(t, datagram)
      case "Group":
        return transmit(t, hop.mac, datagram)
      case "Neighbour":
        return Arp.query(t.arp, hop.ip).bind((mac) =>
          mac.ok ? transmit(t, mac.value, datagram) : Lwt.return(error("no-route")),
        )
      case "NoRoute":
        return Lwt.return(error("no-route"))
    }
  }

  function transmit(t: t<E>, dst: Macaddr.t, datagram: Ipv4Datagram): Lwt.t<Result<void, IpError>> {
    return E.write(t.eth, dst, ETHERTYPE_IPV4, encodeIpv4(datagram)).map(() => SENT)
  }

  /** RFC 1122 3.3.1.1: what is for ourselves is delivered here. Later, or two ends in one machine would recurse. */
  function loopBack(t: t<E>, datagram: Ipv4Datagram): Lwt.t<Result<void, IpError>> {
    // Copied, since the receiver owns what it gets and the sender may still hold its payload.
    const copy = { ...datagram, payload: datagram.payload.slice() }
    Lwt.async(() => Lwt.pause().bind(() => deliver(t, t.handlers, copy)))
    return Lwt.return(SENT)
  }

  function src(t: t<E>, dst: Ipaddr.V4): Ipaddr.V4 {
    return isLoopback(dst) ? dst : t.config.ip
  }

  function mtu(t: t<E>): number {
    return E.mtu(t.eth) - IPV4_HEADER_LEN
  }

  function receive(t: t<E>, handlers: IpHandlers, buf: Uint8Array): Lwt.t<void> {
    const decoded = decodeIpv4(buf)
    if (!decoded.ok) return drop(t, decoded.error)
    const fragment = decoded.value
    // RFC 1122 3.2.1.3: nobody's source address is a group or a loopback one, and no wire carries the latter.
    const from = fragment.src
    if (isLoopback(from) || isLoopback(fragment.dst) || Ipaddr.isMulticast(from) || from === Ipaddr.broadcast)
      return drop(t, "martian")
    if (!isForUs(t.config, fragment.dst)) return drop(t, "not-for-us")
    if (fragment.payload.length === 0) return drop(t, "empty")
    const whole = t.reassembly.input(Clock.now(), fragment)
    return whole === undefined ? Lwt.return() : deliver(t, handlers, whole)
  }

  function deliver(t: t<E>, handlers: IpHandlers, datagram: Ipv4Datagram): Lwt.t<void> {
    const { src, dst, payload } = datagram
    if (datagram.proto === IPPROTO_ICMP) return receiveIcmp(t, handlers, datagram)
    if (datagram.proto === IPPROTO_TCP && handlers.tcp !== undefined) return handlers.tcp(src, dst, payload)
    if (datagram.proto === IPPROTO_UDP && handlers.udp !== undefined) return handlers.udp(src, dst, payload)
    return handlers.default?.(datagram.proto, src, dst, payload) ?? Lwt.return()
  }

  function receiveIcmp(t: t<E>, handlers: IpHandlers, datagram: Ipv4Datagram): Lwt.t<void> {
    const decoded = decodeIcmpv4(datagram.payload)
    if (!decoded.ok) return drop(t, "bad-icmp")
    const message = decoded.value
    for (const listener of t.icmpListeners) listener(message, datagram)
    const { src, dst, payload } = datagram
    if (message.tag !== "EchoRequest") return handlers.default?.(IPPROTO_ICMP, src, dst, payload) ?? Lwt.return()
    // RFC 1122 3.2.2.6 lets us be silent about echo requests to everybody; answering is how smurf attacks worked.
    if (dst !== t.config.ip && !isLoopback(dst)) return Lwt.return()
    return write(t, src, IPPROTO_ICMP, encodeIcmpv4({ ...message, tag: "EchoReply" })).map(() => undefined)
  }

  return {
    connect(eth) {
      return Arp.connect(eth).map((arp) => {
        if (!arp.ok) return arp
        E.takeArpv4(eth, Arp.input(arp.value))
        const config = { ip: Ipaddr.any, netmask: Ipaddr.any, gateways: [] }
        const reassembly = new Reassembly()
        const drops = noDrops()
        return ok({ eth, arp: arp.value, config, drops, reassembly, icmpListeners: new Set(), handlers: {}, nextId: 0 })
      })
    },

    disconnect(t) {
      return Arp.disconnect(t.arp)
    },

    input(t, handlers) {
      t.handlers = handlers
      return (payload) => receive(t, handlers, payload)
    },

    write(t, dst, proto, payload) {
      return write(t, dst, NUMBER[proto], payload)
    },

    src,

    listenIcmp(t, listener) {
      t.icmpListeners.add(listener)
      return () => {
        t.icmpListeners.delete(listener)
      }
    },

    setIp(t, address) {
      t.config = { ...t.config, ip: address }
      return Arp.setIps(t.arp, [address])
    },

    setIpNetmask(t, mask) {
      checkNetmask(mask)
      t.config = { ...t.config, netmask: mask }
      return Lwt.return()
    },

    setIpGateways(t, gateways) {
      t.config = { ...t.config, gateways: [...gateways] }
      return Lwt.return()
    },

    getIp(t) {
      return t.config.ip
    },

    getIpNetmask(t) {
      return t.config.netmask
    },

    getIpGateways(t) {
      return t.config.gateways
    },

    mtu,

    ARP: Arp,

    arp(t) {
      return t.arp
    },
  }
}

/** RFC 1122 3.2.1.3: ours, or for everybody, or for a group. Without an address, whatever Ethernet let through. */
function isForUs(config: Config, dst: Ipaddr.V4): boolean {
  return dst === config.ip || config.ip === Ipaddr.any || isBroadcast(config, dst) || Ipaddr.isMulticast(dst)
}

function noDrops(): Ipv4Drops {
  return {
    truncated: 0,
    "bad-version": 0,
    "bad-header-length": 0,
    "bad-length": 0,
    "bad-checksum": 0,
    "not-for-us": 0,
    martian: 0,
    empty: 0,
    "bad-icmp": 0,
  }
}

function drop<E>(t: t<E>, why: keyof Ipv4Drops): Lwt.t<void> {
  t.drops[why]++
  return Lwt.return()
}
