// RFC 826, address resolution for IPv4 over Ethernet; with RFC 5227's announcements, conflict detection and defence.
// The table is cache.ts, and knows neither wire nor clock; this file sends, sleeps and wakes.
//
// Not implemented: probing an address before it is used (RFC 5227 2.1.1); a conflict is only noticed later. Proxy ARP.

import * as Lwt from "../lwt/lwt.ts"
import { error, ok, type Result } from "../result.ts"
import type { ARP } from "../signatures/arp.ts"
import type { Connected } from "../signatures/device.ts"
import type { ETHIF } from "../signatures/ethernet.ts"
import type { CLOCK, Instant, TIME } from "../signatures/time.ts"
import { type ArpPacket, decodeArp, encodeArp } from "../wire/arp.ts"
import { ETHERTYPE_ARP } from "../wire/ethernet.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import * as Macaddr from "../wire/macaddr.ts"
import { ArpCache } from "./cache.ts"

/** RFC 5227 2.4 (b): how long after one defence of our address no other is sent. */
const DEFEND_INTERVAL_MS = 10_000

/** What a request puts where the address it asks for will be. */
const UNKNOWN_MAC = 0 as Macaddr.t

/** Counted since connect. */
export interface ArpStats {
  requestsSent: number
  repliesSent: number
  /** Packets that made no sense. */
  malformed: number
  /** A neighbour's address turned up at another interface. */
  moved: number
  /** Somebody else used our address. */
  conflicts: number
}

/** ARP over the Ethernet interface `eth`. */
export interface t<E> {
  readonly eth: E
  readonly cache: ArpCache
  readonly stats: ArpStats
  /** What is answered for. */
  ips: readonly Ipaddr.V4[]
  /** Whoever waits for an open question. */
  readonly waiting: Map<Ipaddr.V4, Question>
  timer: { readonly at: Instant; readonly sleep: Lwt.t<void> } | undefined
  lastDefence: Instant
}

interface Question {
  readonly answer: Lwt.t<Result<Macaddr.t, "timeout">>
  readonly resolver: Lwt.u<Result<Macaddr.t, "timeout">>
}

/** What {@link Make} gives. */
export interface Arpv4<E> extends ARP<t<E>> {
  /** Never refuses. Answers for no address until it is given one. */
  connect(eth: E): Connected<t<E>>
}

/** ARP over the Ethernet module `E`. */
export function Make<E>(E: ETHIF<E>, Time: TIME, Clock: CLOCK): Arpv4<E> {
  function send(t: t<E>, dst: Macaddr.t, packet: ArpPacket): Lwt.t<void> {
    if (packet.oper === "request") t.stats.requestsSent++
    else t.stats.repliesSent++
    return E.write(t.eth, dst, ETHERTYPE_ARP, encodeArp(packet))
  }

  function ask(t: t<E>, tpa: Ipaddr.V4): Lwt.t<void> {
    const spa = t.ips[0] ?? Ipaddr.any
    return send(t, Macaddr.broadcast, { oper: "request", sha: E.mac(t.eth), spa, tha: UNKNOWN_MAC, tpa })
  }

  // RFC 5227 2.3: an announcement is a request for one's own address.
  function announce(t: t<E>, ip: Ipaddr.V4): Lwt.t<void> {
    return send(t, Macaddr.broadcast, { oper: "request", sha: E.mac(t.eth), spa: ip, tha: UNKNOWN_MAC, tpa: ip })
  }

  /** Sleep until the table next wants something, and no longer than that. */
  function arm(t: t<E>): void {
    const at = t.cache.nextTimeout()
    if (at === t.timer?.at) return
    const old = t.timer
    t.timer = undefined
    if (old !== undefined) Lwt.cancel(old.sleep)
    if (at === undefined) return
    const sleep = Time.sleep(Math.max(0, at - Clock.now()) / 1000)
    t.timer = { at, sleep }
    Lwt.onSuccess(sleep, () => {
      t.timer = undefined
      // Seconds and back cost a few bits: the clock may be a hair short of `at`.
      const due = t.cache.handleTimeout(Math.max(at, Clock.now()))
      for (const ip of due.failed) answer(t, ip, error("timeout"))
      arm(t)
      for (const ip of due.ask) Lwt.async(() => ask(t, ip))
    })
  }

  function answer(t: t<E>, ip: Ipaddr.V4, result: Result<Macaddr.t, "timeout">): void {
    const question = t.waiting.get(ip)
    if (question === undefined) return
    t.waiting.delete(ip)
    Lwt.wakeup(question.resolver, result)
  }

  /** RFC 5227 2.4 (b): say once that the address is ours, and no more than that for a while. */
  function conflict(t: t<E>, ip: Ipaddr.V4): Lwt.t<void> {
    t.stats.conflicts++
    const now = Clock.now()
    if (now - t.lastDefence < DEFEND_INTERVAL_MS) return Lwt.return()
    t.lastDefence = now
    return announce(t, ip)
  }

  /** RFC 826, "Packet Reception". */
  function receive(t: t<E>, packet: ArpPacket): Lwt.t<void> {
    const { oper, sha, spa, tpa } = packet
    const mac = E.mac(t.eth)
    if (sha === mac) return Lwt.return()
    if (t.ips.includes(spa)) return conflict(t, spa)
    const forUs = oper === "request" && t.ips.includes(tpa)
    // A probe has no address to learn (RFC 5227 2.1.1).
    if (spa !== Ipaddr.any) {
      const learned = t.cache.learn(Clock.now(), spa, sha, forUs)
      if (learned === "moved") t.stats.moved++
      if (learned !== "ignored") {
        answer(t, spa, ok(sha))
        arm(t)
      }
    }
    return forUs ? send(t, sha, { oper: "reply", sha: mac, spa: tpa, tha: sha, tpa: spa }) : Lwt.return()
  }

  return {
    connect(eth) {
      const stats = { requestsSent: 0, repliesSent: 0, malformed: 0, moved: 0, conflicts: 0 }
      const waiting = new Map<Ipaddr.V4, Question>()
      const never = Number.NEGATIVE_INFINITY
      return Lwt.return(
        ok({ eth, cache: new ArpCache(), stats, ips: [], waiting, timer: undefined, lastDefence: never }),
      )
    },

    disconnect(t) {
      if (t.timer !== undefined) Lwt.cancel(t.timer.sleep)
      t.timer = undefined
      // From a copy: whoever is woken may ask again.
      const asked = [...t.waiting.keys()]
      for (const ip of asked) answer(t, ip, error("timeout"))
      return Lwt.return()
    },

    query(t, ip) {
      if (t.ips.includes(ip)) return Lwt.return(ok(E.mac(t.eth)))
      const found = t.cache.query(Clock.now(), ip)
      if (found.tag === "Known") {
        if (found.firstUse) arm(t)
        return Lwt.return(ok(found.mac))
      }
      let question = t.waiting.get(ip)
      if (question === undefined) {
        // `wait`, not `task`: an asker that is cancelled must not take the answer away from the others.
        const [answer, resolver] = Lwt.wait<Result<Macaddr.t, "timeout">>()
        question = { answer, resolver }
        t.waiting.set(ip, question)
      }
      if (found.ask) {
        arm(t)
        Lwt.async(() => ask(t, ip))
      }
      return question.answer
    },

    input(t) {
      return (payload) => {
        const packet = decodeArp(payload)
        // A group address answers for nobody; believing one would turn unicast into multicast (RFC 1812 3.3.2).
        if (packet.ok && !Macaddr.isMulticast(packet.value.sha) && !isGroup(packet.value.spa))
          return receive(t, packet.value)
        t.stats.malformed++
        return Lwt.return()
      }
    },

    getIps(t) {
      return t.ips
    },

    setIps(t, ips) {
      t.ips = [...new Set(ips)].filter((ip) => ip !== Ipaddr.any)
      return Lwt.join(t.ips.map((ip) => announce(t, ip)))
    },

    addIp(t, ip) {
      if (t.ips.includes(ip) || ip === Ipaddr.any) return Lwt.return()
      t.ips = [...t.ips, ip]
      return announce(t, ip)
    },

    removeIp(t, ip) {
      t.ips = t.ips.filter((other) => other !== ip)
      return Lwt.return()
    },

    addStatic(t, ip, mac) {
      t.cache.addStatic(ip, mac)
      answer(t, ip, ok(mac))
      arm(t)
    },

    forget(t, ip) {
      t.cache.forget(ip)
      answer(t, ip, error("timeout"))
      arm(t)
    },

    entries(t) {
      return t.cache.entries(Clock.now())
    },
  }
}

function isGroup(ip: Ipaddr.V4): boolean {
  return Ipaddr.isMulticast(ip) || ip === Ipaddr.broadcast
}
