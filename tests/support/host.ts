// A host for tests: time passes at once, and what is printed is kept.

import type { Host } from "../../src/mirage/os/host.ts"

/** What a test can ask of its host. */
export interface TestHost {
  readonly host: Host
  /** Everything printed so far. */
  printed(): string
  /** The simulated milliseconds that the engine has asked for, one entry for each time it let time pass. */
  readonly paced: readonly number[]
}

/** A host that runs as fast as it can. */
export function testHost(seed = 1): TestHost {
  let text = ""
  const paced: number[] = []
  const host: Host = {
    seed,
    print(t) {
      text += t
    },
    async pace(ms, wake) {
      paced.push(ms)
      if (ms === Infinity) return wake
      // Without a turn of the event loop now and then, a test that never ends could not even time out.
      if (paced.length % 4096 === 0) await new Promise((resolve) => setImmediate(resolve))
    },
  }
  return { host, printed: () => text, paced }
}
