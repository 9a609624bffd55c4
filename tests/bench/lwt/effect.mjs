// The npm package effect, doing the same on one fiber where one will do.

import { Deferred, Effect, Fiber, Queue, Semaphore } from "effect"
import { measure } from "./measure.mjs"

let sum = 0
const add = (x) =>
  Effect.sync(() => {
    sum += x
  })
const inc = (x) => x + 1
const one = (x) => Effect.succeed(x + 1)
const deferreds = (n) => Array.from({ length: n }, () => Deferred.makeUnsafe())
const repeat = (n, step) =>
  Effect.gen(function* () {
    for (let i = 0; i < n; i++) yield* step(i)
  })

/** Effects, each of the one before. */
const chain = (after) => ({
  n: 300_000,
  run: (n) =>
    Effect.runPromise(
      repeat(n / 10_000, () => {
        const d = Deferred.makeUnsafe()
        let q = Deferred.await(d)
        for (let i = 0; i < 10_000; i++) q = after(q)
        return Effect.flatMap(Effect.forkChild(q, { startImmediately: true }), (fiber) =>
          Effect.flatMap(Deferred.succeed(d, 0), () => Fiber.join(fiber)),
        )
      }),
    ),
})

const join = (size) => ({
  n: 100_000,
  run: (n) =>
    Effect.runPromise(
      repeat(n / size, () => {
        const made = deferreds(size)
        const all = Effect.all(made.map(Deferred.await), { concurrency: "unbounded", discard: true })
        return Effect.flatMap(Effect.forkChild(all, { startImmediately: true }), (fiber) =>
          Effect.flatMap(
            repeat(size, (i) => Deferred.succeed(made[i], undefined)),
            () => Fiber.join(fiber),
          ),
        )
      }),
    ),
})

const rows = {
  bind: {
    n: 300_000,
    run(n) {
      const loop = (i) => (i === 0 ? Effect.succeed(0) : Effect.flatMap(Effect.succeed(i - 1), loop))
      return Effect.runPromise(loop(n))
    },
  },
  wakeup: {
    n: 30_000,
    run: (n) =>
      Effect.runPromise(
        repeat(n, (i) => {
          const d = Deferred.makeUnsafe()
          return Effect.flatMap(
            Effect.forkChild(Effect.flatMap(Deferred.await(d), add), { startImmediately: true }),
            (fiber) => Effect.flatMap(Deferred.succeed(d, i), () => Fiber.join(fiber)),
          )
        }),
      ),
  },
  chain: chain((q) => Effect.flatMap(q, one)),
  mapChain: chain((q) => Effect.map(q, inc)),
  mainLoop: { n: 30_000, run: (n) => Effect.runPromise(repeat(n, () => Effect.yieldNow)) },
  mvar: {
    n: 30_000,
    run: (n) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const a = yield* Queue.bounded(1)
          const b = yield* Queue.bounded(1)
          yield* Effect.forkChild(repeat(n / 2, () => Effect.flatMap(Queue.take(a), (x) => Queue.offer(b, x))))
          yield* repeat(n / 2, (i) => Effect.flatMap(Queue.offer(a, i), () => Queue.take(b)))
        }),
      ),
  },
  stream: {
    n: 30_000,
    run: (n) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const q = yield* Queue.unbounded()
          yield* repeat(n, (i) => Effect.flatMap(Queue.offer(q, i), () => Effect.flatMap(Queue.take(q), add)))
        }),
      ),
  },
  mutex: {
    n: 30_000,
    run: (n) =>
      Effect.runPromise(
        repeat(n / 1000, () => {
          const m = Semaphore.makeUnsafe(1)
          const fibers = Array.from({ length: 1000 }, (_, i) => Semaphore.withPermits(m, 1, add(i)))
          return Semaphore.withPermits(
            m,
            1,
            Effect.forkChild(Effect.all(fibers, { concurrency: "unbounded", discard: true }), {
              startImmediately: true,
            }),
          ).pipe(Effect.flatMap(Fiber.join))
        }),
      ),
  },
  pick: {
    n: 30_000,
    run: (n) =>
      Effect.runPromise(
        repeat(n / 10_000, () => {
          const made = deferreds(10_000)
          return Effect.flatMap(
            Effect.forkChild(Effect.raceAllFirst(made.map(Deferred.await)), { startImmediately: true }),
            (fiber) => Effect.flatMap(Deferred.succeed(made[5000], 1), () => Fiber.join(fiber)),
          )
        }),
      ),
  },
  joinSmall: join(10_000),
  join: join(100_000),
}

function sleepers(n) {
  const all = Deferred.makeUnsafe()
  let sleeping = n
  const wake = () => (--sleeping === 0 ? Deferred.succeed(all, undefined) : Effect.void)
  for (let i = 0; i < n; i++) Effect.runFork(Effect.flatMap(Effect.sleep((i * 7919) % 1000), wake))
  return () => Effect.runPromise(Deferred.await(all))
}

await measure(rows, sleepers)
