// RFC 9293 3.4, sequence numbers: 32 bits that wrap around. Of two of them, the later is the one fewer than 2^31 ahead;
// `<` does not know that, and the brand makes a number that was compared with it look wrong.

declare const seq: unique symbol

/** A sequence number: unsigned 32 bits. */
export type Seq = number & { readonly [seq]: true }

/** The sequence number of a 32-bit number; higher bits are dropped. */
export function ofInt32(n: number): Seq {
  return (n >>> 0) as Seq
}

/** `n` further on; `n` may be negative. */
export function add(a: Seq, n: number): Seq {
  return ((a + n) >>> 0) as Seq
}

/** How far `a` is ahead of `b`; negative if it is behind. */
export function diff(a: Seq, b: Seq): number {
  return (a - b) | 0
}

/** Whether `a` comes before `b`. */
export function less(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) < 0
}

/** Whether `a` comes before `b`, or is `b`. */
export function leq(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) <= 0
}

/** The later one. */
export function max(a: Seq, b: Seq): Seq {
  return less(a, b) ? b : a
}

/** The earlier one. */
export function min(a: Seq, b: Seq): Seq {
  return less(a, b) ? a : b
}
