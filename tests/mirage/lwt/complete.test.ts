// The rest of Lwt: the exception filter, the functions of rewriting tools, constants. The number in a name is
// the item's in the conformance list of the reference (section 5.2).

import { afterEach, describe, expect, it } from "vitest"
import * as LwtDirect from "../../../src/mirage/lwt/direct.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtSeq from "../../../src/mirage/lwt/seq.ts"
import * as LwtStream from "../../../src/mirage/lwt/stream.ts"
import { errorOf, settle } from "./how.ts"

const boom = new Lwt.Failure("boom")
const raise = (): never => {
  throw boom
}
const hook = Lwt.asyncExceptionHook.get()
afterEach(() => {
  Lwt.ExceptionFilter.set(Lwt.ExceptionFilter.handleAll)
  Lwt.asyncExceptionHook.set(hook)
  Lwt.abandonPaused()
})

describe("on purpose not as in OCaml", () => {
  it("20: callbacks nest deeper than 42, and none is put off at 43; OCaml's limit is in its source but never reached", () => {
    const log: number[] = []
    const nest = (depth: number): void => {
      const [p, u] = Lwt.wait<void>()
      Lwt.onSuccess(p, () => {
        if (depth < 60) nest(depth + 1)
      })
      Lwt.wakeup(u)
      log.push(depth)
    }
    nest(1)
    expect(log).toEqual(Array.from({ length: 60 }, (_, i) => 60 - i))
  })

  it("36: nchooseSplit keeps the order of those that are pending; OCaml's turns it round, or not", () => {
    const [[p, u], [q], [r]] = [Lwt.wait<number>(), Lwt.wait<number>(), Lwt.wait<number>()]
    const later = Lwt.nchooseSplit([q, p, r])
    Lwt.wakeup(u, 1)
    expect(Lwt.poll(later)).toEqual([[1], [q, r]])
    expect(Lwt.poll(Lwt.nchooseSplit([q, p, r]))).toEqual([[1], [q, r]])
  })

  it("24: the default hook throws, where OCaml's prints and exits with status 2", () => {
    expect(Lwt.asyncExceptionHook.get()).toBe(Lwt.defaultHook)
    expect(() => Lwt.defaultHook(boom)).toThrow(boom)
    expect(() => Lwt.async(raise)).toThrow(boom)
    const [p, u] = Lwt.wait<void>()
    Lwt.async(() => p)
    expect(() => Lwt.wakeupExn(u, boom)).toThrow(boom)
  })
})

describe("syntax", () => {
  it("83: what OCaml writes let*, let+ and and*, in methods and in direct style", () => {
    const [x, y] = [Lwt.return(2), Lwt.pause().map(() => 3)]
    const inMethods = Lwt.both(x, y).bind(([a, b]) => Lwt.return(a + b).map((sum) => sum * 2))
    const direct = LwtDirect.spawn(function* () {
      const [a, b] = yield* Lwt.both(x, y)
      yield* LwtDirect.yield()
      return ((yield* LwtDirect.await(x)) - a + a + b) * 2
    })
    expect([settle(inMethods), settle(direct)]).toEqual([10, 10])
  })

  it("constants and constructors are as their names say", () => {
    const ps: Lwt.t<unknown>[] = [Lwt.returnUnit, Lwt.returnNone, Lwt.returnNil, Lwt.returnTrue, Lwt.returnFalse]
    expect(ps.map(Lwt.poll)).toEqual([undefined, undefined, [], true, false])
    expect([Lwt.returnSome(1), Lwt.returnOk(2), Lwt.returnError("e")].map((p) => Lwt.poll<unknown>(p))).toEqual([
      1,
      { ok: true, value: 2 },
      { ok: false, error: "e" },
    ])
    expect(() => Lwt.reraise(boom)).toThrow(boom)
  })

  it("debugStateIs compares states", () => {
    const is = (state: Lwt.State<number>, p: Lwt.t<number>): boolean | undefined => Lwt.poll(Lwt.debugStateIs(state, p))
    expect(is({ tag: "Return", value: 1 }, Lwt.return(1))).toBe(true)
    expect(is({ tag: "Return", value: 2 }, Lwt.return(1))).toBe(false)
    expect(is({ tag: "Fail", error: boom }, Lwt.fail(boom))).toBe(true)
    expect(is({ tag: "Fail", error: 1 }, Lwt.fail(boom))).toBe(false)
    expect(is({ tag: "Sleep" }, Lwt.wait<number>()[0])).toBe(true)
    expect(is({ tag: "Sleep" }, Lwt.return(1))).toBe(false)
    expect(is({ tag: "Fail", error: undefined }, Lwt.return(1))).toBe(false)
    // What a state has not is not the same as an undefined that it has.
    const [value, error, neither] = [undefined as never, undefined, { tag: "Sleep" }] as const
    const states: Lwt.State<number>[] = [{ tag: "Return", value }, { tag: "Fail", error }, neither]
    const promises = (): Lwt.t<number>[] => [Lwt.return(value), Lwt.fail(error), Lwt.wait<number>()[0]]
    expect(states.map((state) => promises().map((p) => is(state, p)))).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ])
  })
})

describe("abandonWakeups", () => {
  it("runs what wakeupLater has put off, and has no more of it put off", () => {
    const log: string[] = []
    const [[p, u], [q, v], [r, w]] = [Lwt.wait<void>(), Lwt.wait<void>(), Lwt.wait<void>()]
    Lwt.onSuccess(q, () => log.push("q"))
    Lwt.onSuccess(r, () => log.push("r"))
    Lwt.onSuccess(p, () => {
      Lwt.wakeupLater(v)
      log.push("put off")
      Lwt.abandonWakeups()
      Lwt.wakeupLater(w)
      log.push("end")
    })
    Lwt.wakeup(u)
    expect(log).toEqual(["put off", "q", "r", "end"])
    Lwt.abandonWakeups()
  })

  it("runs all that is put off, oldest first, and leaves no storage, neither that of the callback nor theirs", () => {
    const key = Lwt.newKey<string>()
    const log: string[] = []
    const [[p, u], [q, v], [r, w]] = [Lwt.wait<void>(), Lwt.wait<void>(), Lwt.wait<void>()]
    const note = (name: string) => () => log.push(`${name} ${Lwt.get(key) ?? "-"}`)
    Lwt.withValue(key, "theirs", () => {
      Lwt.onSuccess(q, note("q"))
      Lwt.onSuccess(r, note("r"))
    })
    Lwt.withValue(key, "ours", () =>
      Lwt.onSuccess(p, () => {
        Lwt.wakeupLater(v)
        Lwt.wakeupLater(w)
        note("before")()
        Lwt.abandonWakeups()
        note("after")()
      }),
    )
    Lwt.wakeup(u)
    expect(log).toEqual(["before ours", "q theirs", "r theirs", "after -"])
  })

  it("in a callback within a callback runs nothing", () => {
    const log: string[] = []
    const [[p, u], [q, v], [r, w]] = [Lwt.wait<void>(), Lwt.wait<void>(), Lwt.wait<void>()]
    Lwt.onSuccess(q, () => log.push("q"))
    Lwt.onSuccess(r, () => {
      Lwt.abandonWakeups()
      log.push("abandoned")
    })
    Lwt.onSuccess(p, () => {
      Lwt.wakeupLater(v)
      Lwt.wakeup(w)
    })
    Lwt.wakeup(u)
    expect(log).toEqual(["abandoned", "q"])
  })
})

describe("87: backtrace", () => {
  const add = (error: unknown): unknown => `${(error as Error).message ?? error} +`
  const late = (): [Lwt.t<number>, () => void, () => void] => {
    const [p, u] = Lwt.wait<number>()
    return [p, () => Lwt.wakeup(u, 1), () => Lwt.wakeupExn(u, boom)]
  }

  it("bind adds to every error but the one it throws itself", () => {
    expect(Lwt.poll(Lwt.backtraceBind(add, Lwt.return(1), (x) => Lwt.return(x + 1)))).toBe(2)
    expect(() => Lwt.backtraceBind(add, Lwt.return(1), raise)).toThrow(boom)
    expect(errorOf(Lwt.backtraceBind(add, Lwt.fail(boom), Lwt.return))).toBe("boom +")
    const [p, , fail] = late()
    const [q, wake] = late()
    const failed = Lwt.backtraceBind(add, p, Lwt.return)
    const threw = Lwt.backtraceBind(add, q, raise)
    fail()
    wake()
    expect([errorOf(failed), errorOf(threw)]).toEqual(["boom +", "boom +"])
  })

  it("catch, tryBind and finalize do as without it, with more in the errors", () => {
    expect(errorOf(Lwt.backtraceCatch(add, raise, Lwt.fail))).toBe("boom +")
    expect(Lwt.poll(Lwt.backtraceCatch(add, () => Lwt.return(1), raise))).toBe(1)
    expect(errorOf(Lwt.backtraceTryBind(add, raise, Lwt.return, Lwt.fail))).toBe("boom +")
    const [p, , fail] = late()
    const results = [Lwt.backtraceCatch(add, () => p, raise), Lwt.backtraceTryBind(add, () => p, Lwt.return, Lwt.fail)]
    let cleaned = 0
    const clean = (): Lwt.t<void> => Lwt.return(void cleaned++)
    const cleanedUp = Lwt.backtraceFinalize(add, () => p, clean)
    fail()
    expect(results.map(errorOf)).toEqual(["boom +", boom])
    expect([errorOf(cleanedUp), cleaned]).toEqual(["boom +", 1])
    expect([Lwt.poll(Lwt.backtraceFinalize(add, () => Lwt.return(5), clean)), cleaned]).toEqual([5, 2])
  })
})

describe("88: the exception filter", () => {
  const overflow = (): never => {
    const deeper = (): number => deeper() + 1
    return deeper() as never
  }

  it("by default makes rejections of all exceptions, as Lwt 5 does", () => {
    expect(errorOf(Lwt.map(overflow, Lwt.return(1)))).toBeInstanceOf(RangeError)
  })

  it("may let the runtime's own pass, now and in callbacks", () => {
    Lwt.asyncExceptionHook.set(() => expect.fail())
    Lwt.ExceptionFilter.set(Lwt.ExceptionFilter.handleAllExceptRuntime)
    expect(() => Lwt.map(overflow, Lwt.return(1))).toThrow(RangeError)
    expect(() => Lwt.catch(overflow, Lwt.return)).toThrow(RangeError)
    expect(() => Lwt.wrap(overflow)).toThrow(RangeError)
    expect(() => Lwt.onSuccess(Lwt.return(1), overflow)).toThrow(RangeError)
    expect(() => Lwt.onFailure(Lwt.fail(1), overflow)).toThrow(RangeError)
    const [p, u] = Lwt.wait<number>()
    Lwt.bind(p, overflow)
    expect(() => Lwt.wakeup(u, 1)).toThrow(RangeError)
    const [r, w] = Lwt.wait<number>()
    Lwt.map(overflow, r)
    expect(() => Lwt.wakeup(w, 1)).toThrow(RangeError)
    expect(errorOf(Lwt.map(raise, Lwt.return(1)))).toBe(boom)
    const [q, v] = Lwt.wait<number>()
    const after = q.bind(raise)
    Lwt.wakeup(v, 1)
    expect(errorOf(after)).toBe(boom)
  })
})

describe("LwtStream, in addition", () => {
  it("hexdump prints as OCaml's does", () => {
    const bytes = new TextEncoder().encode("Hello,\n MirageOS! \u00e8 abc")
    expect(Lwt.poll(LwtStream.toList(LwtStream.hexdump(LwtStream.ofList(bytes))))).toEqual([
      "00000000|  48 65 6c 6c 6f 2c 0a 20  4d 69 72 61 67 65 4f 53  |Hello,. MirageOS|",
      "00000010|  21 20 c3 a8 20 61 62 63                           |! .. abc|",
    ])
  })

  it("ofLwtSeq reads a lazy list, and stays at its end", () => {
    const s = LwtStream.ofLwtSeq(LwtSeq.ofList([1, 2]))
    expect(Lwt.poll(LwtStream.toList(s))).toEqual([1, 2])
    expect(Lwt.poll(LwtStream.get(s))).toBe(undefined)
  })
})
