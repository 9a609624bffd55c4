// Streams, by the items of the conformance list in the reference (section 5.2).

import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtStream from "../../../src/mirage/lwt/stream.ts"
import { how } from "./how.ts"

/** 1, 2, 3 … n. */
const upTo = (n: number): LwtStream.t<number> => LwtStream.ofList(Array.from({ length: n }, (_, i) => i + 1))
const even = (x: number): boolean => x % 2 === 0

describe("LwtStream", () => {
  it("69: from asks for one element at a time, and two who wait share it; of pushed ones each takes the next", () => {
    let asked = 0
    let u: Lwt.u<number | undefined>
    const s = LwtStream.from(() => {
      asked++
      const [p, v] = Lwt.wait<number | undefined>()
      u = v
      return p
    })
    const [a, b] = [LwtStream.next(s), LwtStream.next(s)]
    expect(asked).toBe(1)
    Lwt.wakeup(u!, 1)
    expect([how(a), how(b)]).toEqual([1, 1])
    const list = upTo(2)
    expect([LwtStream.next(list), LwtStream.next(list)].map(how)).toEqual([1, 2])
  })

  it("70: at the end next fails with Empty, and get says so for ever", () => {
    const s = upTo(1)
    expect([LwtStream.get(s), LwtStream.get(s), LwtStream.get(s)].map(how)).toEqual([1, undefined, undefined])
    expect(how(LwtStream.next(s))).toBe("LwtStream.Empty")
    expect([how(LwtStream.isEmpty(s)), how(LwtStream.isEmpty(upTo(1)))]).toEqual([true, false])
  })

  it("71, 78: pushing wakes readers; undefined closes, and pushing after that throws Closed", () => {
    const [s, push] = LwtStream.create<string>()
    const [a, all] = [LwtStream.next(s), LwtStream.toList(LwtStream.clone(s))]
    let ended = false
    LwtStream.onTermination(s, () => {
      ended = true
    })
    push("x")
    push("y")
    expect([how(a), how(all), LwtStream.isClosed(s)]).toEqual(["x", "S", false])
    push(undefined)
    expect([how(all), how(LwtStream.closed(s)), LwtStream.isClosed(s), ended]).toEqual([
      ["x", "y"],
      undefined,
      true,
      true,
    ])
    expect(() => push("z")).toThrow(LwtStream.Closed)
  })

  it("72: a bounded stream makes pushers wait", () => {
    const [s, push] = LwtStream.createBounded<number>(1)
    const first = push.push(1)
    const second = push.push(2)
    expect([how(first), how(second), push.size, push.count, push.blocked]).toEqual([undefined, "S", 1, 1, true])
    expect(how(push.push(3))).toBe("LwtStream.Full")
    expect([how(LwtStream.next(s)), how(second), push.count, push.blocked]).toEqual([1, undefined, 1, false])
    const third = push.push(3)
    push.resize(2)
    expect([how(third), push.count]).toEqual([undefined, 2])
    const fourth = push.push(4)
    push.close()
    expect([how(fourth), push.closed, how(push.push(5))]).toEqual(["LwtStream.Closed", true, "LwtStream.Closed"])
    expect(how(LwtStream.toList(s))).toEqual([2, 3])
    expect(() => LwtStream.createBounded(-1)).toThrow(Lwt.InvalidArgument)
    expect(() => push.resize(-1)).toThrow(Lwt.InvalidArgument)
    expect(() => LwtStream.clone(s)).toThrow(Lwt.InvalidArgument)
  })

  it("72: a push that is cancelled leaves room, and its element is never seen", () => {
    const [s, push] = LwtStream.createBounded<number>(0)
    const one = push.push(1)
    Lwt.cancel(one)
    const two = push.push(2)
    push.resize(1)
    expect([how(one), how(two), how(LwtStream.next(s)), push.count]).toEqual(["Canceled", undefined, 2, 0])
  })

  it("72: each push that waits can be cancelled, also after another one was let in", () => {
    const [s, push] = LwtStream.createBounded<number>(0)
    const one = push.push(1)
    expect([how(LwtStream.next(s)), push.blocked]).toEqual(["S", true])
    push.resize(1)
    const two = push.push(2)
    Lwt.cancel(two)
    expect([how(one), how(two), push.blocked, push.count]).toEqual([undefined, "Canceled", false, 1])
  })

  it("a function that is asked for elements closes the stream by its last answer", () => {
    const asked = LwtStream.from(() => Lwt.return(undefined))
    for (const s of [LwtStream.ofSeq([1]), asked]) {
      let ended = false
      LwtStream.onTermination(s, () => {
        ended = true
      })
      expect([LwtStream.isClosed(s), ended]).toEqual([false, false])
      LwtStream.junkAvailable(s)
      expect([LwtStream.isClosed(s), ended]).toEqual([true, true])
    }
  })

  it("73: clones have cursors of their own", () => {
    const s = upTo(3)
    const c = LwtStream.clone(s)
    expect([how(LwtStream.nget(2, s)), how(LwtStream.toList(c)), how(LwtStream.toList(s))]).toEqual([
      [1, 2],
      [1, 2, 3],
      [3],
    ])
  })

  it("74: cancelling a reader loses nothing", () => {
    const [s, push] = LwtStream.create<number>()
    const reader = LwtStream.next(s)
    Lwt.cancel(reader)
    push(1)
    expect([how(reader), how(LwtStream.next(s))]).toEqual(["Canceled", 1])
  })

  it("75: an exception of the source reaches the reader, and reading goes on after it", () => {
    let n = 0
    const s = LwtStream.from(() => (++n === 2 ? Lwt.failWith("x") : Lwt.return(n < 4 ? n : undefined)))
    expect([LwtStream.next(s), LwtStream.next(s), LwtStream.next(s)].map(how)).toEqual([1, "Failure", 3])
    n = 0
    expect(how(LwtStream.toList(LwtStream.wrapExn(s)))).toEqual([
      { ok: true, value: 1 },
      { ok: false, error: new Lwt.Failure("x") },
      { ok: true, value: 3 },
    ])
  })

  it("76: filter and map are lazy", () => {
    const seen: number[] = []
    const note = (x: number): number => {
      seen.push(x)
      return x * 10
    }
    const s = LwtStream.map(note, LwtStream.filter(even, upTo(6)))
    expect(seen).toEqual([])
    expect([how(LwtStream.next(s)), seen]).toEqual([20, [2]])
  })

  it("77: peek and npeek leave everything; getAvailable and lastNew take what is there", () => {
    const [s, push] = LwtStream.create<number>()
    for (const x of [1, 2, 3]) push(x)
    expect([how(LwtStream.peek(s)), how(LwtStream.npeek(2, s)), how(LwtStream.npeek(4, s))]).toEqual([1, [1, 2], "S"])
    expect(LwtStream.getAvailableUpTo(1, s)).toEqual([1])
    expect([how(LwtStream.lastNew(s)), how(LwtStream.lastNew(s))]).toEqual([3, "S"])
    push(4)
    LwtStream.junkAvailable(s)
    push(5)
    expect([LwtStream.getAvailable(s), LwtStream.getAvailable(s)]).toEqual([[5], []])
  })

  it("79: elements that nobody can read any more are not kept", () => {
    const [s, push] = LwtStream.create<number>()
    const first = (s as unknown as { node: { next: unknown } }).node
    for (let x = 0; x < 10; x++) push(x)
    LwtStream.junkAvailable(s)
    const cursor = (s as unknown as { node: { next: unknown } }).node
    // The cursor has moved on to the empty node at the end, from which no way leads back.
    expect(cursor).not.toBe(first)
    expect(cursor.next).toBe(cursor)
  })

  it("80: choose gives elements as they come", () => {
    const [[a, pushA], [b, pushB]] = [LwtStream.create<string>(), LwtStream.create<string>()]
    const all = LwtStream.toList(LwtStream.choose([a, b]))
    pushB("b1")
    pushA("a1")
    pushB("b2")
    pushB(undefined)
    pushA("a2")
    pushA(undefined)
    expect(how(all)).toEqual(["b1", "a1", "b2", "a2"])
  })

  it("80: choose takes what is there already, and then waits for the others", () => {
    const [b, pushB] = LwtStream.create<string>()
    const all = LwtStream.toList(LwtStream.choose([LwtStream.ofList(["a1", "a2"]), b]))
    expect(how(all)).toBe("S")
    pushB("b1")
    pushB(undefined)
    expect(how(all)).toEqual(["a1", "a2", "b1"])
  })

  // Numbers as OCaml's Lwt gives them: whoever has begun at an element goes on from there.
  it("getAvailable gives an element that somebody else took while the source was asked for the next", () => {
    const [p, u] = Lwt.wait<void>()
    const left = [2, 1]
    const s = LwtStream.from(() => {
      const x = left.shift()
      if (x === 2) Lwt.wakeup(u)
      return Lwt.return(x)
    })
    const other = p.bind(() => LwtStream.next(s))
    expect([LwtStream.getAvailable(s), how(other)]).toEqual([[1, 2], 1])
  })

  it("lastNew throws what the source throws after the first element", () => {
    let asked = 0
    const s = LwtStream.from(() => {
      if (asked++ > 0) throw new Lwt.Failure("x")
      return Lwt.return(1)
    })
    expect(() => LwtStream.lastNew(s)).toThrow("x")
  })

  it("80: choose of a stream that reads the choice gives it what there was", () => {
    const left = [1, 0]
    const s: LwtStream.t<number> = LwtStream.from(() => {
      const x = left.shift()
      return x === undefined ? Lwt.return(undefined) : x === 0 ? LwtStream.next(chosen) : Lwt.return(x)
    })
    const chosen = LwtStream.choose([s])
    expect(how(LwtStream.toList(chosen))).toEqual([1, 1])
  })

  it("njunk counts an element that somebody else has taken while it waited", () => {
    const [s, push] = LwtStream.create<number>()
    const thrown = LwtStream.njunk(2, s)
    const other = LwtStream.next(s)
    push(1)
    expect([how(other), how(thrown)]).toEqual([1, "S"])
    push(2)
    push(3)
    expect([how(thrown), LwtStream.getAvailable(s)]).toEqual([undefined, [3]])
  })

  it("reads in all the ways there are", () => {
    const get = (f: (s: LwtStream.t<number>) => Lwt.t<unknown>): unknown[] => {
      const s = upTo(5)
      return [how(f(s)), how(LwtStream.toList(s))]
    }
    expect(get((s) => LwtStream.getWhile((x) => x < 3, s))).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    expect(get((s) => LwtStream.getWhileS((x) => Lwt.return(x < 3), s))).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    expect(get(LwtStream.junk)).toEqual([undefined, [2, 3, 4, 5]])
    expect(get((s) => LwtStream.njunk(3, s))).toEqual([undefined, [4, 5]])
    expect(get((s) => LwtStream.junkWhile((x) => x !== 4, s))).toEqual([undefined, [4, 5]])
    expect(get((s) => LwtStream.find(even, s))).toEqual([2, [3, 4, 5]])
    expect(get((s) => LwtStream.findMap((x) => (x > 3 ? `${x}` : undefined), s))).toEqual(["4", [5]])
    expect(get((s) => LwtStream.fold((x, acc) => `${acc}${x}`, s, "<"))).toEqual(["<12345", []])
    expect(get((s) => LwtStream.foldS((x, acc) => Lwt.return(acc * 10 + x), s, 0))).toEqual([12345, []])
    expect(get((s) => LwtStream.parse(s, (t) => LwtStream.nget(2, t)))).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    expect(get((s) => LwtStream.parse(s, (t) => LwtStream.junk(t).bind(() => Lwt.failWith("x"))))).toEqual([
      "Failure",
      [1, 2, 3, 4, 5],
    ])
    expect(how(LwtStream.toString(LwtStream.ofString("grüße")))).toBe("grüße")
  })

  it("calls a function for each: at once, in turn, together, or a few at a time", () => {
    const run = (iterate: (f: (x: number) => Lwt.t<void>, s: LwtStream.t<number>) => Lwt.t<void>): unknown[] => {
      const log: unknown[] = []
      const p = iterate((x) => {
        log.push(x)
        return Lwt.pause().map(() => {
          log.push(`${x} ends`)
        })
      }, upTo(3))
      while (Lwt.pausedCount() > 0) Lwt.wakeupPaused()
      return [how(p), ...log]
    }
    expect(run(LwtStream.iterS)).toEqual([undefined, 1, "1 ends", 2, "2 ends", 3, "3 ends"])
    expect(run(LwtStream.iterP)).toEqual([undefined, 1, 2, 3, "1 ends", "2 ends", "3 ends"])
    expect(run((f, s) => LwtStream.iterN(f, s, { maxConcurrency: 2 }))).toEqual([
      undefined,
      1,
      2,
      "1 ends",
      3,
      "2 ends",
      "3 ends",
    ])
    expect(run((f, s) => LwtStream.iter((x) => Lwt.async(() => f(x)), s))).toHaveLength(7)
    expect(() => LwtStream.iterN(() => Lwt.return(), upTo(1), { maxConcurrency: 0 })).toThrow(Lwt.InvalidArgument)
  })

  it("iterP fails as the first element does, whichever fails first", () => {
    const [first, u] = Lwt.wait<void>()
    const p = LwtStream.iterP((x) => (x === 1 ? first : Lwt.fail(new LwtStream.Empty())), upTo(2))
    expect(how(p)).toBe("S")
    Lwt.wakeupExn(u, new LwtStream.Full())
    expect(how(p)).toBe("LwtStream.Full")
  })

  it("makes streams from streams", () => {
    const list = (s: LwtStream.t<unknown>): unknown => how(LwtStream.toList(s))
    expect(list(LwtStream.mapS((x) => Lwt.return(x * x), upTo(3)))).toEqual([1, 4, 9])
    expect(list(LwtStream.filterS((x) => Lwt.return(!even(x)), upTo(4)))).toEqual([1, 3])
    expect(list(LwtStream.filterMap((x) => (even(x) ? `${x}` : undefined), upTo(4)))).toEqual(["2", "4"])
    expect(list(LwtStream.mapList((x) => Array.from({ length: x }, () => x), upTo(3)))).toEqual([1, 2, 2, 3, 3, 3])
    expect(list(LwtStream.flatten(LwtStream.ofList([[], [1], [], [2, 3]])))).toEqual([1, 2, 3])
    expect(list(LwtStream.combine(upTo(2), LwtStream.ofString("abc")))).toEqual([
      [1, "a"],
      [2, "b"],
    ])
    expect(list(LwtStream.append(upTo(2), upTo(1)))).toEqual([1, 2, 1])
    expect(list(LwtStream.concat(LwtStream.ofList([upTo(2), upTo(0), upTo(1)])))).toEqual([1, 2, 1])
    expect(list(LwtStream.returnLwt(Lwt.return(5)))).toEqual([5])
    expect(list(LwtStream.returnLwt(Lwt.failWith("x")))).toEqual([])
    expect(list(LwtStream.return(6))).toEqual([6])
    const naturals = LwtStream.ofSeq(
      (function* () {
        for (let n = 0; ; n++) yield n
      })(),
    )
    expect(how(LwtStream.nget(3, naturals))).toEqual([0, 1, 2])
  })
})
