// However long a chain is, it must not need JavaScript's stack, which holds some ten thousand calls.

import { describe, expect, it } from "vitest"
import * as LwtDirect from "../../../src/mirage/lwt/direct.ts"
import * as LwtList from "../../../src/mirage/lwt/list.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import * as LwtPool from "../../../src/mirage/lwt/pool.ts"
import * as LwtSeq from "../../../src/mirage/lwt/seq.ts"
import * as LwtStream from "../../../src/mirage/lwt/stream.ts"

const MILLION = 1_000_000

/** Resolve paused promises until there are none. */
function settle<A>(p: Lwt.t<A>): A | undefined {
  while (Lwt.pausedCount() > 0) Lwt.wakeupPaused()
  return Lwt.poll(p)
}

describe("stack safety", { timeout: 60_000 }, () => {
  it("14: a loop through bind on resolved promises, ten million times", () => {
    const loop = (n: number): Lwt.t<string> => (n === 0 ? Lwt.return("done") : Lwt.bind(Lwt.return(n - 1), loop))
    expect(Lwt.poll(loop(10 * MILLION))).toBe("done")
  })

  it.each([
    ["bind", 10 * MILLION, (next: () => Lwt.t<string>) => Lwt.pause().bind(next)],
    ["catch", MILLION, (next: () => Lwt.t<string>) => Lwt.catch(() => Lwt.pause().bind(() => Lwt.fail(0)), next)],
    ["tryBind", MILLION, (next: () => Lwt.t<string>) => Lwt.tryBind(Lwt.pause, next, next)],
    ["finalize", MILLION, (next: () => Lwt.t<string>) => Lwt.finalize(Lwt.pause, Lwt.pause).bind(next)],
  ])("14: a loop through %s on paused promises, %i times", (_, times, step) => {
    const loop = (n: number): Lwt.t<string> => (n === 0 ? Lwt.return("done") : step(() => loop(n - 1)))
    expect(settle(loop(times))).toBe("done")
  })

  it("a loop through catch and tryBind on resolved promises", () => {
    const loop = (n: number): Lwt.t<string> => {
      if (n === 0) return Lwt.return("done")
      return n % 2 === 0
        ? Lwt.catch(
            () => Lwt.fail(n),
            () => loop(n - 1),
          )
        : Lwt.tryBind(
            () => Lwt.return(n),
            () => loop(n - 1),
            Lwt.fail,
          )
    }
    expect(Lwt.poll(loop(MILLION))).toBe("done")
  })

  it("a hundred thousand handlers around one another", () => {
    let cleaned = 0
    const nest = (n: number): Lwt.t<string> => {
      if (n === 0) return Lwt.pause().map(() => "done")
      const clean = (): Lwt.t<void> => {
        cleaned++
        return Lwt.return()
      }
      return Lwt.finalize(() => nest(n - 1), clean)
    }
    expect([settle(nest(100_000)), cleaned]).toEqual(["done", 100_000])
  })

  it.each(["fulfilled", "rejected", "cancelled"])("a chain of a million links, %s at one end", (end) => {
    const [p, u] = Lwt.task<number>()
    let q = p
    for (let i = 0; i < MILLION; i++) q = i % 2 === 0 ? q.bind((x) => Lwt.return(x + 1)) : q.map((x) => x + 1)
    if (end === "fulfilled") Lwt.wakeup(u, 0)
    else if (end === "rejected") Lwt.wakeupExn(u, new Lwt.Failure("x"))
    else Lwt.cancel(q)
    const state = Lwt.state(q)
    if (end === "fulfilled") expect(state).toEqual({ tag: "Return", value: MILLION })
    else expect(state).toMatchObject({ tag: "Fail", error: { name: end === "rejected" ? "Failure" : "Canceled" } })
  })

  it.each([
    ["wakeup", Lwt.wakeup],
    ["wakeupLater", Lwt.wakeupLater],
  ] as const)("a callback that resolves a chain of a million links, by %s", (_, wake) => {
    const [p, u] = Lwt.wait<void>()
    const [first, v] = Lwt.wait<number>()
    let last: Lwt.t<number> = first
    for (let i = 0; i < MILLION; i++) last = i % 2 === 0 ? last.bind((x) => Lwt.return(x + 1)) : last.map((x) => x + 1)
    let during: number | undefined
    Lwt.onSuccess(p, () => {
      wake(v, 0)
      during = Lwt.poll(last)
    })
    Lwt.wakeup(u)
    expect([during, Lwt.poll(last)]).toEqual([wake === Lwt.wakeup ? MILLION : undefined, MILLION])
  })

  it("wakeups inside wakeups, a hundred thousand deep: all done when the first returns, newest callback first", () => {
    const N = 100_000
    const resolvers: Lwt.u<void>[] = []
    const order: number[] = []
    for (let i = 0; i < N; i++) {
      const [p, u] = Lwt.wait<void>()
      resolvers.push(u)
      Lwt.onSuccess(p, () => {
        order.push(i)
        if (i + 1 < N) Lwt.wakeup(resolvers[i + 1]!)
      })
    }
    Lwt.wakeup(resolvers[0]!)
    expect(order).toEqual(Array.from({ length: N }, (_, i) => i))
  })

  it("a hundred levels of wakeup are as deep as in OCaml: each returns when what it caused has ended", () => {
    const log: string[] = []
    const nest = (n: number): void => {
      const [p, u] = Lwt.wait<void>()
      Lwt.onSuccess(p, () => n > 0 && nest(n - 1))
      Lwt.wakeup(u)
      log.push(`${n}`)
    }
    nest(100)
    expect(log).toEqual(Array.from({ length: 101 }, (_, i) => `${i}`))
  })

  it("two threads that hand a value to and fro through mailboxes, a million times", () => {
    const [a, b] = [LwtMvar.createEmpty<number>(), LwtMvar.createEmpty<number>()]
    const ping = (n: number): Lwt.t<number> =>
      LwtMvar.put(a, n)
        .bind(() => LwtMvar.take(b))
        .bind((x) => (x >= MILLION ? Lwt.return(x) : ping(x)))
    const pong = (): Lwt.t<never> => LwtMvar.take(a).bind((x) => LwtMvar.put(b, x + 1).bind(pong))
    Lwt.async(pong)
    expect(Lwt.poll(ping(0))).toBe(MILLION)
  })

  it("long lists, lazy ones, streams and threads in direct style", () => {
    const list = Array.from({ length: 100_000 }, (_, i) => i)
    const last = list.length - 1
    expect(Lwt.poll(LwtList.mapS(Lwt.return<number>, list))?.at(-1)).toBe(last)
    expect(settle(LwtList.mapP((x) => Lwt.pause().map(() => x), list))?.at(-1)).toBe(last)
    expect(Lwt.poll(LwtStream.toList(LwtStream.filter((x) => x === last, LwtStream.ofList(list))))).toEqual([last])
    let ended = 0
    const end = (): void => void ended++
    settle(LwtSeq.iterP(() => Lwt.pause().map(end), LwtSeq.ofList(list)))
    expect(ended).toBe(list.length)
    const sum = LwtDirect.spawn(function* () {
      let n = 0
      for (const x of list) n += yield* x % 2 === 0 ? Lwt.return(x) : Lwt.pause().map(() => x)
      return n
    })
    expect(settle(sum)).toBe((last * (last + 1)) / 2)
  })

  it.each<[string, (s: LwtStream.t<number>) => Lwt.t<unknown>, unknown]>([
    ["iter", (s) => LwtStream.iter(() => {}, s), undefined],
    ["iterS", (s) => LwtStream.iterS(() => Lwt.return(), s), undefined],
    ["iterP", (s) => LwtStream.iterP(() => Lwt.return(), s), undefined],
    ["iterP of promises", (s) => LwtStream.iterP(Lwt.pause, s), undefined],
    ["iterN", (s) => LwtStream.iterN(Lwt.pause, s, { maxConcurrency: 2 }), undefined],
    ["fold", (s) => LwtStream.fold((_, n) => n + 1, s, 0), 100_000],
    ["find", (s) => LwtStream.find((x) => x === 99_999, s), 99_999],
    ["npeek", (s) => LwtStream.npeek(100_000, s).map((l) => l.length), 100_000],
    ["nget", (s) => LwtStream.nget(100_000, s).map((l) => l.length), 100_000],
    ["junkWhile", (s) => LwtStream.junkWhile((x) => x < 99_999, s).bind(() => LwtStream.next(s)), 99_999],
  ])("LwtStream.%s of a hundred thousand elements that are there", (_, read, result) => {
    const s = LwtStream.ofList(Array.from({ length: 100_000 }, (__, i) => i))
    expect(settle(read(s))).toEqual(result)
  })

  it("a bounded stream, whose writer and whose reader never wait for long, a hundred thousand times", () => {
    const [s, push] = LwtStream.createBounded<number>(1)
    const write = (n: number): Lwt.t<void> =>
      n === 100_000 ? Lwt.return(push.close()) : push.push(n).bind(() => write(n + 1))
    Lwt.async(() => write(0))
    const read = (sum: number): Lwt.t<number> =>
      LwtStream.get(s).bind((x) => (x === undefined ? Lwt.return(sum) : read(sum + 1)))
    expect(Lwt.poll(read(0))).toBe(100_000)
  })

  it("a thunk is called at once in each round of a loop, as in OCaml", () => {
    const late: number[] = []
    const loop = (n: number): Lwt.t<void> => {
      if (n === 0) return Lwt.return()
      let called = false
      Lwt.async(() => {
        called = true
        return Lwt.return()
      })
      if (!called) late.push(n)
      return Lwt.bind(Lwt.return(n - 1), loop)
    }
    loop(100_000)
    expect(late).toEqual([])
  })

  it("a pool makes no more members than it may, however deep it is used", () => {
    for (let depth = 240; depth < 270; depth++) {
      let made = 0
      const pool = LwtPool.create(1, () => Lwt.return(++made))
      const use = (): Lwt.t<void> => LwtPool.use(pool, Lwt.pause)
      const deep = (n: number): Lwt.t<void> => (n > 0 ? Lwt.bind(Lwt.return(n - 1), deep) : Lwt.join([use(), use()]))
      settle(deep(depth))
      expect(made, `at depth ${depth}`).toBe(1)
    }
  })

  it("14: a loop that never ends needs constant memory: every round's promise is the same one", () => {
    let rounds = 0
    const loop = (): Lwt.t<void> => (++rounds === 1000 ? Lwt.wait<void>()[0] : Lwt.pause().bind(loop))
    const p = loop() as never as { callbacks: unknown }
    settle(p as never)
    // Nothing hangs on the promise that the reader holds, and it stands for nothing else.
    expect([rounds, p.callbacks]).toEqual([1000, undefined])
  })
})
