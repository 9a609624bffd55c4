// TCP over some IPV4: the deck's `Tcpv4.Flow.Make(I)(Time)(Clock)(Random)`.
//
// The protocol is in tcb.ts, input.ts, output.ts and timers.ts, as steps from value to value. Here a step's segments leave
// through IP, its events wake readers, writers and openers, and the next deadline becomes a sleep. Everything goes through
// `commit`, and in this order: the new Tcb is in place before a segment leaves, since over a link without delay its
// answer arrives before `write` returns; and nobody is woken until all of that is done, since they will call again.
//
// Not implemented: SACK, timestamps, keep-alive, path MTU discovery, ICMP errors as hints (RFC 5461), delayed ACKs (every
// segment is answered at once, as in mirage-tcpip), slow start after an idle period (RFC 5681 4.1).

import * as Lwt from "../lwt/lwt.ts"
import { error, ok, type Result } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { Read, Written } from "../signatures/flow.ts"
import type { IPV4, IpError } from "../signatures/ipv4.ts"
import type { ConnectError, TcpCallback, TCPV4 } from "../signatures/tcp.ts"
import type { CLOCK, RANDOM, TIME } from "../signatures/time.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import { IPPROTO_TCP, pseudoHeaderSum } from "../wire/ipv4.ts"
import { ACK, decodeTcp, encodeTcp, RST, SYN, TCP_HEADER_LEN, type TcpError, type TcpSegment } from "../wire/tcp.ts"
import { tcpOptionsLen } from "../wire/tcp-options.ts"
import { Connection, Connections, failureOf, type Opening, refusal, take } from "./connection.ts"
import { handleSegment } from "./input.ts"
import * as output from "./output.ts"
import * as Seq from "./sequence.ts"
import * as Tcb from "./tcb.ts"
import { handleTimeout, nextTimeout } from "./timers.ts"

/** A connection. */
export type flow<I> = Connection<t<I>>

/** Segments that {@link TCPV4.input} let fall, by reason. `backlog`: too many connections were half open. */
export type TcpDrops = Record<TcpError | "not-for-us" | "backlog", number>

/** TCP over the IPv4 interface `ip`. */
export interface t<I> {
  readonly ip: I
  readonly config: Tcb.TcpConfig
  readonly connections: Connections<t<I>>
  readonly drops: TcpDrops
  /** Segments on their way to IP, in order. A list that is being emptied is only added to: see `flush`. */
  outbox: Departure<I>[]
  flushing: boolean
  halfOpen: number
  nextPort: number
}

/** A segment that leaves, and the connection that should hear if it cannot. */
interface Departure<I> {
  readonly dst: Ipaddr.V4
  readonly segment: TcpSegment
  readonly from: flow<I> | undefined
}

/** What {@link Make} gives. */
export interface Tcpv4<I> extends TCPV4<t<I>, flow<I>> {
  /**
   * Never refuses. `config` changes what it names of {@link Tcb.defaultConfig}. Segments arrive once `ip` is told to hand
   * them to `input`.
   */
  connect(ip: I, config?: Partial<Tcb.TcpConfig>): Connected<t<I>>
}

/** Connections that wait for the last segment of the handshake: as many as a listener's backlog once was. */
const MAX_HALF_OPEN = 1024
/** RFC 6335 section 6: the dynamic ports. */
const FIRST_PORT = 49152
const LAST_PORT = 65535
/** A deadline closer than this, in milliseconds, has come: seconds and back cost a few bits. */
const GRAIN_MS = 1e-6

/** TCP over the IPv4 module `I`. */
export function Make<I>(I: IPV4<I>, Time: TIME, Clock: CLOCK, Random: RANDOM): Tcpv4<I> {
  /** Take `step` for true, and do what it asks for. */
  function commit(c: flow<I>, step: Tcb.Step): void {
    const t = c.stack
    c.tcb = step.tcb
    for (const segment of step.segments) t.outbox.push({ dst: c.remote, segment, from: c })
    let established = false
    for (const event of step.events) {
      if (event.tag === "data") c.inbox.push(event.data)
      else if (event.tag === "eof") c.eof = true
      else if (event.tag === "established") established = true
      else if (event.tag !== "acked" && event.tag !== "closed") c.failure = failureOf(c, event.tag)
    }
    const { opening } = c
    const over = c.tcb.state === "CLOSED"
    const hasOpened = opening !== undefined && (established || over)
    if (hasOpened) {
      c.opening = undefined
      if (opening.tag === "Passive") t.halfOpen--
    }
    if (over) t.connections.remove(c)
    arm(c)
    flush(t)
    // From here on, applications run.
    if (hasOpened) opened(c, opening, established)
    serveReaders(c)
    serveWriters(c)
  }

  function opened(c: flow<I>, opening: Opening<t<I>>, established: boolean): void {
    if (opening.tag === "Active") {
      const why = c.failure?.kind === "timeout" || c.failure?.kind === "no-route" ? c.failure.kind : "refused"
      Lwt.wakeupLater(opening.done, established ? ok(c) : error({ kind: why }))
    } else if (established) {
      Lwt.async(() =>
        Lwt.catch(
          () => opening.callback(c),
          (reason) => {
            reset(c)
            return Lwt.fail(reason)
          },
        ),
      )
    }
  }

  /** See that we wake up for the next deadline. */
  function arm(c: flow<I>): void {
    const at = nextTimeout(c.tcb)
    if (at === undefined ? c.tcb.state !== "CLOSED" : c.alarm !== undefined && c.alarm.at <= at) return
    const { alarm: previous } = c
    c.alarm = undefined
    if (previous !== undefined) Lwt.cancel(previous.sleep)
    if (at === undefined) return
    const alarm = { at, sleep: Time.sleep(Math.max(at - Clock.now(), 0) / 1000) }
    c.alarm = alarm
    Lwt.onSuccess(alarm.sleep, () => {
      if (c.alarm !== alarm) return
      c.alarm = undefined
      const due = nextTimeout(c.tcb)
      if (due === undefined) return
      if (due - Clock.now() > GRAIN_MS) arm(c)
      else commit(c, handleTimeout(c.tcb, Math.max(due, Clock.now())))
    })
  }

  /**
   * Hand everything in the outbox to IP. What is added meanwhile, by answers that arrive inside of `write`, goes after it,
   * so that segments leave in the order in which they were made and the stack does not grow with every answer.
   */
  function flush(t: t<I>): void {
    if (t.flushing || t.outbox.length === 0) return
    t.flushing = true
    const { outbox } = t
    try {
      for (let i = 0; i < outbox.length; i++) depart(t, outbox[i]!)
    } finally {
      t.outbox = []
      t.flushing = false
    }
  }

  function depart(t: t<I>, { dst, segment, from }: Departure<I>): void {
    const length = TCP_HEADER_LEN + tcpOptionsLen(segment.options) + segment.payload.length
    const pseudo = pseudoHeaderSum(I.src(t.ip, dst), dst, IPPROTO_TCP, length)
    const sent = I.write(t.ip, dst, "tcp", encodeTcp(segment, pseudo))
    // A connection that exists may yet find a way; one that is being made should hear that there is none.
    const isOpening = from?.tcb.state === "SYN-SENT"
    Lwt.async(() => (isOpening ? sent.map((r) => undeliverable(from, r)) : sent))
  }

  function undeliverable(c: flow<I>, sent: Result<void, IpError>): void {
    if (sent.ok || c.tcb.state !== "SYN-SENT") return
    c.failure = failureOf(c, "no-route")
    commit(c, output.abort(c.tcb))
  }

  function serveReaders(c: flow<I>): void {
    while (c.readers.length > 0) {
      const read = nextRead(c)
      if (read === undefined) return
      Lwt.wakeupLater(c.readers.shift()!, read)
      flush(c.stack)
    }
  }

  /**
   * What a reader gets now, if anything. A window update may be in the outbox then: it is the caller's to flush, once the
   * reader has been served, since an answer may bring data for the next one.
   */
  function nextRead(c: flow<I>): Read | undefined {
    const data = c.takeInbox()
    if (data !== undefined) {
      const step = output.consume(c.tcb, Clock.now(), data.length)
      c.tcb = step.tcb
      for (const segment of step.segments) c.stack.outbox.push({ dst: c.remote, segment, from: c })
      return { tag: "Ok", data }
    }
    if (c.failure !== undefined) return { tag: "Error", error: c.failure }
    return c.eof || c.tcb.state === "CLOSED" ? { tag: "Eof" } : undefined
  }

  function serveWriters(c: flow<I>): void {
    if (c.pumping) return
    c.pumping = true
    try {
      while (c.writers.length > 0) {
        const w = c.writers[0]!
        if (!output.maySend(c.tcb)) {
          c.writers.shift()
          Lwt.wakeupLater(w.done, refusal(c))
          continue
        }
        // A little room is left to grow, or every acknowledgment would cost a step for a segment's worth of bytes.
        const space = output.sendSpace(c.tcb)
        if (space < Math.min(w.length, c.tcb.config.sendBuffer / 2)) break
        const taken = take(w, space)
        if (w.length === 0) c.writers.shift()
        commit(c, output.sendv(c.tcb, Clock.now(), taken, w.nodelay))
        if (w.length === 0) Lwt.wakeupLater(w.done, { tag: "Ok" })
      }
      if (c.closed && c.writers.length === 0 && output.maySend(c.tcb)) commit(c, output.close(c.tcb, Clock.now()))
    } finally {
      c.pumping = false
    }
  }

  function write(c: flow<I>, pieces: readonly Uint8Array[], nodelay: boolean): Lwt.t<Written> {
    if (c.closed || !output.maySend(c.tcb)) return Lwt.return(refusal(c))
    let length = 0
    for (const piece of pieces) length += piece.length
    if (length === 0) return Lwt.return({ tag: "Ok" })
    if (c.writers.length === 0 && length <= output.sendSpace(c.tcb)) {
      commit(c, output.sendv(c.tcb, Clock.now(), pieces, nodelay))
      return Lwt.return({ tag: "Ok" })
    }
    const [p, done] = Lwt.wait<Written>()
    c.writers.push({ pieces, length, nodelay, done })
    serveWriters(c)
    return p
  }

  function reset(c: flow<I>): void {
    if (c.tcb.state === "CLOSED") return
    c.failure = { kind: "reset", message: `the connection with ${c.peer} was reset here` }
    c.inbox = []
    c.inboxHead = 0
    commit(c, output.abort(c.tcb))
  }

  function receive(
    t: t<I>,
    listeners: (port: number) => TcpCallback<flow<I>> | undefined,
    src: Ipaddr.V4,
    dst: Ipaddr.V4,
    payload: Uint8Array,
  ): void {
    // RFC 9293 3.9.2.3 (MUST-57): nobody connects with everybody.
    if (dst !== I.src(t.ip, src)) {
      t.drops["not-for-us"]++
      return
    }
    const decoded = decodeTcp(payload, pseudoHeaderSum(src, dst, IPPROTO_TCP, payload.length))
    if (!decoded.ok) {
      t.drops[decoded.error]++
      return
    }
    const segment = decoded.value
    const known = t.connections.find(segment.dstPort, src, segment.srcPort)
    if (known !== undefined && !mayReopen(known, segment)) {
      commit(known, handleSegment(known.tcb, Clock.now(), segment))
      return
    }
    const callback = (segment.flags & (SYN | ACK | RST)) === SYN ? listeners(segment.dstPort) : undefined
    if (callback !== undefined) {
      listen(t, src, segment, callback, known)
      return
    }
    const answer = Tcb.refuse(segment)
    if (answer === undefined) return
    t.outbox.push({ dst: src, segment: answer, from: undefined })
    flush(t)
  }

  function listen(
    t: t<I>,
    remote: Ipaddr.V4,
    syn: TcpSegment,
    callback: TcpCallback<flow<I>>,
    known: flow<I> | undefined,
  ): void {
    // Dropped, not refused: the peer will try again, and room may have come by then.
    if (t.halfOpen >= MAX_HALF_OPEN) {
      t.drops.backlog++
      return
    }
    const iss = known === undefined ? randomSeq() : replace(known)
    const ends = { localPort: syn.dstPort, remotePort: syn.srcPort, iss }
    const step = Tcb.accept(t.config, Clock.now(), ends, syn)
    const c = new Connection(t, remote, step.tcb, { tag: "Passive", callback })
    t.connections.add(c)
    t.halfOpen++
    commit(c, step)
  }

  /** End `old`, which is in TIME-WAIT, for a new connection between the same ends; gives that one's ISS. */
  function replace(old: flow<I>): Seq.Seq {
    // RFC 9293 3.6.1 (MAY-2): larger than any number of the old connection, so that its stragglers are recognised.
    const iss = Seq.add(old.tcb.sndMax, 1 + Random.int(2 ** 20))
    commit(old, output.abort(old.tcb))
    return iss
  }

  // RFC 9293 3.4.1 (and RFC 6528) want numbers that cannot be guessed; with a random one each, they are as good as RANDOM.
  function randomSeq(): Seq.Seq {
    return Seq.ofInt32(Random.int(2 ** 32))
  }

  /** A port from which there is no connection to `dst` yet, and where to begin on it. */
  function pickPort(t: t<I>, dst: Ipaddr.V4, dstPort: number): { localPort: number; iss: Seq.Seq } | undefined {
    let waiting: flow<I> | undefined
    for (let tries = LAST_PORT - FIRST_PORT; tries >= 0; tries--) {
      const localPort = t.nextPort
      t.nextPort = localPort === LAST_PORT ? FIRST_PORT : localPort + 1
      const known = t.connections.find(localPort, dst, dstPort)
      if (known === undefined) return { localPort, iss: randomSeq() }
      if (known.tcb.state === "TIME-WAIT") waiting ??= known
    }
    return waiting === undefined ? undefined : { localPort: waiting.tcb.localPort, iss: replace(waiting) }
  }

  return {
    connect(ip, config) {
      const drops = { truncated: 0, "bad-offset": 0, "bad-checksum": 0, "bad-port": 0, "bad-mss": 0 }
      return Lwt.return(
        ok({
          ip,
          config: { ...Tcb.defaultConfig(I.mtu(ip) - TCP_HEADER_LEN), ...config },
          connections: new Connections<t<I>>(),
          drops: { ...drops, "not-for-us": 0, backlog: 0 },
          outbox: [],
          flushing: false,
          halfOpen: 0,
          nextPort: FIRST_PORT + Random.int(LAST_PORT - FIRST_PORT + 1),
        }),
      )
    },

    disconnect(t) {
      for (const c of t.connections.all()) reset(c)
      return Lwt.return(undefined)
    },

    input(t, { listeners }) {
      return (src, dst, payload) => {
        receive(t, listeners, src, dst, payload)
        return Lwt.return(undefined)
      }
    },

    createConnection(t, [dst, dstPort]) {
      checkPort(dstPort)
      // RFC 9293 3.9.2.3 (MUST-46)
      if (Ipaddr.isMulticast(dst) || dst === Ipaddr.broadcast || dst === Ipaddr.any)
        return Lwt.return(error({ kind: "no-route" }))
      const place = pickPort(t, dst, dstPort)
      if (place === undefined) return Lwt.failWith(`no port is left for another connection to port ${dstPort}`)
      const [p, done] = Lwt.task<Result<flow<I>, ConnectError>>()
      const step = Tcb.open(t.config, Clock.now(), { ...place, remotePort: dstPort })
      const c = new Connection<t<I>>(t, dst, step.tcb, { tag: "Active", done })
      t.connections.add(c)
      Lwt.onCancel(p, () => reset(c))
      commit(c, step)
      return p
    },

    dst(c) {
      return [c.remote, c.tcb.remotePort]
    },

    read(c) {
      const read = c.readers.length === 0 ? nextRead(c) : undefined
      if (read !== undefined) {
        flush(c.stack)
        return Lwt.return(read)
      }
      const [p, reader] = Lwt.task<Read>()
      c.readers.push(reader)
      Lwt.onCancel(p, () => {
        c.readers = c.readers.filter((r) => r !== reader)
      })
      return p
    },

    write(c, data) {
      return write(c, [data], false)
    },

    writev(c, data) {
      return write(c, data, false)
    },

    writeNodelay(c, data) {
      return write(c, [data], true)
    },

    close(c) {
      c.closed = true
      serveWriters(c)
      return Lwt.return(undefined)
    },

    reset(c) {
      reset(c)
      return Lwt.return(undefined)
    },
  }
}

/** The deck's name for the functor: in MirageOS 2.0, `Tcpv4.Flow` was where connections were. */
export const Flow: { readonly Make: typeof Make } = { Make }

/** Whether `segment` may begin a new connection in the place of `known`: RFC 9293 3.10.7.4, TIME-WAIT (MAY-2). */
function mayReopen<I>(known: flow<I>, segment: TcpSegment): boolean {
  const { state, rcvNxt } = known.tcb
  return (
    state === "TIME-WAIT" && (segment.flags & (SYN | ACK | RST)) === SYN && Seq.less(rcvNxt, Seq.ofInt32(segment.seq))
  )
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`TCP port ${port} is not 1..65535`)
}
