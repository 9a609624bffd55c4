// RFC 9293 3.8, what a connection sends and when; and the application's calls: SEND (3.10.2), RECEIVE (3.10.3, as
// `consume`), CLOSE (3.10.4) and ABORT (3.10.5).

import type { Instant } from "../signatures/time.ts"
import { ACK, FIN, PSH, RST } from "../wire/tcp.ts"
import { append, slice } from "./send-queue.ts"
import * as Seq from "./sequence.ts"
import { begin, type Draft, EMPTY_PAYLOAD, end, go, type Step, type Tcb } from "./tcb.ts"

/** How many bytes {@link send} would take now. */
export function sendSpace(tcb: Tcb): number {
  return Math.max(tcb.config.sendBuffer - tcb.queue.length, 0)
}

/** Whether the application may still send. */
export function maySend(tcb: Tcb): boolean {
  return !tcb.closing && (tcb.state === "ESTABLISHED" || tcb.state === "CLOSE-WAIT")
}

/**
 * RFC 9293 3.10.2, SEND. `data` is copied; no more than {@link sendSpace} may be given, and only when {@link maySend} says
 * so. With `nodelay`, none of it waits until the segment is full.
 */
export function send(tcb: Tcb, now: Instant, data: Uint8Array, nodelay = false): Step {
  return sendv(tcb, now, [data], nodelay)
}

/** As {@link send} of all of `data` in one piece. */
export function sendv(tcb: Tcb, now: Instant, data: readonly Uint8Array[], nodelay = false): Step {
  if (!maySend(tcb)) throw new Error(`TCP: SEND in ${tcb.state}`)
  const d = begin(tcb)
  for (const piece of data) d.tcb.queue = append(d.tcb.queue, piece)
  if (nodelay) d.tcb.push = endOfQueue(d.tcb)
  transmit(d, now)
  return d
}

/** RFC 9293 3.10.3: the application has read `count` bytes. The peer is told when that opens a window worth telling of. */
export function consume(tcb: Tcb, now: Instant, count: number): Step {
  const d = begin(tcb)
  const t = d.tcb
  t.rcvUnread -= count
  // As long as somebody reads, the peer may be silent only because our window is closed.
  if (t.state === "FIN-WAIT-2") t.lingerAt = now + t.config.finWait2Ms
  const known = Seq.diff(t.rcvAdv, t.rcvNxt)
  const free = t.config.receiveBuffer - t.rcvUnread
  // Worth telling: the peer could be standing still, and would get at least a segment's room and twice what it has.
  if (receiving(t) && free >= 2 * known && free - known >= Math.min(t.config.mss, t.config.receiveBuffer / 2))
    acknowledge(d)
  return d
}

function receiving(t: Tcb): boolean {
  return t.state === "ESTABLISHED" || t.state === "FIN-WAIT-1" || t.state === "FIN-WAIT-2"
}

/** RFC 9293 3.10.4, CLOSE: our FIN follows all that was sent. A second CLOSE changes nothing. */
export function close(tcb: Tcb, now: Instant): Step {
  const d = begin(tcb)
  switch (tcb.state) {
    case "SYN-SENT":
      end(d, "close", { tag: "closed" })
      break
    case "SYN-RECEIVED":
      // "Otherwise, queue for processing after entering ESTABLISHED state": established() looks at this.
      d.tcb.closing = true
      break
    case "ESTABLISHED":
    case "CLOSE-WAIT":
      d.tcb.closing = true
      go(d, "close")
      transmit(d, now)
      break
    case "CLOSED":
    case "LISTEN":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      break
  }
  return d
}

/** RFC 9293 3.10.5, ABORT: forget the connection, and tell the peer if it has one. */
export function abort(tcb: Tcb): Step {
  const d = begin(tcb)
  if (tcb.state === "CLOSED") return d
  // In TIME-WAIT the peer has nothing to hear, and the application has heard already.
  if (tcb.state === "TIME-WAIT") end(d, "abort")
  else {
    if (tcb.state !== "SYN-SENT") emit(d, tcb.sndMax, RST | ACK, EMPTY_PAYLOAD)
    end(d, "abort", { tag: "closed" })
  }
  return d
}

/** The sequence number after the last byte of the queue, which is our FIN's. */
export function endOfQueue(t: Tcb): Seq.Seq {
  return Seq.add(startOfQueue(t), t.queue.length)
}

/** The sequence number of the queue's first byte: while our SYN is not acknowledged, the one after it. */
export function startOfQueue(t: Tcb): Seq.Seq {
  return t.sndUna === t.iss ? Seq.add(t.iss, 1) : t.sndUna
}

/** Whether our FIN was sent at least once. */
export function finSent(t: Tcb): boolean {
  return t.closing && Seq.less(endOfQueue(t), t.sndMax)
}

/** Send what windows and Nagle allow now, and then an acknowledgment if one is due that no segment has carried. */
export function transmit(d: Draft, now: Instant): void {
  const t = d.tcb
  if (sending(t)) {
    while (sendNext(d, now));
    const idle = t.sndNxt === t.sndUna
    const waiting = Seq.less(t.sndNxt, endOfQueue(t)) || (t.closing && t.sndNxt === endOfQueue(t))
    // RFC 9293 3.8.6.1: with nothing on its way, no acknowledgment will tell of a window that opens. Ask.
    if (idle && waiting) {
      t.retransmitAt = undefined
      t.persistAt ??= now + t.rto.rtoMs
    } else {
      t.persistAt = undefined
      t.probes = 0
    }
  }
  if (d.ackDue) acknowledge(d)
}

function sending(t: Tcb): boolean {
  return (
    t.state === "ESTABLISHED" ||
    t.state === "CLOSE-WAIT" ||
    t.state === "FIN-WAIT-1" ||
    t.state === "CLOSING" ||
    t.state === "LAST-ACK"
  )
}

/** Send one segment at SND.NXT if that is allowed; whether it was. */
function sendNext(d: Draft, now: Instant): boolean {
  const t = d.tcb
  const unsent = Seq.diff(endOfQueue(t), t.sndNxt)
  const finDue = t.closing && unsent >= 0
  if (unsent <= 0 && !finDue) return false
  const flight = Seq.diff(t.sndNxt, t.sndUna)
  const usable = Math.min(t.sndWnd, t.congestion.cwnd) - flight
  const size = Math.min(unsent, usable, t.sndMss)
  const fin = finDue && size === unsent && usable > size
  if (size <= 0 && !fin) return false
  // RFC 9293 3.8.6.2.1, silly window avoidance, with the Nagle algorithm (3.7.4) as its rule (2).
  const again = Seq.less(t.sndNxt, t.sndMax)
  const all = size === unsent && (flight === 0 || t.closing || Seq.less(t.sndNxt, t.push))
  const large = flight === 0 && size >= t.sndMaxWnd / 2
  if (size < t.sndMss && !fin && !again && !all && !large) return false
  sendSegment(d, now, t.sndNxt, size, fin)
  return true
}

/** Send `size` bytes of the queue from `seq`, and keep the books: SND.NXT if it is there, the timer, the round trip. */
function sendSegment(d: Draft, now: Instant, seq: Seq.Seq, size: number, fin: boolean): void {
  const t = d.tcb
  const offset = Seq.diff(seq, startOfQueue(t))
  const last = offset + size === t.queue.length
  const payload = size > 0 ? slice(t.queue, offset, size) : EMPTY_PAYLOAD
  emit(d, seq, ACK | (last && size > 0 ? PSH : 0) | (fin ? FIN : 0), payload)
  const next = Seq.add(seq, size + (fin ? 1 : 0))
  if (seq === t.sndNxt) t.sndNxt = next
  if (Seq.less(t.sndMax, next)) {
    // A segment is timed only if all of it is new (Karn).
    if (t.timedAt === undefined && seq === t.sndMax) {
      t.timedAt = now
      t.timedSeq = next
    }
    t.sndMax = next
  }
  // RFC 6298 (5.1)
  t.retransmitAt ??= now + t.rto.rtoMs
}

/** Send the first unacknowledged segment again: fast retransmission, RFC 5681 3.2 step 3. */
export function retransmitFirst(d: Draft, now: Instant): void {
  const t = d.tcb
  const size = Math.min(t.queue.length, t.sndMss, Seq.diff(t.sndMax, t.sndUna))
  const fin = finSent(t) && size === t.queue.length
  if (size <= 0 && !fin) return
  t.timedAt = undefined
  t.retransmitAt = undefined
  const { sndNxt } = t
  sendSegment(d, now, t.sndUna, size, fin)
  t.sndNxt = Seq.max(sndNxt, t.sndNxt)
}

/**
 * RFC 9293 3.8.6.1: one byte (or our FIN) into a window that is closed, or what fits into one that is small. SND.NXT stays,
 * so that all of it is sent again when the window has opened.
 */
export function probe(d: Draft, now: Instant): void {
  const t = d.tcb
  const { sndNxt } = t
  const unsent = Seq.diff(endOfQueue(t), sndNxt)
  const size = Math.min(unsent, Math.max(t.sndWnd, 1), t.sndMss)
  sendSegment(d, now, sndNxt, size, t.closing && size === unsent && size < Math.max(t.sndWnd, 1))
  t.sndNxt = sndNxt
  // The persist timer watches over it, and its answer times nothing.
  t.retransmitAt = t.timedAt = undefined
}

/** Send an acknowledgment and nothing else. */
export function acknowledge(d: Draft): void {
  const t = d.tcb
  // While segments are sent again, SND.NXT may be behind what the peer has, and it would not look at our ACK; while a
  // window is being probed, SND.MAX is outside of it.
  emit(d, t.persistAt === undefined ? t.sndMax : t.sndNxt, ACK, EMPTY_PAYLOAD)
}

/** Hand over one segment, with the acknowledgment and the window of this moment. */
function emit(d: Draft, seq: Seq.Seq, flags: number, payload: Uint8Array): void {
  const t = d.tcb
  d.segments.push({
    srcPort: t.localPort,
    dstPort: t.remotePort,
    seq,
    ack: t.rcvNxt,
    flags,
    window: flags & RST ? 0 : advertise(t),
    urgent: 0,
    options: NO_OPTIONS,
    payload,
  })
  d.ackDue = false
}

const NO_OPTIONS: readonly never[] = []

/** The window field. RFC 9293 3.8.6.2.2: the right edge moves by a segment or half the buffer, or not at all. */
function advertise(t: Draft["tcb"]): number {
  const { mss, receiveBuffer } = t.config
  const free = Math.max(receiveBuffer - t.rcvUnread, 0)
  const known = Math.max(Seq.diff(t.rcvAdv, t.rcvNxt), 0)
  const window = free - known >= Math.min(mss, receiveBuffer / 2) ? free : known
  // RFC 7323 2.3: the field is in units; the edge that the peer sees may so go back by less than one (2.4).
  const field = Math.min(window >> t.rcvShift, 0xffff)
  t.rcvAdv = Seq.max(t.rcvAdv, Seq.add(t.rcvNxt, field << t.rcvShift))
  return field
}
