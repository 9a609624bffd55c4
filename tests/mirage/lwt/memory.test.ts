// What is over must not stay in memory: a million rounds of something, beside a promise that outlives them all. A leak of
// the smallest object there is would be 24 MB.

import process from "node:process"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "vitest"
import * as LwtCondition from "../../../src/mirage/lwt/condition.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMutex from "../../../src/mirage/lwt/mutex.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import * as LwtStream from "../../../src/mirage/lwt/stream.ts"
import * as OS from "../../../src/mirage/os/os.ts"
import { testHost } from "../../support/host.ts"

setFlagsFromString("--expose-gc")
const gc = runInNewContext("gc") as () => void

const ROUNDS = 1_000_000
const MB = 2 ** 20

/** By how many MB the heap grows while `round` is called a million times, apart from what the first thousand leave. */
function growth(round: (i: number) => unknown): number {
  const rounds = (n: number): number => {
    for (let i = 0; i < n; i++) round(i)
    return heap()
  }
  const before = rounds(1000)
  return rounds(ROUNDS) - before
}

/** How many MB are in use. */
function heap(): number {
  gc()
  return process.memoryUsage().heapUsed / MB
}

/** One of two promises is resolved, and the other lives on. */
function raceAgainst<A>(race: (ps: Lwt.t<A | number>[]) => unknown, longLived: Lwt.t<A>): (i: number) => void {
  return (i) => {
    const [p, u] = Lwt.task<number>()
    race([longLived, p])
    Lwt.wakeup(u, i)
  }
}

describe("33: memory is constant", { timeout: 60_000 }, () => {
  const [forever] = Lwt.wait<void>()

  it.each<[string, (ps: Lwt.t<number | void>[]) => unknown]>([
    ["pick", Lwt.pick],
    ["choose", Lwt.choose],
    ["npick", Lwt.npick],
    ["nchoose", Lwt.nchoose],
    ["nchooseSplit", Lwt.nchooseSplit],
  ])("for a million times %s from a promise that lives on", (_, race) => {
    expect(growth(raceAgainst(race, forever))).toBeLessThan(4)
  })

  it("for a thread that picks between its shutdown and its next turn, for ever", () => {
    const loop = (): Lwt.t<void> => Lwt.pick([forever, Lwt.pause()]).bind(loop)
    const p = loop()
    expect(growth(() => Lwt.wakeupPaused())).toBeLessThan(4)
    expect(Lwt.isSleeping(p)).toBe(true)
    Lwt.abandonPaused()
  })

  it.each<[string, () => Lwt.t<unknown>]>([
    ["protecting a promise", () => Lwt.protected(forever)],
    ["standing in line for a mutex", held()],
    ["taking from a mailbox", waiting(LwtMvar.createEmpty<number>(), LwtMvar.take)],
    ["putting into a mailbox", waiting(LwtMvar.create(1), (m) => LwtMvar.put(m, 2))],
    ["waiting for a condition", waiting(LwtCondition.create<void>(), (c) => LwtCondition.wait(c))],
    ["reading from a stream", waiting(LwtStream.create<number>()[0], LwtStream.next)],
    ["sleeping", sleeping()],
  ])("for a million times %s, and being cancelled", (_, wait) => {
    expect(growth(() => Lwt.cancel(wait()))).toBeLessThan(4)
  })

  it.each<[string, string, (u: Lwt.u<void>) => void, (p: Lwt.t<void>, f: () => void) => Lwt.t<void>]>([
    ["bind", "fulfilled", Lwt.wakeup, (p, f) => p.bind(() => Lwt.return(f()))],
    ["map", "fulfilled", Lwt.wakeup, (p, f) => p.map(f)],
    ["bind", "rejected", (u) => Lwt.wakeupExn(u, 0), (p, f) => p.bind(() => Lwt.return(f()))],
    ["map", "rejected", (u) => Lwt.wakeupExn(u, 0), (p, f) => p.map(f)],
  ])("for a promise of %s that is kept, and %s: it forgets its function", async (_, __, end, make) => {
    const [p, u] = Lwt.wait<void>()
    const [kept, known] = knowing((f) => make(p, f))
    end(u)
    expect([await left(known), Lwt.isSleeping(kept)]).toEqual([[false], false])
  })

  it.each([1, 2, 3])("for a resolved promise that is kept: it forgets the %i that waited for it", async (n) => {
    const [p, u] = Lwt.wait<void>()
    const known = waitingFor(p, n)
    Lwt.wakeup(u)
    expect([await left(...known), Lwt.isSleeping(p)]).toEqual([known.map(() => false), false])
  })

  it("for a promise that had become another's: it forgets who waited for it, too", async () => {
    const [[inner, u], [p, v]] = [Lwt.wait<void>(), Lwt.wait<void>()]
    const known = waitingFor(inner, 1)
    p.bind(() => inner)
    Lwt.wakeup(v)
    Lwt.wakeup(u)
    expect([await left(...known), Lwt.isSleeping(inner)]).toEqual([[false], false])
  })

  it.each([0, 1, 2])("for number %i of three that have waited for the same: it forgets the others", async (i) => {
    const [p, u] = Lwt.wait<void>()
    const known = waitingFor(p, 3)
    const kept = known[i]!.deref()
    Lwt.wakeup(u)
    expect(await left(...known)).toEqual(known.map((_, j) => i === j))
    expect(kept).toBeDefined()
  })

  it.each<[string, () => void]>([
    ["has had its turn", Lwt.wakeupPaused],
    ["was abandoned", Lwt.abandonPaused],
  ])("for a promise of pause that %s", async (_, end) => {
    const known = paused()
    end()
    expect(await left(known)).toEqual([false])
  })

  it("when a million have paused at the same time, and all have had their turn", () => {
    const before = heap()
    for (let i = 0; i < ROUNDS; i++) Lwt.pause()
    Lwt.wakeupPaused()
    expect(heap() - before).toBeLessThan(4)
  })

  // What bind returns stands for what its function returned, and that for what it stands for, and so on.
  it.each([[[0]], [[0, 1]]])("for promises that are one, if only number %j and the last are kept", async (kept) => {
    const [chain, known] = becoming(5)
    const held = kept.map((i) => chain.promises[i]!)
    const last = chain.promises.at(-1)!
    chain.promises.length = 0
    expect([Lwt.isSleeping(held[0]!), ...(await left(...known))]).toEqual([
      true,
      ...known.map((_, i) => kept.includes(i) || i === known.length - 1),
    ])
    expect([Lwt.isSleeping(last), ...held.map(Lwt.isSleeping)]).not.toContain(false)
  })

  it("for a stream of which everything is read", () => {
    const [s, push] = LwtStream.create<number>()
    const round = (i: number): void => {
      push(i)
      LwtStream.next(s)
    }
    expect(growth(round)).toBeLessThan(4)
  })
})

/** What is left of `things` when nobody but the engine looks at them. */
async function left(...things: WeakRef<object>[]): Promise<boolean[]> {
  // What a WeakRef has given lives until the job is over that asked it.
  await new Promise((resolve) => setImmediate(resolve))
  gc()
  return things.map((thing) => thing.deref() !== undefined)
}

describe("79: a stream that nobody can read any more", () => {
  it.each<[string, () => [unknown, (x: object) => unknown]]>([
    ["create", () => LwtStream.create<object>()],
    ["createBounded", () => bounded(4)],
  ])("of %s keeps none of what is pushed, though one can still push", async (_, make) => {
    const push = make()[1]
    const element = pushed(push)
    expect(await left(element)).toEqual([false])
    push({})
  })

  it("keeps what it was told to keep, and only for as long as it is there itself", async () => {
    const held = keeping()
    expect(await left(...held.things)).toEqual([true, true])
    held.streams.length = 0
    expect(await left(...held.things)).toEqual([false, false])
  })
})

/** `n` promises that wait for `p`. */
function waitingFor(p: Lwt.t<void>, n: number): WeakRef<object>[] {
  return Array.from({ length: n }, () => new WeakRef(p.map(() => {})))
}

function paused(): WeakRef<object> {
  return new WeakRef(Lwt.pause())
}

/** `n` promises, each of which is what bind has made of the one before. */
function becoming(n: number): [{ readonly promises: Lwt.t<void>[] }, WeakRef<object>[]] {
  const promises = [Lwt.wait<void>()[0]]
  while (promises.length < n) {
    const [p, u] = Lwt.wait<void>()
    const inner = promises.at(-1)!
    promises.push(p.bind(() => inner))
    Lwt.wakeup(u)
  }
  return [{ promises }, promises.map((p) => new WeakRef(p))]
}

/** What `make` makes of a function, and what only that function knows. */
function knowing<A>(make: (f: () => void) => A): [A, WeakRef<object>] {
  const thing: { seen?: boolean } = {}
  const made = make(() => {
    thing.seen = true
  })
  return [made, new WeakRef(thing)]
}

function pushed(push: (x: object) => unknown): WeakRef<object> {
  const element = {}
  push(element)
  return new WeakRef(element)
}

function bounded(size: number): [unknown, (x: object) => unknown] {
  const [s, push] = LwtStream.createBounded<object>(size)
  return [s, (x) => push.push(x)]
}

/** Two streams with a thing that each of them keeps. */
function keeping(): { readonly streams: unknown[]; readonly things: WeakRef<object>[] } {
  const things = [{}, {}]
  const [s, , keep] = LwtStream.createWithReference<number>()
  keep(things[0])
  const [t, push] = LwtStream.createBounded<number>(1)
  push.setReference(things[1])
  return { streams: [s, t], things: things.map((thing) => new WeakRef(thing)) }
}

function waiting<A>(on: A, wait: (on: A) => Lwt.t<unknown>): () => Lwt.t<unknown> {
  return () => wait(on)
}

function held(): () => Lwt.t<unknown> {
  const mutex = LwtMutex.create()
  LwtMutex.lock(mutex)
  return waiting(mutex, LwtMutex.lock)
}

function sleeping(): () => Lwt.t<unknown> {
  const engine = OS.install(testHost().host)
  // A cancelled one that stands behind this one has to be looked for.
  engine.sleep(1)
  return () => engine.sleep(1000)
}
