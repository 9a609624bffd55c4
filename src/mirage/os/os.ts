// The module `OS` of a cell: the machine that the program runs on. `OS.Time`, `OS.Clock` and `OS.Random` are the devices
// of that machine, to be handed to functors; protocols take theirs as arguments and never look here.

import * as Lwt from "../lwt/lwt.ts"
import type { CLOCK, RANDOM, TIME } from "../signatures/time.ts"
import { Engine } from "./engine.ts"
import type { Host } from "./host.ts"

export { Deadlock } from "./engine.ts"

let current: Engine | undefined

/** Start a new machine. It is what `OS` means from now on. */
export function install(host: Host): Engine {
  Lwt.abandonPaused()
  Lwt.seedChoices(host.seed)
  current = new Engine(host)
  return current
}

/** The machine. */
export function engine(): Engine {
  if (current === undefined)
    throw new Error("OS: there is no machine yet. Whoever runs the program calls OS.install first.")
  return current
}

/** Run until `p` is resolved: `await OS.run(p)` is the value of `p`, or throws its error. See {@link Engine.run}. */
export function run<A>(p: Lwt.t<A>): Promise<A> {
  return engine().run(p)
}

/** A promise was not resolved in time. */
export class Timeout extends Error {
  override readonly name: string = "Timeout"
  constructor(seconds: number) {
    super(`nothing has come within ${seconds} s`)
  }
}

/** The machine's timers. */
export interface OsTime extends TIME {
  /** A promise that is rejected with {@link Timeout} after `seconds`. */
  timeout(seconds: number): Lwt.t<never>
  /** `pick` of {@link timeout} and the promise of `f`, which is cancelled if it is late. */
  withTimeout<A>(seconds: number, f: () => Lwt.t<A>): Lwt.t<A>
}

/** TIME of the machine. */
export const Time: OsTime = {
  sleep: (seconds) => engine().sleep(seconds),
  timeout: (seconds) => Time.sleep(seconds).bind(() => Lwt.fail(new Timeout(seconds))),
  withTimeout: <A>(seconds: number, f: () => Lwt.t<A>): Lwt.t<A> =>
    Lwt.pick([Time.timeout(seconds), Lwt.apply(f, undefined)]),
}

/** CLOCK of the machine: simulated milliseconds since it was started. */
export const Clock: CLOCK = {
  now: () => engine().now(),
}

/** RANDOM of the machine, from the host's seed. */
export const Random: RANDOM = {
  int: (bound) => engine().random.int(bound),
  generate: (length) => engine().random.generate(length),
}
