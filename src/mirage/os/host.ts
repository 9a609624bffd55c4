// What a host lends to the library OS, and the only way by which anything from outside comes in.

import type { RANDOM } from "../signatures/time.ts"

/** Lent by whoever runs a program: a worker, a Node process, a test. */
export interface Host {
  /** Text for the reader's eyes, without a newline added. */
  print(text: string): void
  /**
   * Let the host's time pass before simulated time moves forward by `ms`. A host that runs as fast as it can still gives
   * its own event loop a turn now and then. `ms` is Infinity when only something from outside can go on.
   * Resolves early when `wake` does; a host that knows may then say how many of the `ms` have passed.
   */
  pace(ms: number, wake: Promise<void>): Promise<number | void>
  /** Seeds every random draw: the same seed gives the same run. */
  readonly seed: number
  /** Draws from the world instead of from the seed, for a machine that is not simulated. */
  readonly random?: RANDOM
}
