// Lists, sequences, priority queues, results and direct style, by the items of the conformance list in the reference.

import fc from "fast-check"
import { beforeEach, describe, expect, it } from "vitest"
import * as LwtDirect from "../../../src/mirage/lwt/direct.ts"
import * as LwtList from "../../../src/mirage/lwt/list.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtPqueue from "../../../src/mirage/lwt/pqueue.ts"
import * as LwtResult from "../../../src/mirage/lwt/result.ts"
import * as LwtSequence from "../../../src/mirage/lwt/sequence.ts"
import { error, ok } from "../../../src/mirage/result.ts"
import { how } from "./how.ts"
import { forget, log } from "./log.ts"

beforeEach(forget)

/** The state when everything paused has had its turns. */
function finally_(p: Lwt.t<unknown>): unknown {
  while (Lwt.pausedCount() > 0) Lwt.wakeupPaused()
  return how(p)
}

/** A function that logs its start and its end, with a pause between, and then gives `f(x)`. */
const slowly =
  <A>(f: (x: number) => A) =>
  (x: number): Lwt.t<A> => {
    log.push(x)
    return Lwt.pause().map(() => {
      log.push(-x)
      return f(x)
    })
  }
const even = (x: number): boolean => x % 2 === 0
const l = [1, 2, 3, 4]

describe("LwtList", () => {
  const s = [1, -1, 2, -2, 3, -3, 4, -4]
  const p = [1, 2, 3, 4, -1, -2, -3, -4]
  const nothing = (): void => {}
  it.each([
    ["iterS", () => LwtList.iterS(slowly(nothing), l), undefined, s],
    ["iterP", () => LwtList.iterP(slowly(nothing), l), undefined, p],
    ["mapS", () => LwtList.mapS(slowly(String), l), ["1", "2", "3", "4"], s],
    ["mapP", () => LwtList.mapP(slowly(String), l), ["1", "2", "3", "4"], p],
    ["revMapS", () => LwtList.revMapS(slowly(String), l), ["4", "3", "2", "1"], s],
    ["revMapP", () => LwtList.revMapP(slowly(String), l), ["4", "3", "2", "1"], p],
    ["filterS", () => LwtList.filterS(slowly(even), l), [2, 4], s],
    ["filterP", () => LwtList.filterP(slowly(even), l), [2, 4], p],
    [
      "filterMapS",
      () =>
        LwtList.filterMapS(
          slowly((x) => (even(x) ? x * x : undefined)),
          l,
        ),
      [4, 16],
      s,
    ],
    [
      "filterMapP",
      () =>
        LwtList.filterMapP(
          slowly((x) => (even(x) ? x * x : undefined)),
          l,
        ),
      [4, 16],
      p,
    ],
    [
      "partitionS",
      () => LwtList.partitionS(slowly(even), l),
      [
        [2, 4],
        [1, 3],
      ],
      s,
    ],
    [
      "partitionP",
      () => LwtList.partitionP(slowly(even), l),
      [
        [2, 4],
        [1, 3],
      ],
      p,
    ],
    ["existsS", () => LwtList.existsS(slowly(even), l), true, [1, -1, 2, -2]],
    ["existsP", () => LwtList.existsP(slowly(even), l), true, p],
    ["forAllS", () => LwtList.forAllS(slowly(even), l), false, [1, -1]],
    ["forAllP", () => LwtList.forAllP(slowly(even), l), false, p],
    ["findS", () => LwtList.findS(slowly(even), l), 2, [1, -1, 2, -2]],
    [
      "findS of none",
      () =>
        LwtList.findS(
          slowly((x) => x > 4),
          l,
        ),
      "NotFound",
      s,
    ],
    ["foldLeftS", () => LwtList.foldLeftS((acc, x) => slowly((y) => `(${acc}${y})`)(x), "", l), "((((1)2)3)4)", s],
    [
      "foldRightS",
      () => LwtList.foldRightS((x, acc) => slowly((y) => `(${y}${acc})`)(x), l, ""),
      "(1(2(3(4))))",
      [4, -4, 3, -3, 2, -2, 1, -1],
    ],
  ] as [string, () => Lwt.t<unknown>, unknown, number[]][])("81: %s", (_, f, result, order) => {
    expect([finally_(f()), log]).toEqual([result, order])
  })

  it("iteri and mapi tell the place", () => {
    const f = (i: number, x: number): Lwt.t<string> => Lwt.return(`${i}:${x}`)
    expect([how(LwtList.mapiS(f, l)), how(LwtList.mapiP(f, l))]).toEqual(Array(2).fill(["0:1", "1:2", "2:3", "3:4"]))
    const g = (i: number, x: number): Lwt.t<void> => Lwt.return(void log.push(i * x))
    expect([how(LwtList.iteriS(g, l)), how(LwtList.iteriP(g, l)), log]).toEqual([
      undefined,
      undefined,
      [0, 2, 6, 12, 0, 2, 6, 12],
    ])
  })

  it("82: a function that throws does not keep the others from starting", () => {
    const f = (x: number): Lwt.t<void> => {
      log.push(x)
      if (x === 2) throw new Lwt.Failure("x")
      return Lwt.return()
    }
    expect([how(LwtList.iterP(f, l)), how(LwtList.mapP(f, l)), log]).toEqual(["Failure", "Failure", [...l, ...l]])
    forget()
    expect([how(LwtList.iterS(f, l)), log]).toEqual(["Failure", [1, 2]])
  })
})

describe("LwtSequence", () => {
  const contents = (s: LwtSequence.t<number>): number[] => {
    const all: number[] = []
    LwtSequence.iterL((x) => all.push(x), s)
    return all
  }
  const backwards = (s: LwtSequence.t<number>): number[] => {
    const all: number[] = []
    LwtSequence.iterR((x) => all.push(x), s)
    return all
  }
  const of = (...xs: number[]): LwtSequence.t<number> => {
    const s = LwtSequence.create<number>()
    for (const x of xs) LwtSequence.addR(x, s)
    return s
  }

  it("is an array with two ends", () => {
    const commands = fc.array(fc.tuple(fc.constantFrom("addL", "addR", "takeL", "takeR"), fc.nat()))
    fc.assert(
      fc.property(commands, (list) => {
        const [s, model] = [LwtSequence.create<number>(), [] as number[]]
        for (const [command, x] of list) {
          if (command === "addL") void (LwtSequence.addL(x, s), model.unshift(x))
          else if (command === "addR") void (LwtSequence.addR(x, s), model.push(x))
          else if (command === "takeL") expect(LwtSequence.takeOptL(s)).toBe(model.shift())
          else expect(LwtSequence.takeOptR(s)).toBe(model.pop())
          expect([contents(s), LwtSequence.length(s), LwtSequence.isEmpty(s)]).toEqual([
            model,
            model.length,
            model.length === 0,
          ])
        }
        expect(LwtSequence.foldL((x, acc: number[]) => [...acc, x], s, [])).toEqual(model)
        expect(LwtSequence.foldR((x, acc: number[]) => [...acc, x], s, [])).toEqual(model.toReversed())
      }),
    )
  })

  it("throws Empty, moves to another, finds nodes and changes them", () => {
    expect(() => LwtSequence.takeL(of())).toThrow(LwtSequence.Empty)
    expect(() => LwtSequence.takeR(of())).toThrow(LwtSequence.Empty)
    const [a, b, c] = [of(1, 2), of(3, 4), of(5)]
    LwtSequence.transferR(b, a)
    LwtSequence.transferL(c, a)
    expect([contents(a), contents(b), contents(c)]).toEqual([[5, 1, 2, 3, 4], [], []])
    LwtSequence.set(LwtSequence.findNodeL(even, a), 20)
    LwtSequence.set(
      LwtSequence.findNodeR((x) => x < 4, a),
      30,
    )
    expect([contents(a), LwtSequence.findNodeOptL((x) => x > 99, a)]).toEqual([[5, 1, 20, 30, 4], undefined])
    expect(() => LwtSequence.findNodeR((x) => x > 99, a)).toThrow(Lwt.NotFound)
    LwtSequence.clear(a)
    expect(contents(a)).toEqual([])
  })

  it.each([
    ["left", LwtSequence.iterNodeL<number>, [1, 2, 4, 5]],
    ["right", LwtSequence.iterNodeR<number>, [5, 4, 2, 1]],
  ] as const)(
    "85: nodes may be removed while it is walked from the %s, even the one that the walk stands on",
    (_, iter, seen) => {
      const s = LwtSequence.create<number>()
      const nodes = [1, 2, 3, 4, 5].map((x) => LwtSequence.addR(x, s))
      const visited: number[] = []
      iter((node) => {
        visited.push(LwtSequence.get(node))
        LwtSequence.remove(nodes[2]!)
        if (LwtSequence.get(node) % 2 === 0) LwtSequence.remove(node)
      }, s)
      expect([visited, contents(s)]).toEqual([[...seen], [1, 5]])
      LwtSequence.remove(nodes[0]!)
      LwtSequence.remove(nodes[0]!)
      expect(contents(s)).toEqual([5])
    },
  )

  it("85: a node that was removed leaves what has come into its place alone when it is removed again", () => {
    const s = LwtSequence.create<number>()
    const [one, two] = [1, 2, 3].map((x) => LwtSequence.addR(x, s))
    LwtSequence.remove(two!)
    LwtSequence.remove(one!)
    LwtSequence.addL(0, s)
    LwtSequence.remove(two!)
    expect([contents(s), backwards(s), LwtSequence.takeR(s), LwtSequence.takeL(s)]).toEqual([[0, 3], [3, 0], 3, 0])
  })

  it("is empty in both directions when it was cleared or transferred, and nothing can be transferred too", () => {
    const [s, empty] = [of(1, 2), of()]
    LwtSequence.transferL(empty, s)
    LwtSequence.transferR(empty, s)
    expect([contents(s), LwtSequence.isEmpty(empty)]).toEqual([[1, 2], true])
    LwtSequence.clear(s)
    LwtSequence.addR(9, s)
    expect([contents(s), backwards(s)]).toEqual([[9], [9]])
  })

  it("addTaskL and addTaskR stand in line, and leave it when they are cancelled", () => {
    const line = LwtSequence.create<Lwt.u<number>>()
    const [a, b, c] = [LwtSequence.addTaskR(line), LwtSequence.addTaskR(line), LwtSequence.addTaskL(line)]
    Lwt.cancel(a)
    for (let i = 0; !LwtSequence.isEmpty(line); i++) Lwt.wakeup(LwtSequence.takeL(line), i)
    expect([a, b, c].map(how)).toEqual(["Canceled", 1, 0])
  })
})

describe("86: LwtPqueue", () => {
  const Q = LwtPqueue.Make({ compare: (a: number, b: number) => a - b })
  const drain = (q: LwtPqueue.t<number>): number[] => {
    const all: number[] = []
    for (; !Q.isEmpty(q); q = Q.removeMin(q)) all.push(Q.findMin(q))
    return all
  }
  const of = (xs: number[]): LwtPqueue.t<number> => xs.reduce((q, x) => Q.add(x, q), Q.empty)
  const sorted = (xs: number[]): number[] => xs.toSorted((a, b) => a - b)

  it("gives everything back in order, and never changes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (xs, ys) => {
        const [q, r] = [of(xs), of(ys)]
        const both = Q.union(q, r)
        expect([drain(both), Q.size(both)]).toEqual([sorted([...xs, ...ys]), xs.length + ys.length])
        expect([drain(q), drain(r)]).toEqual([sorted(xs), sorted(ys)])
        expect(Q.lookupMin(q)).toBe(sorted(xs)[0])
      }),
    )
  })

  it("has no least element when it is empty, and is deep in no direction", () => {
    expect(() => Q.findMin(Q.empty)).toThrow(Lwt.NotFound)
    expect(() => Q.removeMin(Q.empty)).toThrow(Lwt.NotFound)
    for (const f of [(i: number) => i, (i: number) => -i, () => 0]) {
      const q = of(Array.from({ length: 50_000 }, (_, i) => f(i)))
      expect(drain(q)).toHaveLength(50_000)
    }
  })
})

describe("LwtResult", () => {
  const good: LwtResult.t<number, string> = LwtResult.return(1)
  const bad: LwtResult.t<number, string> = LwtResult.fail("bad")
  const plus = (x: number): number => x + 1

  it("is a monad of successes, and one of failures", () => {
    expect([good, bad].map((p) => how(LwtResult.map(plus, p)))).toEqual([ok(2), error("bad")])
    expect([good, bad].map((p) => how(LwtResult.mapError((e) => `${e}!`, p)))).toEqual([ok(1), error("bad!")])
    expect([good, bad].map((p) => how(LwtResult.bind(p, () => bad)))).toEqual([error("bad"), error("bad")])
    expect([good, bad].map((p) => how(LwtResult.bindError(p, () => good)))).toEqual([ok(1), ok(1)])
    expect([good, bad].map((p) => how(LwtResult.bindLwt(p, (x) => Lwt.return(x + 1))))).toEqual([ok(2), error("bad")])
    expect([good, bad].map((p) => how(LwtResult.bindLwtError(p, (e) => Lwt.return(`${e}?`))))).toEqual([
      ok(1),
      error("bad?"),
    ])
    expect([good, bad].map((p) => how(LwtResult.bindResult(p, (x) => error(`${x}`))))).toEqual([
      error("1"),
      error("bad"),
    ])
    expect([how(LwtResult.lift(ok(1))), how(LwtResult.ok(Lwt.return(1))), how(LwtResult.error(Lwt.return(1)))]).toEqual(
      [ok(1), ok(1), error(1)],
    )
  })

  it("catch makes failures of rejections, and getExn rejections of failures", () => {
    const x = new Lwt.Failure("x")
    expect([how(LwtResult.catch(Lwt.fail(x))), how(LwtResult.catch(Lwt.return(1)))]).toEqual([error(x), ok(1)])
    expect([how(LwtResult.getExn(LwtResult.fail(x))), how(LwtResult.getExn(good))]).toEqual(["Failure", 1])
  })

  it("both fails with what failed first; iter and iterError run for one of the two", () => {
    const [p, u] = Lwt.wait<import("../../../src/mirage/result.ts").Result<number, string>>()
    const b = LwtResult.both(p, bad)
    Lwt.wakeup(u, error("later"))
    expect([how(b), how(LwtResult.both(good, good))]).toEqual([error("bad"), ok([1, 1])])
    for (const q of [good, bad]) {
      LwtResult.iter((x) => Lwt.return(void log.push(x)), q)
      LwtResult.iterError((x) => Lwt.return(void log.push(x)), q)
    }
    expect(log).toEqual([1, "bad"])
  })
})

describe("LwtDirect", () => {
  it("runs at once up to the first pending promise; throws and catches", () => {
    const [p, u] = Lwt.wait<number>()
    const thread = LwtDirect.spawn(function* () {
      log.push("start")
      const one = yield* Lwt.return(1)
      try {
        yield* Lwt.failWith("x")
      } catch (e) {
        log.push((e as Error).message)
      }
      const n = yield* p
      return [one, n]
    })
    expect([how(thread), log]).toEqual(["S", ["start", "x"]])
    Lwt.wakeup(u, 2)
    expect(how(thread)).toEqual([1, 2])
    const failing = LwtDirect.spawn(function* () {
      yield* Lwt.return(1)
      throw new Lwt.Failure("y")
    })
    expect(how(failing)).toBe("Failure")
  })

  it("can be cancelled, and clean up", () => {
    const [p] = Lwt.task<void>()
    const thread = LwtDirect.spawn(function* () {
      try {
        yield* p
      } finally {
        log.push("clean")
        yield* Lwt.pause()
        log.push("cleaned")
      }
    })
    Lwt.cancel(thread)
    expect([finally_(thread), log]).toEqual(["Canceled", ["clean", "cleaned"]])
  })
})
