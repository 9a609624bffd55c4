// RFC 9293 3.3.1, the transmission control block: all that one end of a connection knows, as a value.
//
// A step (SEGMENT ARRIVES, SEND, a timer …) takes a Tcb and the time, and gives the next Tcb, the segments to send and what
// the application should hear. It does no IO, reads no clock and keeps nothing: the same step on the same values gives
// the same result. Read state.ts first, then input.ts, output.ts and timers.ts; tcp.ts is where segments really travel.

import { ACK, RST, SYN, segmentLength, type TcpSegment } from "../wire/tcp.ts"
import type { TcpOption } from "../wire/tcp-options.ts"
import type { Instant } from "../signatures/time.ts"
import { type Congestion, initialCongestion } from "./congestion.ts"
import { initialRto, type Rto, type RtoLimits } from "./rto.ts"
import { NOTHING, type Reassembly } from "./reassembly.ts"
import { EMPTY, type SendQueue } from "./send-queue.ts"
import * as Seq from "./sequence.ts"
import { type State, type StateEvent, transition } from "./state.ts"

/** What may be chosen about a connection. Sizes are in bytes. */
export interface TcpConfig extends RtoLimits {
  /** The largest segment, without headers, that we can receive: the IP layer's MTU less 20. */
  readonly mss: number
  /** How much a writer may be ahead of the peer's acknowledgments. */
  readonly sendBuffer: number
  /** How much the peer may be ahead of our reader. */
  readonly receiveBuffer: number
  /** RFC 7323: our windows count in units of 2^windowScale. */
  readonly windowScale: number
  /** The window of our SYN, which is never scaled. */
  readonly synWindow: number
  /** The first wait for an answer to a SYN; it doubles. */
  readonly synRtoMs: number
  /** How often a SYN is sent again. */
  readonly synRetries: number
  /** How often data are sent again, or a closed window is asked about, with no answer at all. */
  readonly retries: number
  /** How long to wait in FIN-WAIT-2 for a peer that says nothing any more, whether or not somebody waits to read. */
  readonly finWait2Ms: number
  /** 2MSL. */
  readonly timeWaitMs: number
  /** How many separate pieces are held before their turn. */
  readonly reassemblyPieces: number
  /** RFC 5961 section 7: how many challenge ACKs a connection sends in `challengeMs`. */
  readonly challenges: number
  readonly challengeMs: number
}

/** The configuration for a link that takes segments of `mss` bytes. Timers and the SYN's window are mirage-tcpip's. */
export function defaultConfig(mss: number): TcpConfig {
  return {
    mss,
    sendBuffer: 262144,
    receiveBuffer: 65535 << 2,
    windowScale: 2,
    synWindow: 5840,
    // RFC 6298 (2.4) would rather have a minimum of a second; networks have become faster since.
    minRtoMs: 667,
    maxRtoMs: 60_000,
    synRtoMs: 3000,
    synRetries: 4,
    retries: 5,
    finWait2Ms: 10_000,
    timeWaitMs: 2000,
    reassemblyPieces: 512,
    challenges: 10,
    challengeMs: 5000,
  }
}

/** One end of a connection. Names are those of RFC 9293 3.3.1 where it has one. */
export interface Tcb {
  readonly config: TcpConfig
  readonly state: State
  readonly localPort: number
  readonly remotePort: number
  /** Whether the peer opened it. */
  readonly passive: boolean

  readonly iss: Seq.Seq
  readonly sndUna: Seq.Seq
  /** What is sent next. Goes back to SND.UNA when the retransmission timer expires. */
  readonly sndNxt: Seq.Seq
  /** The end of all that was ever sent: the RFC's SND.NXT when nothing is being sent again. */
  readonly sndMax: Seq.Seq
  /** The peer's window, scaled, and the largest that it ever was. */
  readonly sndWnd: number
  readonly sndMaxWnd: number
  readonly sndWl1: Seq.Seq
  readonly sndWl2: Seq.Seq
  /** How far the peer's windows are shifted, and the largest segment it takes. */
  readonly sndShift: number
  readonly sndMss: number
  /** Written and not acknowledged; it begins at SND.UNA (after our SYN). */
  readonly queue: SendQueue
  /** Up to here, no byte waits for company (the Nagle algorithm is off). */
  readonly push: Seq.Seq
  /** The application has closed: a FIN follows the queue. */
  readonly closing: boolean

  readonly irs: Seq.Seq
  readonly rcvNxt: Seq.Seq
  /** The right edge of the window that the peer knows: RCV.NXT + RCV.WND. It never goes back. */
  readonly rcvAdv: Seq.Seq
  readonly rcvShift: number
  /** Handed to the application and not yet consumed by it. */
  readonly rcvUnread: number
  readonly held: Reassembly
  /** Where the peer's FIN is, once one was seen. */
  readonly rcvFin: Seq.Seq | undefined

  readonly rto: Rto
  readonly congestion: Congestion
  /** The round trip being timed: when everything before `timedSeq` is acknowledged, that which began at `timedAt`. */
  readonly timedSeq: Seq.Seq
  readonly timedAt: Instant | undefined
  /** When to do something of our own accord; see timers.ts. */
  readonly retransmitAt: Instant | undefined
  readonly persistAt: Instant | undefined
  readonly lingerAt: Instant | undefined
  /** Window probes sent since the window closed. */
  readonly probes: number
  /** Challenge ACKs sent since `challengesSince`. */
  readonly challenges: number
  readonly challengesSince: Instant
}

/** What the application should hear. After one of the last four, a connection is over. */
export type FlowEvent =
  | { readonly tag: "established" }
  /** The next bytes of the stream: a view of the segment. To be answered by `consume` when they have been read. */
  | { readonly tag: "data"; readonly data: Uint8Array }
  /** The peer has closed its direction. */
  | { readonly tag: "eof" }
  /** The send queue has become shorter. */
  | { readonly tag: "acked" }
  /** Closed in order, in both directions. */
  | { readonly tag: "closed" }
  /** The peer said RST, after (`reset`) or instead of (`refused`) a connection. */
  | { readonly tag: "reset" }
  | { readonly tag: "refused" }
  /** The peer does not answer. */
  | { readonly tag: "timeout" }

/** Everything one step of a connection can ask for. */
export interface Step {
  readonly tcb: Tcb
  /** Segments to hand to IP now, in order. */
  readonly segments: readonly TcpSegment[]
  /** What the application should hear about, in order. */
  readonly events: readonly FlowEvent[]
}

/** A step being made: a copy of the Tcb that only this step knows, and may therefore change. */
export interface Draft extends Step {
  readonly tcb: { -readonly [K in keyof Tcb]: Tcb[K] }
  readonly segments: TcpSegment[]
  readonly events: FlowEvent[]
  /** The peer is owed an acknowledgment; any segment carries one. */
  ackDue: boolean
}

/** Begin a step. */
export function begin(tcb: Tcb): Draft {
  return { tcb: copy(tcb), segments: [], events: [], ackDue: false }
}

/** `{ ...t }`, written out: of this many fields V8 copies the spread of an object twenty times as slowly. */
function copy(t: Tcb): Draft["tcb"] {
  return {
    config: t.config,
    state: t.state,
    localPort: t.localPort,
    remotePort: t.remotePort,
    passive: t.passive,
    iss: t.iss,
    sndUna: t.sndUna,
    sndNxt: t.sndNxt,
    sndMax: t.sndMax,
    sndWnd: t.sndWnd,
    sndMaxWnd: t.sndMaxWnd,
    sndWl1: t.sndWl1,
    sndWl2: t.sndWl2,
    sndShift: t.sndShift,
    sndMss: t.sndMss,
    queue: t.queue,
    push: t.push,
    closing: t.closing,
    irs: t.irs,
    rcvNxt: t.rcvNxt,
    rcvAdv: t.rcvAdv,
    rcvShift: t.rcvShift,
    rcvUnread: t.rcvUnread,
    held: t.held,
    rcvFin: t.rcvFin,
    rto: t.rto,
    congestion: t.congestion,
    timedSeq: t.timedSeq,
    timedAt: t.timedAt,
    retransmitAt: t.retransmitAt,
    persistAt: t.persistAt,
    lingerAt: t.lingerAt,
    probes: t.probes,
    challenges: t.challenges,
    challengesSince: t.challengesSince,
  }
}

/** Go along the arrow labelled `event`. Throws when the figure has none: the caller had to know. */
export function go(d: Draft, event: StateEvent): void {
  const next = transition(d.tcb.state, event)
  if (next === undefined) throw new Error(`TCP: no arrow "${event}" leads from ${d.tcb.state}`)
  d.tcb.state = next
}

/** Leave for CLOSED by `event`, with every timer stopped, and tell the application why, unless it knows. */
export function end(d: Draft, event: StateEvent, why?: FlowEvent): void {
  go(d, event)
  d.tcb.retransmitAt = d.tcb.persistAt = d.tcb.lingerAt = undefined
  d.tcb.queue = EMPTY
  d.tcb.held = NOTHING
  if (why !== undefined) d.events.push(why)
}

/** Who talks to whom, and from which random sequence number. */
export interface Ends {
  readonly localPort: number
  readonly remotePort: number
  readonly iss: Seq.Seq
}

function blank(config: TcpConfig, ends: Ends, state: State, passive: boolean): Tcb {
  const { iss } = ends
  const zero = Seq.ofInt32(0)
  return {
    config,
    state,
    localPort: ends.localPort,
    remotePort: ends.remotePort,
    passive,
    iss,
    sndUna: iss,
    sndNxt: Seq.add(iss, 1),
    sndMax: Seq.add(iss, 1),
    sndWnd: 0,
    sndMaxWnd: 0,
    sndWl1: zero,
    sndWl2: zero,
    sndShift: 0,
    // RFC 9293 3.7.1 (MUST-15): what a peer takes that does not say.
    sndMss: Math.min(536, config.mss),
    queue: EMPTY,
    push: iss,
    closing: false,
    irs: zero,
    rcvNxt: zero,
    rcvAdv: zero,
    rcvShift: 0,
    rcvUnread: 0,
    held: NOTHING,
    rcvFin: undefined,
    rto: initialRto(config.synRtoMs),
    congestion: initialCongestion(config.mss, iss),
    timedSeq: zero,
    timedAt: undefined,
    retransmitAt: undefined,
    persistAt: undefined,
    lingerAt: undefined,
    probes: 0,
    challenges: 0,
    challengesSince: Number.NEGATIVE_INFINITY,
  }
}

/** RFC 9293 3.10.1, OPEN, active: send a SYN. */
export function open(config: TcpConfig, now: Instant, ends: Ends): Step {
  const d = begin(blank(config, ends, "CLOSED", false))
  go(d, "active-open")
  sendSyn(d, now)
  return d
}

/**
 * RFC 9293 3.10.7.2, a SYN for a listener: answer it with ours. The caller has seen that it is one, without RST and ACK.
 * Data that came with it will be sent again.
 */
export function accept(config: TcpConfig, now: Instant, ends: Ends, syn: TcpSegment): Step {
  const d = begin(blank(config, ends, "LISTEN", true))
  go(d, "rcv-syn")
  takeSyn(d, syn)
  sendSyn(d, now)
  return d
}

/** Learn what a SYN says: where its numbers begin, its options and its window. */
export function takeSyn(d: Draft, syn: TcpSegment): void {
  const t = d.tcb
  t.irs = Seq.ofInt32(syn.seq)
  t.rcvNxt = Seq.add(t.irs, 1)
  t.rcvAdv = Seq.add(t.rcvNxt, t.config.synWindow)
  for (const option of syn.options) {
    if (option.kind === "mss") t.sndMss = Math.min(option.mss, t.config.mss)
    // RFC 7323 2.2 and 2.3: both directions are scaled or neither; a shift above 14 counts as 14.
    else if (option.kind === "window-scale") {
      t.sndShift = Math.min(option.shift, 14)
      t.rcvShift = t.config.windowScale
    }
  }
  t.congestion = initialCongestion(t.sndMss, t.iss)
  t.sndWnd = t.sndMaxWnd = syn.window
  t.sndWl1 = t.irs
  t.sndWl2 = Seq.ofInt32(syn.ack)
}

/** Send our SYN, the first time or again: with an ACK if the peer's has come. */
export function sendSyn(d: Draft, now: Instant): void {
  const t = d.tcb
  const answer = t.state === "SYN-RECEIVED"
  const options: TcpOption[] = [{ kind: "mss", mss: t.config.mss }]
  // RFC 7323 1.3: in an answer only if the peer has offered it.
  if (!answer || t.rcvShift > 0) options.push({ kind: "window-scale", shift: t.config.windowScale })
  d.segments.push({
    srcPort: t.localPort,
    dstPort: t.remotePort,
    seq: t.iss,
    ack: answer ? t.rcvNxt : 0,
    flags: answer ? SYN | ACK : SYN,
    window: Math.min(t.config.synWindow, 0xffff),
    urgent: 0,
    options,
    payload: EMPTY_PAYLOAD,
  })
  t.retransmitAt = now + t.rto.rtoMs
  // Karn's rule: the round trip is known only if there was one SYN.
  t.timedAt = t.rto.backoffs === 0 ? now : undefined
  t.timedSeq = t.sndMax
}

/** The payload of a segment without one. */
export const EMPTY_PAYLOAD: Uint8Array = new Uint8Array(0)

/** RFC 9293 3.10.7.1: the answer to a segment that belongs to no connection; none to a reset. */
export function refuse(segment: TcpSegment): TcpSegment | undefined {
  if (segment.flags & RST) return undefined
  const acked = (segment.flags & ACK) !== 0
  return {
    srcPort: segment.dstPort,
    dstPort: segment.srcPort,
    seq: acked ? segment.ack : 0,
    ack: acked ? 0 : Seq.add(Seq.ofInt32(segment.seq), segmentLength(segment)),
    flags: acked ? RST : RST | ACK,
    window: 0,
    urgent: 0,
    options: [],
    payload: EMPTY_PAYLOAD,
  }
}
