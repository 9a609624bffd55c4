// The random numbers of a simulated machine: sfc32 (C. Doty-Humphrey, PractRand), 128 bits of state, seeded. The same seed
// gives the same run. Not for secrets.

import type { RANDOM } from "../signatures/time.ts"

const TWO_TO_32 = 0x100000000

/** A generator that starts from `seed`, of which the lower 53 bits count. */
export function seeded(seed: number): RANDOM {
  let a = 0
  let b = Math.floor(Math.abs(seed) / TWO_TO_32) | 0
  let c = seed | 0
  let counter = 1

  /** 32 random bits, unsigned. */
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // Seeds that differ in one bit only have parted after a dozen rounds.
  for (let i = 0; i < 15; i++) next()

  return {
    int(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > TWO_TO_32) {
        throw new RangeError(`Random.int: the bound must be a whole number 1..2^32, not ${bound}`)
      }
      // Numbers from the incomplete last run of `bound` would make small results more likely.
      const limit = TWO_TO_32 - (TWO_TO_32 % bound)
      let n = next()
      while (n >= limit) n = next()
      return n % bound
    },
    generate(length) {
      const bytes = new Uint8Array(length)
      for (let i = 0; i < length; i += 4) {
        const n = next()
        for (let j = i; j < i + 4 && j < length; j++) bytes[j] = n >>> (8 * (j - i))
      }
      return bytes
    },
  }
}
