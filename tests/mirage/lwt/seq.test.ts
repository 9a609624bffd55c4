// Lazy lists.

import { afterEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtSeq from "../../../src/mirage/lwt/seq.ts"
import { errorOf, how, settle } from "./how.ts"

const boom = new Lwt.Failure("boom")
const raise = (): never => {
  throw boom
}
afterEach(() => {
  Lwt.abandonPaused()
})

describe("LwtSeq", () => {
  const later = <A>(x: A): Lwt.t<A> => Lwt.pause().map(() => x)
  const upTo = (n: number): LwtSeq.t<number> => LwtSeq.ofList(Array.from({ length: n }, (_, i) => i + 1))
  const list = <A>(s: LwtSeq.t<A>): A[] | undefined => settle(LwtSeq.toList(s))
  const even = (x: number): boolean => x % 2 === 0

  it("makes lists, also of what has to be waited for", () => {
    expect(list(LwtSeq.empty)).toEqual([])
    expect(list(LwtSeq.return(1))).toEqual([1])
    expect(list(LwtSeq.consLwt(later(0), LwtSeq.append(upTo(2), LwtSeq.returnLwt(later(9)))))).toEqual([0, 1, 2, 9])
    expect(list(LwtSeq.ofSeq(new Set([1, 2])))).toEqual([1, 2])
    expect(list(LwtSeq.ofSeqLwt([later(1), Lwt.return(2)]))).toEqual([1, 2])
    const countdown = (n: number): Lwt.t<readonly [number, number] | undefined> =>
      later(n === 0 ? undefined : [n, n - 1])
    expect(list(LwtSeq.unfoldLwt(countdown, 3))).toEqual([3, 2, 1])
  })

  it("transforms lists, lazily", () => {
    const seen: number[] = []
    const noted = LwtSeq.map((x) => (seen.push(x), x * x), upTo(100))
    const first = Lwt.poll(LwtSeq.filter(even, noted)())
    expect([first?.head, seen]).toEqual([4, [1, 2]])
    expect(list(LwtSeq.mapS((x) => later(-x), upTo(3)))).toEqual([-1, -2, -3])
    expect(list(LwtSeq.filterS((x) => later(even(x)), upTo(5)))).toEqual([2, 4])
    expect(list(LwtSeq.filterMap((x) => (even(x) ? `${x}` : undefined), upTo(5)))).toEqual(["2", "4"])
    expect(list(LwtSeq.flatMap(upTo, upTo(3)))).toEqual([1, 1, 2, 1, 2, 3])
  })

  it("walks lists, in turn, together or a few at a time", () => {
    const run = (walk: (f: (x: number) => Lwt.t<void>, s: LwtSeq.t<number>) => Lwt.t<void>): string => {
      let log = ""
      const each = (x: number): Lwt.t<void> => {
        log += x
        return Lwt.pause().map(() => {
          log += "."
        })
      }
      settle(walk(each, upTo(3)))
      return log
    }
    expect(run(LwtSeq.iterS)).toBe("1.2.3.")
    expect(run(LwtSeq.iterP)).toBe("123...")
    expect(run((f, s) => LwtSeq.iterN(f, s, { maxConcurrency: 2 }))).toBe("12.3..")
    expect(() => LwtSeq.iterN(() => Lwt.return(), upTo(1), { maxConcurrency: 0 })).toThrow(Lwt.InvalidArgument)
    expect(Lwt.poll(LwtSeq.foldLeft((acc, x) => acc + x, 0, upTo(100_000)))).toBe(5_000_050_000)
    expect(errorOf(LwtSeq.iter<number>(raise, LwtSeq.consLwt(later(1), LwtSeq.empty)))).toBe("Sleep")
    expect(errorOf(LwtSeq.toList(LwtSeq.append(upTo(2), LwtSeq.returnLwt(Lwt.fail(boom)))))).toBe(boom)
  })

  it("whose first look throws rejects what is made of it, and throws nothing", () => {
    const bad: LwtSeq.t<number> = raise
    const ret = (): Lwt.t<void> => Lwt.return()
    const made: readonly LwtSeq.t<unknown>[] = [
      LwtSeq.append(bad, upTo(1)),
      LwtSeq.map((x) => x, bad),
      LwtSeq.mapS(ret, bad),
      LwtSeq.filter(even, bad),
      LwtSeq.filterS((x) => Lwt.return(even(x)), bad),
      LwtSeq.filterMap((x) => x, bad),
      LwtSeq.filterMapS(ret, bad),
      LwtSeq.flatMap(upTo, bad),
      LwtSeq.unfold<number, number>(raise, 0),
      LwtSeq.unfoldLwt<number, number>(raise, 0),
    ]
    expect(made.map((s) => errorOf(s()))).toEqual(made.map(() => boom))
    const walks: readonly Lwt.t<unknown>[] = [
      LwtSeq.foldLeft((acc, x) => acc + x, 0, bad),
      LwtSeq.foldLeftS((acc, x) => Lwt.return(acc + x), 0, bad),
      LwtSeq.iter(() => {}, bad),
      LwtSeq.iterS(ret, bad),
      LwtSeq.iterP(ret, bad),
      LwtSeq.iterN(ret, bad),
      LwtSeq.toList(bad),
    ]
    expect(walks.map(errorOf)).toEqual(walks.map(() => boom))
  })

  it("of a generator that throws fails there, each time", () => {
    const numbers = LwtSeq.ofSeq(
      (function* () {
        yield 1
        raise()
      })(),
    )
    const promises = LwtSeq.ofSeqLwt(
      (function* () {
        yield Lwt.return(1)
        raise()
      })(),
    )
    for (const s of [numbers, promises]) {
      expect(Lwt.poll(s())?.head).toBe(1)
      for (const p of [LwtSeq.toList(s), LwtSeq.toList(s)]) expect(errorOf(p)).toBe(boom)
    }
  })

  it("of a generator is walked once and remembered", () => {
    let made = 0
    const s = LwtSeq.ofSeq(
      (function* () {
        for (; made < 3; ) yield ++made
      })(),
    )
    expect([list(s), list(s), made]).toEqual([[1, 2, 3], [1, 2, 3], 3])
  })

  it("looks at no more of a list than is asked for", () => {
    let looks = 0
    const counted = (n: number): LwtSeq.t<number> => LwtSeq.unfold((i) => (looks++, i > n ? undefined : [i, i + 1]), 1)
    const made: readonly (() => LwtSeq.t<unknown>)[] = [
      () => LwtSeq.append(counted(9), counted(9)),
      () => LwtSeq.append(LwtSeq.return(0), counted(9)),
      () => LwtSeq.cons(0, counted(9)),
      () => LwtSeq.consLwt(Lwt.return(0), counted(9)),
      () => LwtSeq.map((x) => x, counted(9)),
      () => LwtSeq.mapS(later, counted(9)),
      () => LwtSeq.filter(() => true, counted(9)),
      () => LwtSeq.filterS(() => later(true), counted(9)),
      () => LwtSeq.filterMap((x) => x, counted(9)),
      () => LwtSeq.filterMapS(later, counted(9)),
      () => LwtSeq.flatMap(counted, counted(9)),
      () => LwtSeq.unfoldLwt((i: number) => later([++looks, i + 1] as const), 0),
    ]
    const seen = made.map((make) => {
      looks = 0
      const s = make()
      const before = looks
      settle(s())
      return [before, looks]
    })
    const first = [0, 1]
    const none = [0, 0]
    expect(seen).toEqual([first, none, none, none, first, first, first, first, first, first, [0, 2], first])
  })

  it("may have elements that are undefined", () => {
    const s = LwtSeq.ofList([undefined, 1, undefined])
    expect(list(s)).toEqual([undefined, 1, undefined])
    expect(list(LwtSeq.filter((x) => x === undefined, s))).toEqual([undefined, undefined])
    expect(list(LwtSeq.filterS((x) => later(x === undefined), s))).toEqual([undefined, undefined])
    expect(list(LwtSeq.flatMap((x) => LwtSeq.ofList([x, 0]), s))).toEqual([undefined, 0, 1, 0, undefined, 0])
    expect(list(LwtSeq.append(s, s))).toHaveLength(6)
    expect(list(LwtSeq.ofSeq(new Set([undefined])))).toEqual([undefined])
  })

  it("waits for each element that is not there yet, and can be walked again", () => {
    const [p, u] = Lwt.wait<number>()
    const s = LwtSeq.consLwt(p, LwtSeq.cons(2, LwtSeq.empty))
    const walks = [LwtSeq.toList(s), LwtSeq.toList(LwtSeq.map((x) => -x, s)), LwtSeq.foldLeft((a, x) => a + x, 10, s)]
    expect(walks.map(how)).toEqual(["S", "S", "S"])
    Lwt.wakeup(u, 1)
    expect(walks.map(how)).toEqual([[1, 2], [-1, -2], 13])
    expect(list(s)).toEqual([1, 2])
  })

  it("foldLeftS gives each step what the one before has made", () => {
    const steps: string[] = []
    const step = (acc: string, x: number): Lwt.t<string> => {
      steps.push(acc)
      return later(acc + x)
    }
    expect([settle(LwtSeq.foldLeftS(step, "0", upTo(3))), steps]).toEqual(["0123", ["0", "01", "012"]])
  })

  it("iterP starts all, whatever fails, and of those that have failed by the end the last is its error", () => {
    const started: number[] = []
    const each = (x: number): Lwt.t<void> => {
      started.push(x)
      if (x === 2) throw boom
      return x === 1 || x === 3 ? Lwt.failWith(`${x}`) : later(undefined)
    }
    const walk = LwtSeq.iterP(each, upTo(4))
    expect([started, how(walk)]).toEqual([[1, 2, 3, 4], "S"])
    settle(Lwt.pause())
    expect(errorOf(walk)).toEqual(new Lwt.Failure("3"))
  })

  it.each([
    [undefined, 1],
    [{}, 1],
    [{ maxConcurrency: 1 }, 1],
    [{ maxConcurrency: 2 }, 2],
    [{ maxConcurrency: 3 }, 3],
    [{ maxConcurrency: 9 }, 5],
  ])("iterN with %j has %i at work at the same time, and waits for the last", (options, most) => {
    const resolvers: Lwt.u<void>[] = []
    let [running, max, done] = [0, 0, 0]
    const each = (): Lwt.t<void> => {
      max = Math.max(max, ++running)
      const [p, u] = Lwt.wait<void>()
      resolvers.push(u)
      return p.map(() => {
        running--
        done++
      })
    }
    const walk = LwtSeq.iterN(each, upTo(5), options)
    for (let i = 0; i < 5; i++) {
      expect([running, how(walk)]).toEqual([Math.min(most, 5 - i), "S"])
      Lwt.wakeup(resolvers[i]!)
    }
    expect([max, done, how(walk)]).toEqual([most, 5, undefined])
  })

  it("iterN starts no more when one has failed, and says what number it cannot do with", () => {
    const started: number[] = []
    const each = (x: number): Lwt.t<void> => {
      started.push(x)
      return x === 1 ? Lwt.pause().bind(() => Lwt.fail(boom)) : Lwt.wait<void>()[0]
    }
    const walk = LwtSeq.iterN(each, upTo(5), { maxConcurrency: 2 })
    settle(Lwt.pause())
    expect([started, errorOf(walk)]).toEqual([[1, 2], boom])
    for (const maxConcurrency of [0, -1])
      expect(() => LwtSeq.iterN(each, upTo(1), { maxConcurrency })).toThrow(
        `LwtSeq.iterN: maxConcurrency must be > 0, ${maxConcurrency} given`,
      )
  })

  it("iterN prefers the youngest of those that have failed by the end", () => {
    const walk = LwtSeq.iterN((x) => Lwt.failWith(`${x}`), upTo(3), { maxConcurrency: 5 })
    expect(errorOf(walk)).toEqual(new Lwt.Failure("3"))
  })

  it("of an iterable takes one when it is asked for one, and in turn", () => {
    let taken = 0
    const s = LwtSeq.ofSeqLwt(
      (function* () {
        for (;;) yield later(++taken)
      })(),
    )
    expect(taken).toBe(0)
    const first = settle(s())
    expect([first?.head, taken]).toEqual([1, 1])
    expect([settle(first!.tail())?.head, settle(first!.tail())?.head, settle(s())?.head, taken]).toEqual([2, 2, 1, 2])
  })
})
