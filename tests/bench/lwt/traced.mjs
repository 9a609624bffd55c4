// Lwt of this repository with somebody who watches what becomes of promises, or nobody: TRACE=1 is somebody.

import process from "node:process"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { watchThreads } from "../../../src/mirage/os/threads.ts"
import { measure } from "./measure.mjs"

let events = 0
if (process.env.TRACE === "1") {
  // Without a limit, as every promise of the run is to be measured; and without a look at the stack, which the guest has.
  watchThreads({ now: () => 0, where: () => 0, event: () => events++ }, Infinity)
}

let sum = 0
const add = (x) => {
  sum += x
  return Lwt.return(x)
}

await measure({
  bind: {
    n: 1_000_000,
    run(n) {
      const loop = (i) => (i === 0 ? Lwt.return(0) : Lwt.bind(Lwt.return(i - 1), loop))
      Lwt.poll(loop(n))
    },
  },
  wakeup: {
    n: 300_000,
    run(n) {
      for (let i = 0; i < n; i++) {
        const [p, u] = Lwt.wait()
        Lwt.bind(p, add)
        Lwt.wakeup(u, i)
      }
    },
  },
  pause: {
    n: 300_000,
    run(n) {
      const loop = (i) => (i === 0 ? Lwt.return() : Lwt.bind(Lwt.pause(), () => loop(i - 1)))
      loop(n)
      while (Lwt.pausedCount() > 0) Lwt.wakeupPaused()
    },
  },
  pick: {
    n: 100_000,
    run(n) {
      for (let rounds = n / 10_000; rounds > 0; rounds--) {
        const made = Array.from({ length: 10_000 }, () => Lwt.task())
        const p = Lwt.pick(made.map(([p]) => p))
        Lwt.wakeup(made[5000][1], 1)
        Lwt.poll(p)
      }
    },
  },
})
