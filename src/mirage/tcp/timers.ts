// What a connection does of its own accord: RFC 6298 (5.4) to (5.6), retransmission; RFC 9293 3.8.6.1, probing a closed
// window; and the ends of TIME-WAIT and FIN-WAIT-2.
//
// Not implemented: keep-alive (RFC 9293 3.8.4), which an application has to ask for anyway.

import type { Instant } from "../signatures/time.ts"
import { onTimeout } from "./congestion.ts"
import { probe, transmit } from "./output.ts"
import { backOff } from "./rto.ts"
import * as Seq from "./sequence.ts"
import { begin, type Draft, end, sendSyn, type Step, type Tcb } from "./tcb.ts"

/** When {@link handleTimeout} next has something to do; `undefined` if never. */
export function nextTimeout(tcb: Tcb): Instant | undefined {
  const { retransmitAt, persistAt, lingerAt } = tcb
  let next = retransmitAt
  if (persistAt !== undefined && (next === undefined || persistAt < next)) next = persistAt
  if (lingerAt !== undefined && (next === undefined || lingerAt < next)) next = lingerAt
  return next
}

/** Do what is due at `now`; nothing if it is too early. */
export function handleTimeout(tcb: Tcb, now: Instant): Step {
  const d = begin(tcb)
  if (tcb.lingerAt !== undefined && tcb.lingerAt <= now) linger(d)
  else if (tcb.retransmitAt !== undefined && tcb.retransmitAt <= now) retransmit(d, now)
  else if (tcb.persistAt !== undefined && tcb.persistAt <= now) persist(d, now)
  return d
}

function linger(d: Draft): void {
  // The application heard "closed" when TIME-WAIT began. A peer that has acknowledged our FIN and then fell silent will
  // never send its own.
  if (d.tcb.state === "TIME-WAIT") end(d, "2msl-timeout")
  else end(d, "abort", { tag: "timeout" })
}

function retransmit(d: Draft, now: Instant): void {
  const t = d.tcb
  const opening = t.state === "SYN-SENT" || t.state === "SYN-RECEIVED"
  if (t.rto.backoffs >= (opening ? t.config.synRetries : t.config.retries)) {
    end(d, "abort", { tag: "timeout" })
    return
  }
  const again = t.rto.backoffs > 0
  t.rto = backOff(t.rto, t.config)
  if (opening) {
    sendSyn(d, now)
    return
  }
  const flight = Seq.diff(t.sndMax, t.sndUna)
  t.congestion = onTimeout(t.congestion, t.sndMss, { sndMax: t.sndMax, flight, again })
  // All that is unacknowledged counts as lost, and is sent again as the window grows (RFC 5681 section 3.1, and Karn).
  t.sndNxt = t.sndUna
  t.timedAt = undefined
  // RFC 6298 (5.6)
  t.retransmitAt = undefined
  transmit(d, now)
}

function persist(d: Draft, now: Instant): void {
  const t = d.tcb
  // As long as probes are answered a window may stay closed for ever (RFC 9293 3.8.6.1); `answered` forgets the count.
  if (t.rto.backoffs >= t.config.retries) {
    end(d, "abort", { tag: "timeout" })
    return
  }
  t.rto = { ...t.rto, backoffs: t.rto.backoffs + 1 }
  t.probes++
  probe(d, now)
  t.persistAt = now + Math.min(t.rto.rtoMs * 2 ** t.probes, t.config.maxRtoMs)
}
