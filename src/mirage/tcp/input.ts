// RFC 9293 3.10.7, SEGMENT ARRIVES, with RFC 5961's answers to blind attackers.
//
// Before changing this, read RFC 9293 3.10.7.3 and 3.10.7.4, and RFC 5961 sections 3 to 5. The order of the checks is the
// RFC's, and so is their numbering. CLOSED is `refuse` and LISTEN is `accept`, both in tcb.ts.
//
// Not implemented: the urgent pointer (data is data), SACK (RFC 2018) and timestamps (RFC 7323), which are decoded and
// ignored; ECN (RFC 3168).

import type { Instant } from "../signatures/time.ts"
import { ACK, FIN, RST, SYN, segmentLength, type TcpSegment } from "../wire/tcp.ts"
import { onAck, onDuplicateAck } from "./congestion.ts"
import { acknowledge, endOfQueue, finSent, retransmitFirst, transmit } from "./output.ts"
import { insert, take } from "./reassembly.ts"
import { answered, initialRto, sample } from "./rto.ts"
import { drop } from "./send-queue.ts"
import * as Seq from "./sequence.ts"
import { begin, type Draft, end, go, refuse, sendSyn, type Step, takeSyn, type Tcb } from "./tcb.ts"

/** RFC 9293 3.10.7, SEGMENT ARRIVES, for a connection that is not CLOSED or LISTEN. */
export function handleSegment(tcb: Tcb, now: Instant, segment: TcpSegment): Step {
  const d = begin(tcb)
  if (tcb.state === "SYN-SENT") synSent(d, now, segment)
  else if (tcb.state !== "CLOSED") otherStates(d, now, segment)
  return d
}

/** RFC 9293 3.10.7.3. */
function synSent(d: Draft, now: Instant, segment: TcpSegment): void {
  const t = d.tcb
  const { flags } = segment
  const ack = Seq.ofInt32(segment.ack)
  // First, check the ACK bit. Only our SYN can have been acknowledged.
  if (flags & ACK && ack !== t.sndMax) {
    const reset = refuse(segment)
    if (reset !== undefined) d.segments.push(reset)
    return
  }
  // Second, check the RST bit. Without an acceptable ACK it is a guess (RFC 5961 3.2).
  if (flags & RST) {
    if (flags & ACK) end(d, "abort", { tag: "refused" })
    return
  }
  // Third, security: there is none. Fourth, check the SYN bit.
  if (!(flags & SYN)) return
  takeSyn(d, segment)
  if (flags & ACK) {
    go(d, "rcv-syn-ack")
    t.sndUna = ack
    established(d, now)
    d.ackDue = true
    // "If there are other controls or text in the segment, then continue processing at the sixth step."
    text(d, Seq.add(t.irs, 1), segment.payload, (flags & FIN) !== 0)
    fin(d, now)
    transmit(d, now)
  } else {
    // Both ends have called at once (3.5, figure 7).
    go(d, "rcv-syn")
    sendSyn(d, now)
  }
}

/** Our SYN is acknowledged: its round trip is the first sample, and the peer may be told of. */
function established(d: Draft, now: Instant): void {
  const t = d.tcb
  // RFC 6298 (5.7) and RFC 5681 3.1: a SYN that was lost bodes ill.
  if (t.rto.backoffs > 0) {
    t.rto = initialRto(t.config.synRtoMs)
    t.congestion = { ...t.congestion, cwnd: t.sndMss }
  } else if (t.timedAt !== undefined) t.rto = sample(t.rto, now - t.timedAt, t.config)
  t.timedAt = t.retransmitAt = undefined
  d.events.push({ tag: "established" })
  if (t.closing) go(d, "close")
}

/** RFC 9293 3.10.7.4. */
function otherStates(d: Draft, now: Instant, segment: TcpSegment): void {
  const t = d.tcb
  let { flags } = segment
  let seq = Seq.ofInt32(segment.seq)

  // A SYN of the peer that we know already lies before the window; what else the segment says does not. "One could tailor
  // actual segments to assume this idealized segment by trimming off any portions that lie outside the window."
  if (t.state === "SYN-RECEIVED" && flags & SYN && seq === t.irs && !(flags & RST)) {
    if (!(flags & ACK)) {
      // Our answer was lost. Its timer goes on as it was.
      const { retransmitAt } = t
      sendSyn(d, now)
      t.retransmitAt = retransmitAt
      t.timedAt = undefined
      return
    }
    flags &= ~SYN
    seq = Seq.add(seq, 1)
  }

  // First, check the sequence number.
  const windowSize = Math.max(Seq.diff(t.rcvAdv, t.rcvNxt), 0)
  if (!acceptable(t, seq, segmentLength(segment), windowSize)) {
    if (flags & RST) return
    // RFC 9293 3.10.7.4, eighth, TIME-WAIT: a FIN again means that our ACK of it was lost.
    if (t.state === "TIME-WAIT" && flags & FIN) t.lingerAt = now + t.config.timeWaitMs
    // Data are answered always, for the peer may have missed our ACK; what is empty only so often, or two ends that
    // disagree would answer each other for ever.
    if (flags & SYN || segment.payload.length === 0) challenge(d, now)
    else acknowledge(d)
    return
  }

  // Second, check the RST bit. RFC 5961 3.2: it must be exactly where we are, or it is asked about.
  if (flags & RST) {
    if (seq !== t.rcvNxt) challenge(d, now)
    else if (t.state === "SYN-RECEIVED" && !t.passive) end(d, "abort", { tag: "refused" })
    else if (t.state === "TIME-WAIT") end(d, "abort")
    else if (t.state === "CLOSING" || t.state === "LAST-ACK") end(d, "abort", { tag: "closed" })
    else end(d, "abort", { tag: "reset" })
    return
  }

  // Third, security: there is none. Fourth, check the SYN bit. RFC 5961 4.2: whatever its number, ask.
  if (flags & SYN) {
    challenge(d, now)
    return
  }

  // Fifth, check the ACK field.
  if (!(flags & ACK) || !acknowledgment(d, now, segment, seq)) return
  if (isClosed(t)) return

  // Sixth, the URG bit: not implemented. Seventh, process the segment text. Eighth, check the FIN bit.
  if (t.state === "ESTABLISHED" || t.state === "FIN-WAIT-1" || t.state === "FIN-WAIT-2") {
    text(d, seq, segment.payload, (flags & FIN) !== 0)
    fin(d, now)
  } else if (segmentLength(segment) > 0) d.ackDue = true
  // The peer is alive, and may take as long as it likes.
  if (t.state === "FIN-WAIT-2") t.lingerAt = now + t.config.finWait2Ms
  transmit(d, now)
}

/** Widens the type: a step that ends a connection changes the state behind the checker's back. */
function isClosed(t: Tcb): boolean {
  return t.state === "CLOSED"
}

/** RFC 9293 3.10.7.4, the table of four cases. */
function acceptable(t: Tcb, seq: Seq.Seq, length: number, windowSize: number): boolean {
  const ahead = Seq.diff(seq, t.rcvNxt)
  // An empty segment may stand at the right edge: a peer that has filled our window sends its ACKs from there. And at a
  // window of zero, "special allowance should be made to accept valid ACKs": `text` cuts off the rest.
  if (length === 0 || windowSize === 0) return ahead >= 0 && ahead <= windowSize
  return ahead < windowSize && ahead + length > 0
}

/** RFC 5961 section 7: an ACK that asks, only so often that it cannot be used to flood somebody. */
function challenge(d: Draft, now: Instant): void {
  const t = d.tcb
  if (now - t.challengesSince >= t.config.challengeMs) {
    t.challengesSince = now
    t.challenges = 0
  }
  if (t.challenges >= t.config.challenges) return
  t.challenges++
  acknowledge(d)
}

/** RFC 9293 3.10.7.4, fifth. Whether the rest of the segment may be looked at. */
function acknowledgment(d: Draft, now: Instant, segment: TcpSegment, seq: Seq.Seq): boolean {
  const t = d.tcb
  const ack = Seq.ofInt32(segment.ack)
  if (t.state === "SYN-RECEIVED") {
    if (Seq.leq(ack, t.sndUna) || Seq.less(t.sndMax, ack)) {
      const reset = refuse(segment)
      if (reset !== undefined) d.segments.push(reset)
      return false
    }
    go(d, "rcv-ack-of-syn")
    t.sndUna = Seq.add(t.iss, 1)
    t.sndWl1 = seq
    t.sndWl2 = ack
    setWindow(d, segment)
    established(d, now)
  }
  // RFC 5961 5.2: too old, or for what was never sent.
  if (Seq.less(ack, Seq.add(t.sndUna, -t.sndMaxWnd)) || Seq.less(t.sndMax, ack)) {
    challenge(d, now)
    return false
  }
  const acked = Seq.diff(ack, t.sndUna)
  if (acked > 0) newlyAcked(d, now, ack, acked)
  else if (acked === 0 && isDuplicate(t, segment)) {
    const flight = Seq.diff(t.sndMax, t.sndUna)
    const said = onDuplicateAck(t.congestion, t.sndMss, { ack, sndMax: t.sndMax, flight })
    t.congestion = said.congestion
    if (said.retransmit) retransmitFirst(d, now)
  }
  // "If SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK)": a window that is not older than what we know.
  if (acked >= 0 && (Seq.less(t.sndWl1, seq) || (t.sndWl1 === seq && Seq.leq(t.sndWl2, ack)))) {
    t.sndWl1 = seq
    t.sndWl2 = ack
    setWindow(d, segment)
  }
  return true
}

function setWindow(d: Draft, segment: TcpSegment): void {
  const t = d.tcb
  t.sndWnd = segment.window << t.sndShift
  if (t.sndWnd > t.sndMaxWnd) t.sndMaxWnd = t.sndWnd
  // Whoever answers our probes is alive (RFC 9293 3.8.6.1), even with a window of zero.
  if (t.persistAt !== undefined) t.rto = answered(t.rto)
}

/** RFC 5681 section 2. An answer to a window probe is none. */
function isDuplicate(t: Tcb, segment: TcpSegment): boolean {
  return (
    t.sndUna !== t.sndMax &&
    segmentLength(segment) === 0 &&
    segment.window << t.sndShift === t.sndWnd &&
    t.persistAt === undefined
  )
}

/** `acked` sequence numbers of ours were acknowledged, up to `ack`. */
function newlyAcked(d: Draft, now: Instant, ack: Seq.Seq, acked: number): void {
  const t = d.tcb
  const flightBefore = Seq.diff(t.sndMax, t.sndUna)
  const finAcked = finSent(t) && Seq.less(endOfQueue(t), ack)
  t.queue = drop(t.queue, finAcked ? acked - 1 : acked)
  t.sndUna = ack
  t.sndNxt = Seq.max(t.sndNxt, ack)
  if (t.timedAt !== undefined && Seq.leq(t.timedSeq, ack)) {
    t.rto = sample(t.rto, now - t.timedAt, t.config)
    t.timedAt = undefined
  }
  t.rto = answered(t.rto)
  // RFC 6298 (5.2) and (5.3)
  t.retransmitAt = t.sndMax === ack ? undefined : now + t.rto.rtoMs
  t.persistAt = undefined
  const flight = Seq.diff(t.sndMax, ack)
  const limited = 2 * flightBefore >= t.congestion.cwnd
  const said = onAck(t.congestion, t.sndMss, { ack, acked, flight, limited })
  t.congestion = said.congestion
  if (said.retransmit) retransmitFirst(d, now)
  d.events.push({ tag: "acked" })
  if (!finAcked) return
  // FIN-WAIT-1, CLOSING and LAST-ACK have this arrow.
  if (t.state === "LAST-ACK") end(d, "rcv-ack-of-fin", { tag: "closed" })
  else {
    go(d, "rcv-ack-of-fin")
    if (t.state === "TIME-WAIT") timeWait(d, now)
  }
}

/** RFC 9293 3.10.7.4, seventh: deliver what is next, hold what is early, forget what is known or outside the window. */
function text(d: Draft, seq: Seq.Seq, payload: Uint8Array, isFin: boolean): void {
  const t = d.tcb
  if (payload.length === 0 && !isFin) return
  // Also for what is known already: our ACK may have been lost. And early segments must be answered at once (RFC 5681 4.2).
  d.ackDue = true
  const limit = t.rcvFin === undefined ? t.rcvAdv : Seq.min(t.rcvAdv, t.rcvFin)
  const skip = Math.max(Seq.diff(t.rcvNxt, seq), 0)
  const stop = Math.max(Math.min(payload.length, Seq.diff(limit, seq)), 0)
  const start = Seq.add(seq, skip)
  // The FIN is the peer's last number, and must lie in the window as the bytes do.
  if (isFin && stop === payload.length && t.rcvFin === undefined && Seq.less(Seq.add(seq, stop), t.rcvAdv))
    t.rcvFin = Seq.add(seq, stop)
  if (skip >= stop) return
  const bytes = skip === 0 && stop === payload.length ? payload : payload.subarray(skip, stop)
  if (start !== t.rcvNxt) {
    t.held = insert(t.held, start, bytes, t.config.reassemblyPieces)
    return
  }
  deliver(d, bytes)
  if (t.held.length === 0) return
  const next = take(t.held, t.rcvNxt)
  t.held = next.held
  for (const piece of next.data) deliver(d, piece)
}

function deliver(d: Draft, data: Uint8Array): void {
  d.tcb.rcvNxt = Seq.add(d.tcb.rcvNxt, data.length)
  d.tcb.rcvUnread += data.length
  d.events.push({ tag: "data", data })
}

/** RFC 9293 3.10.7.4, eighth: the peer's FIN, once everything before it has come. */
function fin(d: Draft, now: Instant): void {
  const t = d.tcb
  if (t.rcvFin === undefined || t.rcvFin !== t.rcvNxt) return
  t.rcvNxt = Seq.add(t.rcvNxt, 1)
  d.ackDue = true
  d.events.push({ tag: "eof" })
  go(d, "rcv-fin")
  if (t.state === "TIME-WAIT") timeWait(d, now)
}

/** Both FINs are acknowledged. "Start the time-wait timer, turn off the other timers." */
function timeWait(d: Draft, now: Instant): void {
  const t = d.tcb
  t.retransmitAt = t.persistAt = t.timedAt = undefined
  t.lingerAt = now + t.config.timeWaitMs
  d.events.push({ tag: "closed" })
}
