// Cancellation, by the items of the conformance list in the reference (section 5.2).

import { beforeEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { how } from "./how.ts"
import { forget, log, say } from "./log.ts"

beforeEach(forget)

describe("cancel", () => {
  it("37, 38, 39: rejects a pending task, and nothing else", () => {
    const [w] = Lwt.wait<void>()
    const [t] = Lwt.task<void>()
    const [n] = Lwt.task<void>()
    for (const p of [w, t, Lwt.noCancel(n)]) Lwt.cancel(p)
    const done = Lwt.return(1)
    Lwt.cancel(done)
    expect([w, t, n, done].map(how)).toEqual(["S", "Canceled", "S", 1])
  })

  const oneAfterAnother: [string, (p: Lwt.t<number>) => Lwt.t<unknown>][] = [
    ["bind", (p) => Lwt.bind(p, Lwt.return)],
    ["map", (p) => Lwt.map((x) => x, p)],
    ["catch", (p) => Lwt.catch(() => p, Lwt.fail)],
    ["tryBind", (p) => Lwt.tryBind(() => p, Lwt.return, Lwt.fail)],
    ["finalize", (p) => Lwt.finalize(() => p, Lwt.return)],
    ["wrapInCancelable", Lwt.wrapInCancelable],
    ["both", (p) => Lwt.both(p, Lwt.return(1))],
    ["join", (p) => Lwt.join([p.map(() => {})])],
    ["all", (p) => Lwt.all([p, p, p])],
    ["choose", (p) => Lwt.choose([p, Lwt.wait<number>()[0]])],
    ["pick", (p) => Lwt.pick([Lwt.wait<number>()[0], p])],
    ["nchoose", (p) => Lwt.nchoose([p])],
    ["npick", (p) => Lwt.npick([p])],
    ["nchooseSplit", (p) => Lwt.nchooseSplit([p])],
  ]

  it.each(oneAfterAnother)("40, 41: goes backwards through %s", (_, f) => {
    const [p] = Lwt.task<number>()
    const q = f(p)
    Lwt.cancel(q)
    expect([how(p), how(q)]).toEqual(["Canceled", "Canceled"])
  })

  it.each([
    ["bind", (p: Lwt.t<void>, q: Lwt.t<void>) => p.bind(() => q)],
    [
      "catch",
      (p: Lwt.t<void>, q: Lwt.t<void>) =>
        Lwt.catch(
          () => p.bind(() => Lwt.fail(1)),
          () => q,
        ),
    ],
    [
      "tryBind",
      (p: Lwt.t<void>, q: Lwt.t<void>) =>
        Lwt.tryBind(
          () => p,
          () => q,
          Lwt.fail,
        ),
    ],
    [
      "finalize",
      (p: Lwt.t<void>, q: Lwt.t<void>) =>
        Lwt.finalize(
          () => p,
          () => q,
        ),
    ],
  ] as const)("40: reaches the promise that %s waits for now", (_, f) => {
    const [p, u] = Lwt.wait<void>()
    const [q] = Lwt.task<void>()
    const r = f(p, q)
    Lwt.cancel(r)
    expect([how(q), how(r)]).toEqual(["S", "S"])
    Lwt.wakeup(u)
    Lwt.cancel(r)
    expect([how(q), how(r)]).toEqual(["Canceled", "Canceled"])
  })

  it("42: join with a part that cannot be cancelled waits for it", () => {
    const [p, u] = Lwt.wait<void>()
    const [q] = Lwt.task<void>()
    const j = Lwt.join([p, q])
    Lwt.cancel(j)
    expect([how(q), how(j)]).toEqual(["Canceled", "S"])
    Lwt.wakeup(u)
    expect(how(j)).toBe("Canceled")
  })

  it("43, 44, 45: bind's function never runs, catch can recover, finalize cleans up", () => {
    const [p] = Lwt.task<void>()
    const q = Lwt.finalize(
      () =>
        Lwt.catch(
          () => p.bind((): never => expect.fail()),
          (error) => Lwt.return(error instanceof Lwt.Canceled),
        ),
      () => Lwt.return(say("clean")()),
    )
    Lwt.cancel(q)
    expect([how(q), log]).toEqual([true, ["clean"]])
  })

  it("46, 47: a promise reached twice is cancelled once; the last one reached calls back first, depth first", () => {
    const [p] = Lwt.task<void>()
    const [q] = Lwt.task<void>()
    Lwt.onCancel(p, say("p"))
    Lwt.onCancel(q, () => {
      say("q")()
      const [inner] = Lwt.task<void>()
      Lwt.onCancel(inner, say("inner"))
      Lwt.cancel(inner)
      say("q ends")()
    })
    Lwt.cancel(Lwt.join([p.bind(() => q), p, q, p]))
    expect(log).toEqual(["q", "inner", "q ends", "p"])
  })

  it("46: lists within lists are reached in their order, each to its end", () => {
    const tasks = Array.from({ length: 7 }, () => Lwt.task<void>()[0])
    tasks.forEach((p, i) => Lwt.onCancel(p, say(i)))
    const [a, b, c, d, e, f, g] = tasks as [Lwt.t<void>, ...Lwt.t<void>[]]
    Lwt.cancel(Lwt.join([a, Lwt.join([b!, Lwt.join([c!, d!]), e!]), Lwt.join([f!]), g!]))
    expect([tasks.map(how), log]).toEqual([tasks.map(() => "Canceled"), [6, 5, 4, 3, 2, 1, 0]])
  })

  it.each<[string, (p: Lwt.t<number>) => Lwt.t<unknown>]>([
    ["bind", (p) => p.bind(Lwt.return)],
    ["join", (p) => Lwt.join([p.map(() => {}), Lwt.task<void>()[0]])],
    ["all", (p) => Lwt.all([p, Lwt.task<void>()[0]])],
  ])("41: %s cancels what it waits for, even if that has become another's since", (_, make) => {
    const [inner] = Lwt.task<number>()
    const waits = make(inner)
    const [p, u] = Lwt.wait<void>()
    const outer = p.bind(() => inner)
    Lwt.wakeup(u)
    Lwt.cancel(waits)
    expect([inner, outer, waits].map(how)).toEqual(["Canceled", "Canceled", "Canceled"])
  })

  it("48, 49: onCancel hears of any rejection with Canceled, and at once of an old one", () => {
    const [p, u] = Lwt.task<void>()
    Lwt.onCancel(p, say("p"))
    Lwt.wakeupExn(u, new Lwt.Canceled())
    Lwt.onCancel(p, say("p again"))
    Lwt.onCancel(Lwt.return(1), say("never"))
    Lwt.onCancel(Lwt.fail(1), say("never"))
    expect(log).toEqual(["p", "p again"])
  })

  it("48: a value is no rejection, even if it is a Canceled", () => {
    const [p, u] = Lwt.task<Lwt.Canceled>()
    for (let i = 0; i < 2; i++) Lwt.onCancel(p, say("never"))
    Lwt.wakeup(u, new Lwt.Canceled())
    Lwt.onCancel(p, say("never"))
    expect([how(p), log]).toEqual([expect.any(Lwt.Canceled), []])
    expect(() => Lwt.wakeup(u, new Lwt.Canceled())).toThrow(Lwt.InvalidArgument)
  })

  it("49, 53: onCancel's callback has the storage of its registration, not of who cancels", () => {
    const key = Lwt.newKey<string>()
    const [p] = Lwt.task<void>()
    const [q] = Lwt.task<void>()
    const read = (): void => void log.push(Lwt.get(key))
    Lwt.onCancel(p, read)
    Lwt.withValue(key, "registered", () => Lwt.onCancel(q, read))
    Lwt.withValue(key, "cancels", () => {
      Lwt.cancel(p)
      Lwt.cancel(q)
      read()
    })
    expect(log).toEqual([undefined, "registered", "cancels"])
  })

  it("50: protected keeps the promise from being cancelled", () => {
    const [p, u] = Lwt.task<number>()
    const q = Lwt.protected(p)
    const r = Lwt.protected(p)
    Lwt.cancel(q)
    expect([how(p), how(q), how(r)]).toEqual(["S", "Canceled", "S"])
    Lwt.wakeup(u, 1)
    expect([how(p), how(q), how(r)]).toEqual([1, "Canceled", 1])
  })

  it("50: cancelled together with the promise it protects, it calls back once, in its turn (OCaml's Lwt crashes)", () => {
    for (const reversed of [false, true]) {
      forget()
      const [p] = Lwt.task<number>()
      Lwt.onTermination(p, say("p, older"))
      const q = Lwt.protected(p)
      Lwt.onTermination(q, say("q"))
      Lwt.onTermination(p, say("p"))
      Lwt.cancel(Lwt.all(reversed ? [q, p] : [p, q]))
      const expected = reversed ? ["p", "p, older", "q"] : ["q", "p", "p, older"]
      expect([how(p), how(q), log]).toEqual(["Canceled", "Canceled", expected])
    }
  })

  it("51: noCancel ignores it, and is resolved as the promise", () => {
    const [p, u] = Lwt.task<number>()
    const q = Lwt.noCancel(p)
    Lwt.cancel(q)
    expect([how(p), how(q)]).toEqual(["S", "S"])
    Lwt.wakeup(u, 1)
    expect(how(q)).toBe(1)
  })

  it.each([
    ["protected", Lwt.protected],
    ["noCancel", Lwt.noCancel],
    ["wrapInCancelable", Lwt.wrapInCancelable],
  ] as const)("50, 51, 52: %s is resolved as the promise is", (_, make) => {
    const ends: [(u: Lwt.u<number>) => void, unknown][] = [
      [(u) => Lwt.wakeup(u, 1), 1],
      [(u) => Lwt.wakeupExn(u, new Lwt.NotFound()), "NotFound"],
      [(u) => Lwt.cancel(Lwt.waiterOfWakener(u)), "Canceled"],
    ]
    for (const [end, expected] of ends) {
      const [p, u] = Lwt.task<number>()
      const q = make<number>(p)
      expect(how(q)).toBe("S")
      end(u)
      expect([p, q].map(how)).toEqual([expected, expected])
    }
  })

  it("50, 51, 52: a promise that is resolved needs nothing of that: it is itself what comes back", () => {
    for (const p of [Lwt.return(1), Lwt.fail(new Lwt.NotFound())])
      for (const f of [Lwt.protected, Lwt.noCancel, Lwt.wrapInCancelable]) expect(f<number>(p)).toBe(p)
  })

  it("52: wrapInCancelable is rejected at once, and tells the promise", () => {
    const [p, u] = Lwt.wait<number>()
    const q = Lwt.wrapInCancelable(p)
    Lwt.cancel(q)
    expect([how(p), how(q)]).toEqual(["S", "Canceled"])
    Lwt.wakeup(u, 1)
    expect([how(p), how(q)]).toEqual([1, "Canceled"])
  })
})
