// RFC 6298, the retransmission timer: when to send again what has not been acknowledged.

/** The estimator. All times are in milliseconds. */
export interface Rto {
  /** The smoothed round-trip time; `undefined` before the first sample. */
  readonly srtt: number | undefined
  readonly rttvar: number
  /** How long to wait for an acknowledgment now, back-offs included. */
  readonly rtoMs: number
  /** How often the timer has expired since the last acknowledgment of something new. */
  readonly backoffs: number
}

/** Between what the timer stays. */
export interface RtoLimits {
  readonly minRtoMs: number
  readonly maxRtoMs: number
}

/** The estimator before any sample, waiting `rtoMs`. */
export function initialRto(rtoMs: number): Rto {
  return { srtt: undefined, rttvar: 0, rtoMs, backoffs: 0 }
}

/**
 * What a round trip of `rttMs` teaches. By Karn's rule (RFC 6298 section 3) the caller gives no sample of a segment that
 * was sent twice.
 */
export function sample(rto: Rto, rttMs: number, { minRtoMs, maxRtoMs }: RtoLimits): Rto {
  // RFC 6298 (2.2) and (2.3), with alpha = 1/8, beta = 1/4, K = 4. The clock's grain G is nothing beside the minimum.
  const first = rto.srtt === undefined
  const rttvar = first ? rttMs / 2 : (3 * rto.rttvar + Math.abs(rto.srtt - rttMs)) / 4
  const srtt = first ? rttMs : (7 * rto.srtt + rttMs) / 8
  return { srtt, rttvar, rtoMs: Math.min(Math.max(srtt + 4 * rttvar, minRtoMs), maxRtoMs), backoffs: rto.backoffs }
}

/** RFC 6298 (5.5): the timer has expired; wait twice as long next time. */
export function backOff(rto: Rto, { maxRtoMs }: RtoLimits): Rto {
  return { ...rto, rtoMs: Math.min(rto.rtoMs * 2, maxRtoMs), backoffs: rto.backoffs + 1 }
}

/** Something new was acknowledged: the peer is alive. The timer itself stays long until there is a sample (section 3). */
export function answered(rto: Rto): Rto {
  return rto.backoffs === 0 ? rto : { ...rto, backoffs: 0 }
}
