// The module types TIME, CLOCK and RANDOM of MirageOS 2.0. Devices of the library OS take them as arguments, and so
// cannot reach for the host's.

import type * as Lwt from "../lwt/lwt.ts"

/** A point in simulated time: milliseconds since the simulation began; fractions count. */
export type Instant = number

/** V1_LWT.TIME. */
export interface TIME {
  /** A promise that resolves `seconds` later. Cancelling it removes the timer. */
  sleep(seconds: number): Lwt.t<void>
}

/** V1.CLOCK, monotonic (Mirage_mtime of 4.9). */
export interface CLOCK {
  now(): Instant
}

/** V1.RANDOM. The generator is seeded: the same run draws the same numbers. Not for secrets. */
export interface RANDOM {
  /** A whole number 0..bound-1, bound 1..2^32. */
  int(bound: number): number
  /** `length` random bytes. */
  generate(length: number): Uint8Array
}
