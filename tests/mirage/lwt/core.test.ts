// Lwt's core, by the items of the conformance list in the reference (section 5.2): the number in a name is the item's.

import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { awaitable } from "../../../src/mirage/lwt/promise.ts"
import { show } from "../../../src/mirage/os/show.ts"
import { forget, log, say } from "./log.ts"

const hook = Lwt.asyncExceptionHook.get()
const boom = new Lwt.Failure("boom")

/** A thrown error's message, whatever threw it. */
function thrownBy(f: () => unknown): string {
  try {
    f()
  } catch (error) {
    return (error as Error).message
  }
  return "nothing"
}

/** As a toplevel shows it. */
const shown = (p: Lwt.t<unknown>): string => (p as never as Record<typeof show, () => string>)[show]()
const canceled = "<Lwt: Fail Canceled>"

beforeEach(() => {
  forget()
  Lwt.asyncExceptionHook.set((error) => {
    log.push(["hook", (error as Error).message])
  })
})
afterEach(() => {
  Lwt.abandonPaused()
  Lwt.asyncExceptionHook.set(hook)
})

describe("basics", () => {
  it("1: return, fail and ofResult are resolved at once", () => {
    expect(Lwt.state(Lwt.return(1))).toEqual({ tag: "Return", value: 1 })
    expect(Lwt.state(Lwt.return())).toEqual({ tag: "Return", value: undefined })
    expect(Lwt.state(Lwt.fail(boom))).toEqual({ tag: "Fail", error: boom })
    expect(shown(Lwt.failWith("a"))).toBe('<Lwt: Fail Failure "a">')
    expect(shown(Lwt.failInvalidArg("a"))).toBe('<Lwt: Fail InvalidArgument "a">')
    expect(shown(Lwt.ofResult({ ok: true, value: [1, "a"] }))).toBe('<Lwt: Return [1; "a"]>')
    expect(shown(Lwt.ofResult({ ok: false, error: boom }))).toBe('<Lwt: Fail Failure "boom">')
  })

  it.each([["wait", Lwt.wait<number>] as const, ["task", Lwt.task<number>] as const])(
    "2: %s is pending until it is resolved",
    (_, make) => {
      const resolved = (f: (u: Lwt.u<number>) => void) => {
        const [p, u] = make()
        expect(Lwt.isSleeping(p)).toBe(true)
        f(u)
        return shown(p)
      }
      expect(resolved((u) => Lwt.wakeup(u, 1))).toBe("<Lwt: Return 1>")
      expect(resolved((u) => Lwt.wakeupExn(u, boom))).toBe('<Lwt: Fail Failure "boom">')
      expect(resolved((u) => Lwt.wakeupLater(u, 1))).toBe("<Lwt: Return 1>")
      expect(resolved((u) => Lwt.wakeupLaterExn(u, boom))).toBe('<Lwt: Fail Failure "boom">')
      expect(resolved((u) => Lwt.wakeupResult(u, { ok: true, value: 1 }))).toBe("<Lwt: Return 1>")
      expect(resolved((u) => Lwt.wakeupLaterResult(u, { ok: false, error: boom }))).toBe('<Lwt: Fail Failure "boom">')
    },
  )

  it("2: whatever resolves it, what waits for it is called before that returns, and has the value or the error", () => {
    const watched = (f: (u: Lwt.u<number>) => void): void => {
      const [p, u] = Lwt.wait<number>()
      Lwt.onAny(
        p,
        (x) => log.push(x),
        (error) => log.push(error),
      )
      f(u)
      say("returned")()
    }
    for (const f of [
      (u: Lwt.u<number>) => Lwt.wakeup(u, 1),
      (u: Lwt.u<number>) => Lwt.wakeupLater(u, 1),
      (u: Lwt.u<number>) => Lwt.wakeupResult(u, { ok: true, value: 1 }),
      (u: Lwt.u<number>) => Lwt.wakeupLaterResult(u, { ok: true, value: 1 }),
    ])
      watched(f)
    expect(log).toEqual([1, "returned", 1, "returned", 1, "returned", 1, "returned"])
    forget()
    for (const f of [
      (u: Lwt.u<number>) => Lwt.wakeupExn(u, boom),
      (u: Lwt.u<number>) => Lwt.wakeupLaterExn(u, boom),
      (u: Lwt.u<number>) => Lwt.wakeupResult(u, { ok: false, error: boom }),
      (u: Lwt.u<number>) => Lwt.wakeupLaterResult(u, { ok: false, error: boom }),
    ])
      watched(f)
    expect(log).toEqual([boom, "returned", boom, "returned", boom, "returned", boom, "returned"])
  })

  const resolvers: [string, (u: Lwt.u<number>) => void][] = [
    ["Lwt.wakeup", (u) => Lwt.wakeup(u, 2)],
    ["Lwt.wakeup_exn", (u) => Lwt.wakeupExn(u, boom)],
    ["Lwt.wakeup_result", (u) => Lwt.wakeupResult(u, { ok: true, value: 2 })],
    ["Lwt.wakeup_later", (u) => Lwt.wakeupLater(u, 2)],
    ["Lwt.wakeup_later_exn", (u) => Lwt.wakeupLaterExn(u, boom)],
    ["Lwt.wakeup_later_result", (u) => Lwt.wakeupLaterResult(u, { ok: false, error: boom })],
  ]

  it.each(resolvers)("3: %s of a resolved promise is an invalid argument", (name, resolve) => {
    for (const first of resolvers.map(([, f]) => f)) {
      const [, u] = Lwt.wait<number>()
      first(u)
      expect(() => resolve(u)).toThrow(Lwt.InvalidArgument)
      expect(thrownBy(() => resolve(u))).toBe(name)
    }
  })

  it.each(resolvers)("4: %s of a cancelled promise does nothing", (_, resolve) => {
    const [p, u] = Lwt.task<number>()
    Lwt.cancel(p)
    resolve(u)
    expect(shown(p)).toBe(canceled)
  })

  it("5: bind on a resolved promise calls its function before it returns", () => {
    const p = Lwt.bind(Lwt.return(1), (x) => {
      say(x)()
      return Lwt.return(x + 1)
    })
    expect(log).toEqual([1])
    expect(Lwt.poll(p)).toBe(2)
  })

  it("6: a function that is called at once and throws, throws out of bind, catch, tryBind and finalize", () => {
    const raise = (): never => {
      throw boom
    }
    expect(() => Lwt.bind(Lwt.return(1), raise)).toThrow(boom)
    expect(() => Lwt.catch(() => Lwt.fail(1), raise)).toThrow(boom)
    expect(() => Lwt.tryBind(() => Lwt.return(1), raise, Lwt.fail)).toThrow(boom)
    expect(() => Lwt.tryBind(() => Lwt.fail(1), Lwt.return, raise)).toThrow(boom)
    expect(() => Lwt.finalize(() => Lwt.return(1), raise)).toThrow(boom)
  })

  it("7, 8: called later it rejects the promise; and map never throws", () => {
    const raise = (): never => {
      throw boom
    }
    const [p, u] = Lwt.wait<number>()
    const later = [p.bind(raise), p.map(raise), Lwt.tryBind(() => p, raise, Lwt.fail), Lwt.finalize(() => p, raise)]
    Lwt.wakeup(u, 1)
    for (const q of [...later, Lwt.map(raise, Lwt.return(1))]) expect(shown(q)).toBe('<Lwt: Fail Failure "boom">')
  })

  it("9: catch takes what its thunk throws, and leaves a success alone", () => {
    const thrown = Lwt.catch(
      () => {
        throw boom
      },
      (error) => Lwt.return(error === boom),
    )
    expect(Lwt.poll(thrown)).toBe(true)
    expect(
      Lwt.poll(
        Lwt.catch(
          () => Lwt.return(1),
          (): never => expect.fail(),
        ),
      ),
    ).toBe(1)
  })

  it("10: an error of tryBind's first function does not reach the second", () => {
    const p = Lwt.tryBind(
      () => Lwt.return(1),
      () => Lwt.fail(boom),
      (): never => expect.fail(),
    )
    expect(shown(p)).toBe('<Lwt: Fail Failure "boom">')
  })

  it("11: finalize cleans up once, and a failure of that is the result", () => {
    for (const p of [Lwt.return(1), Lwt.fail(boom), Lwt.pause().map(() => 1)]) {
      forget()
      const cleaned = Lwt.finalize(
        () => p,
        () => Lwt.return(say("clean")()),
      )
      Lwt.wakeupPaused()
      expect(log).toEqual(["clean"])
      expect(shown(cleaned)).toBe(shown(p))
    }
    const worse = Lwt.finalize(
      () => Lwt.fail(boom),
      () => Lwt.failWith("worse"),
    )
    expect(shown(worse)).toBe('<Lwt: Fail Failure "worse">')
  })

  it("12: bind's promise and the one its function made become one", () => {
    const [p, u] = Lwt.wait<number>()
    const [inner, v] = Lwt.wait<number>()
    const outer = p.bind(() => inner)
    Lwt.onSuccess(outer, say("outer 1"))
    Lwt.onSuccess(inner, say("inner 1"))
    Lwt.wakeup(u, 0)
    Lwt.onSuccess(inner, say("inner 2"))
    Lwt.onSuccess(outer, say("outer 2"))
    Lwt.wakeup(v, 7)
    expect([Lwt.poll(outer), Lwt.poll(inner)]).toEqual([7, 7])
    expect(log).toEqual(["outer 2", "inner 2", "outer 1", "inner 1"])
  })

  it("13: a promise that is bound to itself stays pending", () => {
    const [p, u] = Lwt.wait<number>()
    const q: Lwt.t<number> = p.bind(() => q)
    Lwt.wakeup(u, 1)
    expect(shown(q)).toBe("<Lwt: Sleep>")
  })

  it("84: apply and wrap turn exceptions into rejections", () => {
    const raise = (): never => {
      throw boom
    }
    expect(shown(Lwt.apply(raise, 1))).toBe('<Lwt: Fail Failure "boom">')
    expect(shown(Lwt.wrap(raise))).toBe('<Lwt: Fail Failure "boom">')
    expect(Lwt.poll(Lwt.wrap((a: number, b: number) => a + b, 1, 2))).toBe(3)
  })

  it("poll gives the value, nothing, or throws", () => {
    for (const p of [Lwt.wait()[0], Lwt.task()[0], Lwt.task()[0].map(say(1))]) expect(Lwt.poll(p)).toBe(undefined)
    expect(() => Lwt.poll(Lwt.fail(boom))).toThrow(boom)
  })

  it("a function that returns no promise is told so, and so is one who hands in something else", async () => {
    const forgetful = (() => {}) as never
    expect(() => Lwt.bind(Lwt.return(1), forgetful)).toThrow(
      "the function given to Lwt.bind must return a promise of Lwt, not undefined (is a `return` missing?)",
    )
    expect(() => Lwt.bind(Lwt.return(1), (() => null) as never)).toThrow("must return a promise of Lwt, not null")
    expect(() => Lwt.bind(Lwt.return(1), (async () => 1) as never)).toThrow(
      "a Promise of JavaScript (see Lwt.ofPromise)",
    )
    expect(() => Lwt.bind(Promise.resolve(1) as never, Lwt.return)).toThrow(
      "Lwt.bind: not a promise of Lwt: a Promise of JavaScript",
    )
    expect(thrownBy(() => Lwt.wakeup(Lwt.return([1]) as never))).toBe(
      "Lwt.wakeup: not a resolver of Lwt: <Lwt: Return [1]>",
    )
    expect(thrownBy(() => Lwt.wakeup({ cell: 1 } as never))).toBe("Lwt.wakeup: not a resolver of Lwt: {cell = 1}")
    const [p, u] = Lwt.wait<void>()
    const q = p.bind(forgetful)
    Lwt.wakeup(u)
    expect(Lwt.state(q)).toMatchObject({
      tag: "Fail",
      error: {
        message: "the function given to Lwt.bind must return a promise of Lwt, not undefined (is a `return` missing?)",
      },
    })
  })

  it("what yield* is given is a promise, or something else to go through", () => {
    for (const x of [Lwt.return(1), [1], "ab", new Map(), (async function* () {})()]) expect(awaitable(x)).toBe(x)
    const wants = "yield* wants a promise of Lwt, not "
    expect(() => awaitable(undefined)).toThrow(`${wants}undefined (is a \`return\` missing?)`)
    expect(() => awaitable(Promise.resolve(1))).toThrow(`${wants}a Promise of JavaScript (see Lwt.ofPromise)`)
    for (const [x, shown] of [
      [null, "null"],
      [42, "42"],
      [{ a: 1 }, "{a = 1}"],
    ] as const)
      expect(() => awaitable(x)).toThrow(wants + shown)
  })

  it.each<[string, unknown]>([
    ['"a"', "a"],
    ["5", 5],
    ["null", null],
    ["{x = 1}", { x: 1 }],
    ["{then = 1}", JSON.parse('{"then": 1}')],
    ["a Promise of JavaScript (see Lwt.ofPromise)", Promise.resolve()],
    ["undefined (is a `return` missing?)", undefined],
  ])("%s is no promise, says whatever is given it for one", (name, stranger) => {
    const p = stranger as never
    const f = (): never => expect.fail()
    const takers: Record<string, () => unknown> = {
      state: () => Lwt.state(p),
      isSleeping: () => Lwt.isSleeping(p),
      poll: () => Lwt.poll(p),
      bind: () => Lwt.bind(p, f),
      map: () => Lwt.map(f, p),
      onSuccess: () => Lwt.onSuccess(p, f),
      onFailure: () => Lwt.onFailure(p, f),
      onTermination: () => Lwt.onTermination(p, f),
      onAny: () => Lwt.onAny(p, f, f),
      onCancel: () => Lwt.onCancel(p, f),
      ignoreResult: () => Lwt.ignoreResult(p),
      cancel: () => Lwt.cancel(p),
      protected: () => Lwt.protected(p),
      noCancel: () => Lwt.noCancel(p),
      wrapInCancelable: () => Lwt.wrapInCancelable(p),
      both: () => Lwt.both(Lwt.return(1), p),
      join: () => Lwt.join([p]),
      all: () => Lwt.all([p]),
      choose: () => Lwt.choose([p]),
      pick: () => Lwt.pick([p]),
      nchoose: () => Lwt.nchoose([p]),
      npick: () => Lwt.npick([p]),
      nchoose_split: () => Lwt.nchooseSplit([p]),
    }
    for (const [who, take] of Object.entries(takers))
      expect(thrownBy(take)).toBe(`Lwt.${who}: not a promise of Lwt: ${name}`)
    expect(thrownBy(() => Lwt.both(p, Lwt.return(1)))).toBe(`Lwt.both: not a promise of Lwt: ${name}`)
  })

  it("a resolver is nobody's business, and knows its promise", () => {
    const [p, u] = Lwt.wait<void>()
    expect([shown(u as never), Lwt.waiterOfWakener(u) === p]).toEqual(["<abstr>", true])
  })

  it("is not thenable: await gives the promise itself, and toPromise its value", async () => {
    const p = Lwt.return(1)
    expect("then" in p).toBe(false)
    expect(await Lwt.toPromise(p)).toBe(1)
    await expect(Lwt.toPromise(Lwt.fail(boom))).rejects.toBe(boom)
    const q = Lwt.ofPromise(Promise.resolve(2))
    expect(Lwt.awaitedPromises()).toBe(1)
    expect(await Lwt.toPromise(q)).toBe(2)
    expect(Lwt.awaitedPromises()).toBe(0)
    await expect(Lwt.toPromise(Lwt.ofPromise(Promise.reject(boom)))).rejects.toBe(boom)
  })
})

describe("the order of callbacks", () => {
  it("15: newest first", () => {
    const [p, u] = Lwt.wait<void>()
    for (const i of [1, 2, 3, 4]) Lwt.onSuccess(p, say(i))
    Lwt.wakeup(u)
    expect(log).toEqual([4, 3, 2, 1])
  })

  it("16: those of onCancel before all others, newest first", () => {
    const [p] = Lwt.task<void>()
    Lwt.onTermination(p, say(10))
    Lwt.onCancel(p, say(1))
    Lwt.onTermination(p, say(11))
    Lwt.onCancel(p, say(2))
    Lwt.cancel(p)
    expect(log).toEqual([2, 1, 11, 10])
  })

  it("17: wakeup inside a callback runs to its end before it returns", () => {
    const [p, u] = Lwt.wait<void>()
    const [q, v] = Lwt.wait<void>()
    const t2 = q.map(say("t2"))
    Lwt.onSuccess(t2, say("t3"))
    Lwt.onSuccess(p, () => {
      say("a")()
      Lwt.wakeup(v)
      say("b")()
    })
    Lwt.wakeup(u)
    expect(log).toEqual(["a", "t2", "t3", "b"])
  })

  it("18: wakeupLater outside of callbacks is immediate", () => {
    const [p, u] = Lwt.wait<void>()
    Lwt.onSuccess(p, say("p"))
    Lwt.wakeupLater(u)
    expect(log).toEqual(["p"])
  })

  it("19: wakeupLater inside a callback resolves now and calls back later, first come first served", () => {
    const [p, u] = Lwt.wait<void>()
    const [q, v] = Lwt.wait<void>()
    const [r, w] = Lwt.wait<void>()
    Lwt.onSuccess(q, say("t2"))
    Lwt.onSuccess(r, say("t3"))
    Lwt.onSuccess(p, say("last"))
    Lwt.onSuccess(p, () => {
      say("a")()
      Lwt.wakeupLater(v)
      Lwt.wakeupLater(w)
      expect([Lwt.isSleeping(q), Lwt.isSleeping(r)]).toEqual([false, false])
      say("b")()
    })
    Lwt.wakeup(u)
    expect(log).toEqual(["a", "b", "last", "t2", "t3"])
  })

  it("21, 22: exceptions of the watchers go to the hook, and the other callbacks still run", () => {
    const raise = (): never => {
      throw boom
    }
    const [p, u] = Lwt.wait<void>()
    Lwt.onSuccess(p, say("still here"))
    Lwt.onSuccess(p, raise)
    Lwt.onTermination(p, raise)
    Lwt.onAny(p, raise, raise)
    Lwt.onFailure(p, raise)
    Lwt.wakeup(u)
    expect(log).toEqual([["hook", "boom"], ["hook", "boom"], ["hook", "boom"], "still here"])
    forget()
    Lwt.onSuccess(p, raise)
    Lwt.onFailure(Lwt.fail(1), raise)
    Lwt.onTermination(p, raise)
    Lwt.onAny(p, raise, raise)
    expect(log).toHaveLength(4)
  })

  it("if the hook throws, the other callbacks run, and then the error comes out of wakeup", () => {
    Lwt.asyncExceptionHook.set(Lwt.defaultHook)
    const [p, u] = Lwt.wait<void>()
    const [q, v] = Lwt.wait<void>()
    Lwt.onSuccess(q, say("deferred"))
    Lwt.onSuccess(p, say("still here"))
    Lwt.onSuccess(p, () => {
      Lwt.wakeupLater(v)
      throw boom
    })
    expect(() => Lwt.wakeup(u)).toThrow(boom)
    expect(log).toEqual(["still here", "deferred"])
    forget()
    const [r, w] = Lwt.wait<void>()
    Lwt.onSuccess(r, say("as ever"))
    Lwt.wakeupLater(w)
    expect(log).toEqual(["as ever"])
  })

  it("23: async hands both kinds of failure to the hook", () => {
    Lwt.async(() => {
      throw boom
    })
    const [p, u] = Lwt.wait<void>()
    Lwt.async(() => p)
    Lwt.async(() => Lwt.return(say("fine")()))
    Lwt.wakeupExn(u, new Lwt.Failure("later"))
    expect(log).toEqual([["hook", "boom"], "fine", ["hook", "later"]])
  })

  it("25, 26: dontWait has a handler of its own; ignoreResult throws what is known already", () => {
    const [p, u] = Lwt.wait<void>()
    Lwt.dontWait(
      () => {
        throw boom
      },
      (error) => log.push(["now", (error as Error).message]),
    )
    Lwt.dontWait(
      () => p,
      (error) => log.push(["then", (error as Error).message]),
    )
    expect(() => Lwt.ignoreResult(Lwt.fail(boom))).toThrow(boom)
    Lwt.ignoreResult(p)
    Lwt.ignoreResult(Lwt.return(1))
    Lwt.wakeupExn(u, boom)
    expect(log).toEqual([
      ["now", "boom"],
      ["hook", "boom"],
      ["then", "boom"],
    ])
  })
})

describe("several promises", () => {
  it("27: join waits for all, and fails with what failed first", () => {
    expect(shown(Lwt.join([]))).toBe("<Lwt: Return ()>")
    const [p, u] = Lwt.wait<void>()
    const [q, v] = Lwt.wait<void>()
    const j = Lwt.join([p, Lwt.return(), q])
    Lwt.wakeupExn(v, boom)
    expect(Lwt.isSleeping(j)).toBe(true)
    Lwt.wakeupExn(u, new Lwt.Failure("second"))
    expect(shown(j)).toBe('<Lwt: Fail Failure "boom">')
    expect(shown(Lwt.join([Lwt.fail(boom), Lwt.failWith("x")]))).toBe('<Lwt: Fail Failure "boom">')
  })

  it("28: both waits for both; the failure that comes first wins", () => {
    for (const reversed of [false, true]) {
      const [p, u] = Lwt.wait<number>()
      const [q, v] = Lwt.wait<string>()
      const b = Lwt.both(p, q)
      const fails = [() => Lwt.wakeupExn(u, new Lwt.Failure("p")), () => Lwt.wakeupExn(v, new Lwt.Failure("q"))]
      for (const f of reversed ? fails.reverse() : fails) f()
      expect(shown(b)).toBe(`<Lwt: Fail Failure "${reversed ? "q" : "p"}">`)
    }
    expect(Lwt.poll(Lwt.both(Lwt.return(1), Lwt.return("a")))).toEqual([1, "a"])
  })

  it("29: all gives the values in order; one promise may be there twice", () => {
    const [p, u] = Lwt.wait<number>()
    const a = Lwt.all([p, Lwt.return("x"), p])
    Lwt.wakeup(u, 1)
    expect(Lwt.poll(a)).toEqual([1, "x", 1])
    expect(Lwt.poll(Lwt.all([]))).toEqual([])
  })

  it.each([
    ["choose", Lwt.choose],
    ["pick", Lwt.pick],
    ["nchoose", Lwt.nchoose],
    ["npick", Lwt.npick],
    ["nchoose_split", Lwt.nchooseSplit],
  ] as [string, (ps: Lwt.t<number>[]) => unknown][])("30: %s of nothing is an invalid argument", (name, f) => {
    expect(thrownBy(() => f([]))).toBe(`Lwt.${name} [] would return a promise that is pending forever`)
  })

  it("31: choose prefers a rejected promise, and is fair otherwise; the same seed gives the same choices", () => {
    expect(shown(Lwt.choose([Lwt.return(1), Lwt.wait<number>()[0], Lwt.fail(boom)]))).toBe('<Lwt: Fail Failure "boom">')
    const sample = (seed: number): number[] => {
      Lwt.seedChoices(seed)
      return Array.from({ length: 300 }, () => Lwt.poll(Lwt.choose([0, 1, 2].map(Lwt.return<number>)))!)
    }
    const choices = sample(42)
    for (const one of [0, 1, 2]) expect(choices.filter((choice) => choice === one).length).toBeGreaterThan(70)
    expect(sample(42)).toEqual(choices)
    expect(sample(43)).not.toEqual(choices)
  })

  it("32: choose lets the others go on", () => {
    const [p, u] = Lwt.task<number>()
    const [q, v] = Lwt.task<number>()
    const c = Lwt.choose([p, q])
    Lwt.wakeup(v, 2)
    expect([Lwt.poll(c), Lwt.isSleeping(p)]).toEqual([2, true])
    Lwt.wakeup(u, 1)
    expect(Lwt.poll(c)).toBe(2)
  })

  it("34: pick cancels the losers before it is resolved itself", () => {
    const [a] = Lwt.task<void>()
    const [b, u] = Lwt.task<void>()
    Lwt.onCancel(a, say("a cancelled"))
    const p = Lwt.pick([a, b])
    Lwt.onSuccess(b, say("b's later callback"))
    Lwt.onSuccess(p, say("picked"))
    Lwt.wakeup(u)
    expect(log).toEqual(["b's later callback", "a cancelled", "picked"])
  })

  it("35: pick with a failed promise fails, and cancels the pending ones", () => {
    const [a] = Lwt.task<number>()
    expect(shown(Lwt.pick([a, Lwt.return(1), Lwt.fail(boom)]))).toBe('<Lwt: Fail Failure "boom">')
    expect(shown(a)).toBe(canceled)
  })

  it("36: nchoose and npick give all that are fulfilled by then; nchooseSplit also the rest", () => {
    const [p] = Lwt.task<number>()
    const ps = (): Lwt.t<number>[] => [Lwt.return(1), p, Lwt.return(3)]
    expect(Lwt.poll(Lwt.nchoose(ps()))).toEqual([1, 3])
    expect(Lwt.poll(Lwt.nchooseSplit(ps()))).toEqual([[1, 3], [p]])
    expect(Lwt.poll(Lwt.npick(ps()))).toEqual([1, 3])
    expect(shown(p)).toBe(canceled)

    const [[q, u], [r, v], [s]] = [Lwt.wait<number>(), Lwt.wait<number>(), Lwt.wait<number>()]
    // r is resolved inside q's callbacks, before those of nchoose, which is older.
    const n = Lwt.nchoose([r, s, q])
    const split = Lwt.nchooseSplit([r, s, q])
    Lwt.onSuccess(q, () => Lwt.wakeupLater(v, 20))
    Lwt.wakeup(u, 10)
    expect(Lwt.poll(n)).toEqual([20, 10])
    expect(Lwt.poll(split)).toEqual([[20, 10], [s]])
  })
})

describe("storage", () => {
  const key = Lwt.newKey<string>()

  it("53: withValue reaches f and the callbacks registered in it, and nobody else", () => {
    const [p, u] = Lwt.wait<void>()
    const read = (): string => Lwt.get(key) ?? "-"
    const inside = Lwt.withValue(key, "v", () => {
      expect(read()).toBe("v")
      Lwt.withValue(key, undefined, () => expect(read()).toBe("-"))
      return [
        p.map(read),
        p.bind(() => Lwt.return(read())),
        Lwt.catch(
          () => p.bind(() => Lwt.fail(1)),
          () => Lwt.return(read()),
        ),
      ]
    })
    const outside = p.map(read)
    Lwt.onSuccess(p, () => log.push(read()))
    expect(read()).toBe("-")
    Lwt.wakeup(u)
    expect(inside.map(Lwt.poll)).toEqual(["v", "v", "v"])
    expect([Lwt.poll(outside), ...log]).toEqual(["-", "-"])
  })

  it("53: it reaches those who only watch, too", () => {
    const [ended, u] = Lwt.wait<void>()
    const [failed, v] = Lwt.wait<void>()
    const note = (): void => {
      log.push(Lwt.get(key))
    }
    Lwt.withValue(key, "v", () => {
      Lwt.onSuccess(ended, note)
      Lwt.onTermination(ended, note)
      Lwt.onFailure(failed, note)
      Lwt.onAny(failed, note, note)
    })
    Lwt.wakeup(u)
    Lwt.wakeupExn(v, boom)
    expect(log).toEqual(["v", "v", "v", "v"])
  })

  it.each<[string, (p: Lwt.t<void>, note: () => Lwt.t<void>) => unknown]>([
    ["bind", (p, note) => p.bind(note)],
    ["map", (p, note) => p.map(note)],
    ["catch", (p, note) => Lwt.catch(() => p, note)],
    ["tryBind", (p, note) => Lwt.tryBind(() => p, note, note)],
    ["finalize", (p, note) => Lwt.finalize(() => p, note)],
    ["onSuccess", Lwt.onSuccess],
    ["onFailure", Lwt.onFailure],
    ["onTermination", Lwt.onTermination],
    ["onAny", (p, note) => Lwt.onAny(p, note, note)],
  ])("53: %s without a storage does not see that of whoever resolves", (_, wait) => {
    for (const end of [(u: Lwt.u<void>) => Lwt.wakeup(u), (u: Lwt.u<void>) => Lwt.wakeupExn(u, boom)]) {
      const [p, u] = Lwt.wait<void>()
      wait(p, () => Lwt.return(void log.push(Lwt.get(key))))
      Lwt.withValue(key, "resolves", () => end(u))
    }
    expect(new Set(log)).toEqual(new Set([undefined]))
  })

  it("53: what is not a promise's callback sees what the callback before it, of the same promise, has left", () => {
    const [p, u] = Lwt.wait<void>()
    const note = (name: string) => () => {
      log.push([name, Lwt.get(key)])
      return Lwt.return()
    }
    Lwt.dontWait(() => p, note("handler"))
    const caught = Lwt.withValue(key, "caught", () => Lwt.catch(() => p, note("catch")))
    Lwt.withValue(key, "branch", () => Lwt.onSuccess(caught, note("branch")))
    Lwt.wakeupExn(u, boom)
    expect(log).toEqual([
      ["catch", "caught"],
      ["branch", "branch"],
      ["handler", "caught"],
    ])
    expect(Lwt.get(key)).toBe(undefined)
  })

  it("54: what was there is there again afterwards, also after an exception", () => {
    expect(() =>
      Lwt.withValue(key, "v", () => {
        throw boom
      }),
    ).toThrow(boom)
    expect(Lwt.get(key)).toBe(undefined)
    const [p, u] = Lwt.wait<void>()
    Lwt.withValue(key, "inner", () => p.map(() => Lwt.get(key)))
    Lwt.withValue(key, "outer", () => {
      Lwt.wakeup(u)
      expect(Lwt.get(key)).toBe("outer")
    })
  })
})

describe("deep in a chain of callbacks", () => {
  it("what is put off runs, though an error escapes from what was put off before it", () => {
    Lwt.asyncExceptionHook.set(hook)
    const putOff = (f: () => void): Lwt.t<void> =>
      Lwt.return().bind(() => {
        f()
        return Lwt.return()
      })
    const nest = (n: number): Lwt.t<unknown> => {
      if (n > 0) return Lwt.return().bind(() => nest(n - 1))
      putOff(() => Lwt.async(() => Lwt.fail(boom)))
      return putOff(say("second"))
    }
    expect(thrownBy(() => nest(256))).toBe("boom")
    expect(log).toEqual(["second"])
  })
})
