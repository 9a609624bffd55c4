// What cannot be seen of one promise alone: many that bind has made one, and long-lived ones on which races leave their traces.

import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { how } from "./how.ts"
import { forget, log, say } from "./log.ts"

beforeEach(forget)
afterEach(() => {
  Lwt.ExceptionFilter.set(Lwt.ExceptionFilter.handleAll)
})

/** What bind returns when its function, called later, returns `inner`. */
function standsFor<A>(inner: Lwt.t<A>, before: (outer: Lwt.t<A>) => void = () => {}): Lwt.t<A> {
  const [p, u] = Lwt.wait<void>()
  const outer = p.bind(() => inner)
  before(outer)
  Lwt.wakeup(u)
  return outer
}

interface Link {
  readonly next: Link | undefined
}

/** How many callbacks are in the ring of `p`, which is no proxy. */
function callbacks(p: Lwt.t<unknown>): number {
  const last = (p as never as { callbacks?: Link }).callbacks
  let n = 0
  for (let link = last; link !== undefined; link = link.next === last ? undefined : link.next) n++
  return n
}

/** A race that `p` loses. */
function lose(p: Lwt.t<unknown>): void {
  const [other, u] = Lwt.wait<unknown>()
  Lwt.choose([p, other])
  Lwt.wakeup(u, undefined)
}

describe("12: promises that are one", () => {
  /** `n` of them, each standing for one that was there before, and the resolver of all. */
  const chain = (n: number, before: "first" | "last" = "last"): [Lwt.t<number>[], Lwt.u<number>] => {
    const [first, u] = Lwt.task<number>()
    const promises = [first]
    while (promises.length < n) promises.push(standsFor(before === "first" ? first : promises.at(-1)!))
    return [promises, u]
  }

  it.each([
    [2, "first"],
    [3, "first"],
    [7, "first"],
    [3, "last"],
    [4, "last"],
    [7, "last"],
  ] as const)("are resolved together, all %i, and share their callbacks; the next stands for the %s", (n, before) => {
    const [promises, u] = chain(n, before)
    promises.forEach((p, i) => Lwt.onSuccess(p, say(i)))
    expect(promises.map(Lwt.isSleeping)).not.toContain(false)
    Lwt.wakeup(u, 5)
    expect(promises.map(how)).toEqual(promises.map(() => 5))
    expect(log).toEqual(promises.map((_, i) => i).reverse())
    promises.forEach((p, i) => Lwt.onSuccess(p, say(i)))
    expect(log.slice(n)).toEqual(promises.map((_, i) => i))
  })

  it("one that waits for what has become another's already is called when that is resolved", () => {
    const [inner, u] = Lwt.wait<number>()
    standsFor(inner)
    const outer = standsFor(inner, (p) => Lwt.onSuccess(p, (x) => log.push(x)))
    expect([log, how(outer)]).toEqual([[], "S"])
    Lwt.wakeup(u, 1)
    expect([log, how(outer)]).toEqual([[1], 1])
  })

  it("wait for the same in bind, map and catch", () => {
    const [promises, u] = chain(4)
    const next = promises.flatMap((p) => [
      p.bind((x) => Lwt.return(x + 1)),
      p.map((x) => x + 2),
      Lwt.catch(() => p, Lwt.fail).map((x) => x + 3),
    ])
    expect(next.map(how)).toEqual(next.map(() => "S"))
    Lwt.wakeup(u, 5)
    expect(next.map(how)).toEqual(promises.flatMap(() => [6, 7, 8]))
    expect(promises.map((p) => how(p.map((x) => x + 1)))).toEqual(promises.map(() => 6))
  })

  it("are cancelled together, whichever is", () => {
    for (let i = 0; i < 4; i++) {
      const promises = chain(4)[0]
      Lwt.cancel(promises[i]!)
      expect(promises.map(how)).toEqual(promises.map(() => "Canceled"))
    }
  })

  it("first what was waiting for the outer one, then what was waiting for the inner one, however young it is", () => {
    const sizes = [0, 1, 2, 3]
    for (const ours of sizes)
      for (const theirs of sizes) {
        forget()
        const [inner, u] = Lwt.wait<void>()
        const outer = standsFor(inner, (p) => {
          for (let i = 1; i <= ours; i++) Lwt.onSuccess(p, say(`outer ${i}`))
          for (let i = 1; i <= theirs; i++) Lwt.onSuccess(inner, say(`inner ${i}`))
        })
        Lwt.onSuccess(inner, say("newest"))
        Lwt.wakeup(u)
        const newestFirst = (n: number, name: string) => Array.from({ length: n }, (_, i) => `${name} ${n - i}`)
        expect(log).toEqual(["newest", ...newestFirst(ours, "outer"), ...newestFirst(theirs, "inner")])
        expect(how(outer)).toBe(undefined)
      }
  })

  const raise = (): never => {
    throw new Lwt.Failure("raised")
  }
  const forever = Lwt.wait<number>()[0]

  it.each<[string, (p: Lwt.t<number>) => Lwt.t<unknown>]>([
    ["task", (p) => p],
    ["bind", (p) => p.bind((x) => Lwt.return(x + 1))],
    ["bind, whose function throws", (p) => p.bind(raise)],
    ["map", (p) => p.map((x) => x + 1)],
    ["map, whose function throws", (p) => p.map(raise)],
    ["catch", (p) => Lwt.catch(() => p, raise)],
    ["tryBind", (p) => Lwt.tryBind(() => p, Lwt.return<number>, raise)],
    ["finalize", (p) => Lwt.finalize(() => p, Lwt.return)],
    ["finalize, whose cleanup throws", (p) => Lwt.finalize(() => p, raise)],
    ["both", (p) => Lwt.both(p, p)],
    ["join", (p) => Lwt.join([p.map(() => {})])],
    ["all", (p) => Lwt.all([p, Lwt.return(2)])],
    ["choose", (p) => Lwt.choose([p, forever])],
    ["pick", (p) => Lwt.pick([forever, p])],
    ["nchoose", (p) => Lwt.nchoose([p, forever])],
    ["npick", (p) => Lwt.npick([forever, p])],
    ["nchooseSplit", (p) => Lwt.nchooseSplit([p, p])],
    ["protected", Lwt.protected],
    ["noCancel", Lwt.noCancel],
    ["wrapInCancelable", Lwt.wrapInCancelable],
  ])("one of %s ends as it would have if neither it nor what it waits for had become another's", (_, make) => {
    const ends = [
      (u: Lwt.u<number>) => Lwt.wakeup(u, 1),
      (u: Lwt.u<number>) => Lwt.wakeupExn(u, new Lwt.NotFound()),
      (u: Lwt.u<number>) => Lwt.cancel(Lwt.waiterOfWakener(u)),
      (_: Lwt.u<number>, p: Lwt.t<unknown>) => Lwt.cancel(p),
    ]
    for (const end of ends) {
      const [p, u] = Lwt.task<number>()
      const alone = make(p)
      end(u, alone)
      const [q, v] = Lwt.task<number>()
      const inner = make(q)
      const outer = standsFor(inner)
      end(v, inner)
      expect([inner, outer, q].map(how)).toEqual([alone, alone, p].map(how))
      const [r, w] = Lwt.task<number>()
      const waits = make(r)
      standsFor(r)
      end(w, waits)
      expect([waits, r].map(how)).toEqual([alone, p].map(how))
    }
  })

  it("a hundred thousand in a row are found in one step once they have been walked along", { timeout: 20_000 }, () => {
    const [promises, u] = chain(100_000)
    for (let i = 0; i < 100_000; i++) Lwt.isSleeping(promises[0]!)
    Lwt.wakeup(u, 1)
    expect(how(promises[0]!)).toBe(1)
  })
})

describe("33: what lost races leave behind on a promise that lives on", () => {
  it("is gone at once where nobody else waits", () => {
    const [forever] = Lwt.wait<void>()
    for (let i = 0; i < 50; i++) {
      lose(forever)
      expect(callbacks(forever)).toBe(0)
    }
  })

  it("is cleaned up once in 43 times where others wait, as in OCaml: more often costs a walk, more rarely costs room", () => {
    const [forever] = Lwt.wait<void>()
    Lwt.onSuccess(forever, say("never"))
    for (let i = 1; i <= 200; i++) {
      lose(forever)
      expect(callbacks(forever)).toBe(1 + (i % 43))
    }
  })

  it("is cleaned up where it stands twice in a race, once it has nothing else, and once somebody waits", () => {
    const [p, u] = Lwt.wait<void>()
    const loseTwice = (): void => {
      const [other, v] = Lwt.wait<void>()
      Lwt.choose([p, p, other])
      Lwt.wakeup(v)
    }
    for (let i = 0; i < 100; i++) {
      loseTwice()
      expect(callbacks(p)).toBeLessThanOrEqual(43)
    }
    Lwt.onSuccess(p, say("still here"))
    for (let i = 0; i < 100; i++) {
      loseTwice()
      expect(callbacks(p)).toBeLessThanOrEqual(1 + 43)
    }
    Lwt.wakeup(u)
    expect(log).toEqual(["still here"])
  })

  it("and nothing else is: all that waits is still called, in its order", () => {
    const [p, u] = Lwt.task<number>()
    const one = (x: number): Lwt.t<number> => {
      say("bind")()
      return Lwt.return(x)
    }
    const waiting = [
      () => p.bind(one),
      () => p.map(say("map")),
      () =>
        Lwt.tryBind(
          () => p,
          (x) => Lwt.return(x),
          Lwt.fail,
        ),
      () => Lwt.join([p.map(() => {})]),
      () => Lwt.all([p, Lwt.return(2)]),
      () => Lwt.noCancel(p),
      () => Lwt.protected(p),
      () => Lwt.choose([p, Lwt.wait<number>()[0]]),
    ].map((make, i) => {
      for (let j = 0; j < 30; j++) lose(p)
      Lwt.onSuccess(p, say(i))
      return make()
    })
    for (let j = 0; j < 100; j++) lose(p)
    Lwt.wakeup(u, 1)
    expect(log).toEqual([7, 6, 5, 4, 3, 2, "map", 1, "bind", 0])
    expect(waiting.map(how)).toEqual([1, undefined, 1, undefined, [1, 2], 1, 1, 1])
  })

  it("is cleaned up although somebody has waited since, and it has been cleaned before", () => {
    const [p, u] = Lwt.wait<void>()
    for (let i = 0; i < 500; i++) {
      if (i % 100 === 0) Lwt.onSuccess(p, say(i))
      lose(p)
      expect(callbacks(p)).toBeLessThanOrEqual(1 + i / 100 + 43)
    }
    Lwt.wakeup(u)
    expect(log).toEqual([400, 300, 200, 100, 0])
  })

  it("is cleaned up when that promise has become another's meanwhile", () => {
    const [inner, u] = Lwt.wait<void>()
    const races = Array.from({ length: 1000 }, () => {
      const [p, end] = Lwt.wait<void>()
      Lwt.choose([inner, p])
      return end
    })
    const outer = standsFor(inner)
    Lwt.onSuccess(inner, say("still here"))
    for (const end of races) Lwt.wakeup(end)
    expect(callbacks(outer)).toBeLessThanOrEqual(1 + 43)
    Lwt.wakeup(u)
    expect(log).toEqual(["still here"])
  })

  it.each([1, 2, 40])("counts for the one that it becomes, after %i races", (races) => {
    const [first, u] = Lwt.wait<void>()
    let p = first
    Lwt.onSuccess(p, say("still here"))
    for (let i = 0; i < 500; i++) {
      if (i % races === 0) p = standsFor(p)
      lose(p)
      expect(callbacks(p)).toBe(1 + ((i + 1) % 43))
    }
    Lwt.wakeup(u)
    expect([how(p), log]).toEqual([undefined, ["still here"]])
  })
})

describe("19: what wakeupLater puts off", () => {
  it("waits for the outermost callback, also where a wakeup within it has ended", () => {
    const [[p, u], [q, v], [r, w]] = [Lwt.wait<void>(), Lwt.wait<void>(), Lwt.wait<void>()]
    Lwt.onSuccess(q, say("put off"))
    Lwt.onSuccess(r, say("within"))
    Lwt.onSuccess(p, () => {
      Lwt.wakeupLater(v)
      Lwt.wakeup(w)
      say("outermost ends")()
    })
    Lwt.wakeup(u)
    expect(log).toEqual(["within", "outermost ends", "put off"])
  })
})

describe("calls as deep as the stack allows", () => {
  /** Call `f` inside so many functions of bind. */
  const at = (depth: number, f: () => void): void => {
    const nest = (n: number): Lwt.t<void> => (n === 0 ? Lwt.return(f()) : Lwt.bind(Lwt.return(n - 1), nest))
    nest(depth)
  }

  it("a longer loop is done when it returns, even a hundred levels down", () => {
    const loop = (n: number): Lwt.t<string> => (n === 0 ? Lwt.return("done") : Lwt.bind(Lwt.return(n - 1), loop))
    at(100, () => log.push(how(loop(1000))))
    expect(log).toEqual(["done"])
  })

  it("54: leave the storage as it was, though an error escapes from what has been put off", () => {
    const key = Lwt.newKey<string>()
    const raise = (): never => {
      throw new Lwt.Failure("boom")
    }
    Lwt.ExceptionFilter.set(() => false)
    at(128, () => {
      const [p, u] = Lwt.wait<void>()
      const putOff = (): Lwt.t<void> => Lwt.return(at(127, () => Lwt.bind(Lwt.return(), raise)))
      Lwt.withValue(key, "inner", () => p.bind(putOff))
      expect(() => Lwt.wakeup(u)).toThrow("boom")
      log.push(Lwt.get(key))
    })
    expect(log).toEqual([undefined])
  })

  it("a hundred thousand that are put off at once are called oldest first", () => {
    const all = Array.from({ length: 100_000 }, (_, i) => i)
    at(256, () => {
      for (const i of all) Lwt.bind(Lwt.return(i), (x) => Lwt.return(say(x)()))
      expect(log).toEqual([])
    })
    expect(log).toEqual(all)
  })
})
