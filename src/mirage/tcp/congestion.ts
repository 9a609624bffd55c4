// RFC 5681, congestion control, with the fast recovery of RFC 6582 (NewReno): how much may be on its way.
//
// Each function is one thing that happens to a connection. Sizes are in bytes.

import * as Seq from "./sequence.ts"

/** The sender's view of the network. */
export interface Congestion {
  readonly cwnd: number
  readonly ssthresh: number
  /** Duplicate acknowledgments in a row. */
  readonly dupAcks: number
  /** Whether fast recovery is under way, until `recover` has been acknowledged. */
  readonly recovering: boolean
  /** The highest sequence number sent when a loss was last seen. RFC 6582's "recover". */
  readonly recover: Seq.Seq
}

/** "Arbitrarily high" (RFC 5681 3.1): no receiver's window is larger (RFC 7323 2.3). */
const LARGEST_WINDOW = 2 ** 30

/** A new connection, with segments of `mss` bytes. */
export function initialCongestion(mss: number, iss: Seq.Seq): Congestion {
  // RFC 5681 3.1: two to four segments, depending on their size.
  const segments = mss > 2190 ? 2 : mss > 1095 ? 3 : 4
  return { cwnd: segments * mss, ssthresh: LARGEST_WINDOW, dupAcks: 0, recovering: false, recover: iss }
}

/**
 * `acked` new bytes were acknowledged, up to `ack`, and `flight` are still on their way. `limited`: the congestion window
 * was what held us back; one that is not used does not grow, for it says nothing (RFC 9293 3.8.2, RFC 7661).
 */
export function onAck(
  c: Congestion,
  mss: number,
  at: { readonly ack: Seq.Seq; readonly acked: number; readonly flight: number; readonly limited: boolean },
): { readonly congestion: Congestion; readonly retransmit: boolean } {
  if (c.recovering) {
    // RFC 6582 3.2 step 3, a full acknowledgment: deflate, but let no burst go.
    if (Seq.leq(c.recover, at.ack)) {
      const cwnd = Math.min(c.ssthresh, Math.max(at.flight, mss) + mss)
      return { congestion: { ...c, cwnd, dupAcks: 0, recovering: false }, retransmit: false }
    }
    // A partial one: the next segment is lost too.
    const cwnd = Math.max(c.cwnd - at.acked + (at.acked >= mss ? mss : 0), mss)
    return { congestion: { ...c, cwnd, dupAcks: 0 }, retransmit: true }
  }
  if (!at.limited) return { congestion: c.dupAcks === 0 ? c : { ...c, dupAcks: 0 }, retransmit: false }
  // RFC 5681 3.1, (2) slow start and (3) congestion avoidance.
  const growth = c.cwnd < c.ssthresh ? Math.min(at.acked, mss) : Math.max(1, Math.floor((mss * mss) / c.cwnd))
  return { congestion: { ...c, cwnd: Math.min(c.cwnd + growth, LARGEST_WINDOW), dupAcks: 0 }, retransmit: false }
}

/** A duplicate acknowledgment of `ack`; `sndMax` is the end of what was sent, `flight` the bytes on their way. */
export function onDuplicateAck(
  c: Congestion,
  mss: number,
  at: { readonly ack: Seq.Seq; readonly sndMax: Seq.Seq; readonly flight: number },
): { readonly congestion: Congestion; readonly retransmit: boolean } {
  const dupAcks = c.dupAcks + 1
  // RFC 5681 3.2 step 4: each further one means that a segment has left the network.
  if (c.recovering) return { congestion: { ...c, dupAcks, cwnd: c.cwnd + mss }, retransmit: false }
  // RFC 6582 3.2 step 2: duplicates that our own retransmissions cause are no news.
  if (dupAcks !== 3 || Seq.leq(at.ack, c.recover)) return { congestion: { ...c, dupAcks }, retransmit: false }
  const ssthresh = halved(at.flight, mss)
  return {
    congestion: { cwnd: ssthresh + 3 * mss, ssthresh, dupAcks, recovering: true, recover: at.sndMax },
    retransmit: true,
  }
}

/** The retransmission timer has expired, the first time for this segment or again. */
export function onTimeout(
  c: Congestion,
  mss: number,
  at: { readonly sndMax: Seq.Seq; readonly flight: number; readonly again: boolean },
): Congestion {
  // RFC 5681 3.1: the threshold is held when the same segment is lost again.
  const ssthresh = at.again ? c.ssthresh : halved(at.flight, mss)
  return { cwnd: mss, ssthresh, dupAcks: 0, recovering: false, recover: at.sndMax }
}

/** RFC 5681 3.1, (4). */
function halved(flight: number, mss: number): number {
  return Math.max(Math.floor(flight / 2), 2 * mss)
}
