// RFC 792 for a program that asks: echo requests, and what comes back. Answering is IPv4's business (ipv4/ipv4.ts).

import * as Lwt from "../lwt/lwt.ts"
import * as OS from "../os/os.ts"
import { error, ok, type Result } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { ICMPV4, IPV4_WITH_ICMP, PingError, Pong } from "../signatures/icmp.ts"
import type { CLOCK, Instant, TIME } from "../signatures/time.ts"
import { decodeQuoted, encodeIcmpv4, ICMPV4_HEADER_LEN, type Icmpv4Message } from "../wire/icmpv4.ts"
import type * as Ipaddr from "../wire/ipaddr.ts"
import { IPPROTO_ICMP, type Ipv4Datagram } from "../wire/ipv4.ts"

/** ping(8)'s payload length, which makes an ICMP message of 64 bytes. */
const PAYLOAD_LEN = 56
const TIMEOUT_MS = 1000
const ECHO_REQUEST_TYPE = 8

/** An echo request that has had no answer yet. */
interface Asked {
  readonly dst: Ipaddr.V4
  readonly id: number
  readonly seq: number
  readonly sent: Instant
  readonly resolver: Lwt.u<Result<Pong, PingError>>
}

/** ICMP over the IPv4 interface `ip`. */
export interface t<I> {
  readonly ip: I
  readonly asked: Set<Asked>
  nextId: number
  stop: () => void
}

/** What {@link Make} gives. */
export interface Icmpv4<I> extends ICMPV4<t<I>> {
  /** Never refuses. */
  connect(ip: I): Connected<t<I>>
}

/** ICMP over the IPv4 module `I`. */
export function Make<I>(I: IPV4_WITH_ICMP<I>, Time: TIME = OS.Time, Clock: CLOCK = OS.Clock): Icmpv4<I> {
  function hear(t: t<I>, message: Icmpv4Message, datagram: Ipv4Datagram): void {
    const found = match(t, message)
    if (found === undefined) return
    t.asked.delete(found)
    Lwt.wakeup(found.resolver, outcome(message, datagram, found, Clock.now()))
  }

  return {
    connect(ip) {
      const t: t<I> = { ip, asked: new Set(), nextId: 1, stop: () => undefined }
      t.stop = I.listenIcmp(ip, (message, datagram) => hear(t, message, datagram))
      return Lwt.return(ok(t))
    },

    disconnect(t) {
      t.stop()
      return Lwt.return()
    },

    ping(t, dst, how = {}) {
      const { id = t.nextId, seq = 1, payload = pattern(PAYLOAD_LEN), timeoutMs = TIMEOUT_MS } = how
      checkWord("id", id)
      checkWord("seq", seq)
      if (how.id === undefined) t.nextId = (t.nextId % 0xffff) + 1
      const [answer, resolver] = Lwt.task<Result<Pong, PingError>>()
      const asked: Asked = { dst, id, seq, sent: Clock.now(), resolver }
      // Before anything is written: on a link without delay the reply is here before `write` returns.
      t.asked.add(asked)
      Lwt.async(() =>
        I.write(t.ip, dst, "icmp", encodeIcmpv4({ tag: "EchoRequest", id, seq, payload })).map((written) => {
          if (written.ok || !t.asked.delete(asked)) return
          Lwt.wakeup(resolver, error({ kind: written.error === "no-route" ? "no-route" : "too-long" }))
        }),
      )
      const timeout = Time.sleep(timeoutMs / 1000).map((): Result<Pong, PingError> => error({ kind: "timeout" }))
      return Lwt.finalize(
        () => Lwt.pick([answer, timeout]),
        () => {
          t.asked.delete(asked)
          return Lwt.return()
        },
      )
    },
  }
}

/** Whom `message` is an answer to. */
function match<I>(t: t<I>, message: Icmpv4Message): Asked | undefined {
  switch (message.tag) {
    case "EchoReply":
      return find(t, message.id, message.seq)
    case "Unreachable":
    case "TimeExceeded": {
      const quoted = decodeQuoted(message.original)
      if (quoted?.proto !== IPPROTO_ICMP || quoted.head.length < ICMPV4_HEADER_LEN) return undefined
      if (quoted.head[0] !== ECHO_REQUEST_TYPE) return undefined
      const view = new DataView(quoted.head.buffer, quoted.head.byteOffset, quoted.head.byteLength)
      const found = find(t, view.getUint16(4), view.getUint16(6))
      return found?.dst === quoted.dst ? found : undefined
    }
    case "EchoRequest":
    case "Other":
      return undefined
  }
}

// The reply's source is not compared: a ping of the broadcast address is answered from others.
function find<I>(t: t<I>, id: number, seq: number): Asked | undefined {
  for (const asked of t.asked) if (asked.id === id && asked.seq === seq) return asked
  return undefined
}

function outcome(
  message: Icmpv4Message,
  { src, ttl, payload }: Ipv4Datagram,
  asked: Asked,
  now: Instant,
): Result<Pong, PingError> {
  if (message.tag === "Unreachable") return error({ kind: "unreachable", from: src, code: message.code })
  if (message.tag === "TimeExceeded") return error({ kind: "ttl-exceeded", from: src })
  return ok({ from: src, seq: asked.seq, ttl, length: payload.length, rttMs: now - asked.sent })
}

function checkWord(name: string, n: number): void {
  if (!Number.isInteger(n) || n < 0 || n > 0xffff) throw new RangeError(`ICMP ${name} ${n} is not 0..65535`)
}

/** 0, 1, 2 …: easy to recognise in a dump. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i & 0xff)
}
