// What the library OS borrows of a Node process: real time, standard output, and randomness that is fit for secrets.

import { randomBytes, randomInt } from "node:crypto"
import { Lwt, type RANDOM } from "mirage"
import { type Engine, machine } from "mirage/host"
import { Pacer } from "../sandbox/pacer.ts"
import type { Enter } from "./sockets/flow.ts"

/** `randomInt` takes no wider range. */
const MAX_RANGE = 2 ** 48 - 1

const random: RANDOM = {
  int(bound) {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32)
      throw new RangeError(`Random.int: the bound must be a whole number 1..2^32, not ${bound}`)
    return randomInt(bound)
  },
  generate: (length) => new Uint8Array(randomBytes(length)),
}

/** Start the machine that `OS` means from now on. */
export function startMachine(print: (text: string) => void): Engine {
  const pacer = new Pacer(1, {
    now: () => performance.now(),
    setTimeout: (f, ms) => setTimeout(f, ms),
    clearTimeout: (handle) => clearTimeout(handle),
    soon: (f) => void setImmediate(f),
  })
  return machine({ print, pace: (ms, wake) => pacer.pace(ms, wake), seed: randomInt(MAX_RANGE), random })
}

/** The way into the loop of `engine` for what comes from outside. */
export function entering(engine: Engine): Enter {
  return (f) => {
    // Not at once: the machine's clock stands where the loop left it when it began to wait.
    Lwt.async(() => Lwt.pause().map(f))
    engine.poke()
  }
}
