// Lwt of this repository.

import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMutex from "../../../src/mirage/lwt/mutex.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import * as LwtStream from "../../../src/mirage/lwt/stream.ts"
import * as OS from "../../../src/mirage/os/os.ts"
import { measure } from "./measure.mjs"

let sum = 0
const add = (x) => {
  sum += x
  return Lwt.return(x)
}
const inc = (x) => x + 1
const one = (x) => Lwt.return(x + 1)

/** `n` promises and their resolvers. */
function several(n, make) {
  const promises = []
  const resolvers = []
  for (let i = 0; i < n; i++) {
    const [p, u] = make()
    promises.push(p)
    resolvers.push(u)
  }
  return [promises, resolvers]
}

/** Promises, each of the one before. */
const chain = (after) => ({
  n: 100_000,
  run(n) {
    for (let chains = n / 10_000; chains > 0; chains--) {
      const [p, u] = Lwt.wait()
      let q = p
      for (let i = 0; i < 10_000; i++) q = after(q)
      Lwt.wakeup(u, 0)
      if (Lwt.poll(q) !== 10_000) throw new Error("chain")
    }
  },
})

const join = (size) => ({
  n: 100_000,
  run(n) {
    for (let rounds = n / size; rounds > 0; rounds--) {
      const [promises, resolvers] = several(size, Lwt.wait)
      const p = Lwt.join(promises)
      for (const u of resolvers) Lwt.wakeup(u)
      if (Lwt.isSleeping(p)) throw new Error("join")
    }
  },
})

/** A loop, as the others write it: of one step, that counts. */
function pauses(n) {
  const step = () => (n-- === 0 ? Lwt.returnUnit : Lwt.bind(Lwt.pause(), step))
  return step()
}
/** Lets no time pass, since ours is simulated: what is measured is the engine. */
const host = { seed: 1, print() {}, async pace() {} }

const rows = {
  bind: {
    n: 200_000,
    run(n) {
      const loop = (i) => (i === 0 ? Lwt.return(0) : Lwt.bind(Lwt.return(i - 1), loop))
      Lwt.poll(loop(n))
    },
  },
  wakeup: {
    n: 100_000,
    run(n) {
      for (let i = 0; i < n; i++) {
        const [p, u] = Lwt.wait()
        Lwt.bind(p, add)
        Lwt.wakeup(u, i)
      }
    },
  },
  chain: chain((p) => Lwt.bind(p, one)),
  mapChain: chain((p) => Lwt.map(inc, p)),
  mainLoop: { n: 300_000, run: (n) => OS.install(host).run(pauses(n)) },
  pause: {
    n: 300_000,
    run(n) {
      pauses(n)
      while (Lwt.pausedCount() > 0) Lwt.wakeupPaused()
    },
  },
  mvar: {
    n: 100_000,
    run(n) {
      const a = LwtMvar.createEmpty()
      const b = LwtMvar.createEmpty()
      const ping = (i) =>
        i === 0 ? Lwt.return() : Lwt.bind(LwtMvar.put(a, i), () => Lwt.bind(LwtMvar.take(b), () => ping(i - 1)))
      const pong = () => Lwt.bind(LwtMvar.take(a), (x) => Lwt.bind(LwtMvar.put(b, x), pong))
      Lwt.async(pong)
      if (Lwt.isSleeping(ping(n / 2))) throw new Error("mvar")
    },
  },
  stream: {
    n: 100_000,
    run(n) {
      const [s, push] = LwtStream.create()
      for (let i = 0; i < n; i++) {
        push(i)
        Lwt.bind(LwtStream.next(s), add)
      }
    },
  },
  mutex: {
    n: 100_000,
    run(n) {
      for (let rounds = n / 1000; rounds > 0; rounds--) {
        const m = LwtMutex.create()
        LwtMutex.lock(m)
        for (let i = 0; i < 1000; i++) LwtMutex.withLock(m, () => add(i))
        LwtMutex.unlock(m)
        if (LwtMutex.isLocked(m)) throw new Error("mutex")
      }
    },
  },
  choose: {
    n: 100_000,
    run(n) {
      for (let rounds = n / 10_000; rounds > 0; rounds--) {
        const [promises, resolvers] = several(10_000, Lwt.wait)
        const p = Lwt.choose(promises)
        Lwt.wakeup(resolvers[5000], 1)
        Lwt.poll(p)
      }
    },
  },
  pick: {
    n: 100_000,
    run(n) {
      for (let rounds = n / 10_000; rounds > 0; rounds--) {
        const [promises, resolvers] = several(10_000, Lwt.task)
        const p = Lwt.pick(promises)
        Lwt.wakeup(resolvers[5000], 1)
        Lwt.poll(p)
      }
    },
  },
  joinSmall: join(10_000),
  join: join(100_000),
}

function sleepers(n) {
  const engine = OS.install(host)
  const [all, last] = Lwt.wait()
  let sleeping = n
  const wake = () => {
    if (--sleeping === 0) Lwt.wakeup(last)
    return Lwt.returnUnit
  }
  for (let i = 0; i < n; i++) Lwt.bind(engine.sleep(((i * 7919) % 1000) / 1000), wake)
  return () => engine.run(all)
}

await measure(rows, sleepers)
