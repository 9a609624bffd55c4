// Mutexes, conditions, mailboxes, switches and pools, by the items of the conformance list in the reference (section 5.2).

import { beforeEach, describe, expect, it } from "vitest"
import * as LwtCondition from "../../../src/mirage/lwt/condition.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMutex from "../../../src/mirage/lwt/mutex.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import * as LwtPool from "../../../src/mirage/lwt/pool.ts"
import * as LwtSwitch from "../../../src/mirage/lwt/switch.ts"
import { how } from "./how.ts"
import { forget, log, say } from "./log.ts"

beforeEach(forget)

describe("64: LwtMutex", () => {
  it("is handed from one to the next, first come first served", () => {
    const m = LwtMutex.create()
    expect([LwtMutex.isLocked(m), how(LwtMutex.lock(m))]).toEqual([false, undefined])
    for (const i of [1, 2, 3]) Lwt.onSuccess(LwtMutex.lock(m), say(i))
    expect([LwtMutex.isEmpty(m), log]).toEqual([false, []])
    for (let i = 0; i < 3; i++) {
      LwtMutex.unlock(m)
      expect([LwtMutex.isLocked(m), log.length]).toEqual([true, i + 1])
    }
    LwtMutex.unlock(m)
    LwtMutex.unlock(m)
    expect([LwtMutex.isLocked(m), LwtMutex.isEmpty(m), log]).toEqual([false, true, [1, 2, 3]])
  })

  it("passes over a waiter that was cancelled; one who has been given it cannot be cancelled any more", () => {
    const m = LwtMutex.create()
    LwtMutex.lock(m)
    const [a, b] = [LwtMutex.lock(m), LwtMutex.lock(m)]
    Lwt.cancel(a)
    LwtMutex.unlock(m)
    Lwt.cancel(b)
    expect([how(a), how(b), LwtMutex.isLocked(m)]).toEqual(["Canceled", undefined, true])
  })

  it("passes over those that were cancelled in the middle of the line and at its end, and new ones come after the others", () => {
    const m = LwtMutex.create()
    LwtMutex.lock(m)
    const waiting = [1, 2, 3, 4].map((i) => LwtMutex.lock(m).map(say(i)))
    for (const i of [3, 1]) Lwt.cancel(waiting[i]!)
    waiting.push(LwtMutex.lock(m).map(say(5)))
    while (LwtMutex.isLocked(m)) LwtMutex.unlock(m)
    expect([log, waiting.map(how)]).toEqual([
      [1, 3, 5],
      [undefined, "Canceled", undefined, "Canceled", undefined],
    ])
  })

  it("is free again when it has passed over the last in line, who was cancelled", () => {
    const m = LwtMutex.create()
    LwtMutex.lock(m)
    const waiting = [1, 2, 3].map((i) => LwtMutex.lock(m).map(say(i)))
    Lwt.cancel(waiting[2]!)
    for (let i = 0; i < 3; i++) LwtMutex.unlock(m)
    expect([log, LwtMutex.isLocked(m), LwtMutex.isEmpty(m)]).toEqual([[1, 2], false, true])
  })

  it("is given to one whose promise has become another's, through bind", () => {
    const m = LwtMutex.create()
    LwtMutex.lock(m)
    const [p, u] = Lwt.wait<void>()
    const locked = p.bind(() => LwtMutex.lock(m))
    Lwt.wakeup(u)
    expect(how(locked)).toBe("S")
    LwtMutex.unlock(m)
    expect([how(locked), LwtMutex.isLocked(m)]).toEqual([undefined, true])
  })

  it("withLock unlocks however its function ends", () => {
    const m = LwtMutex.create()
    const [p, u] = Lwt.wait<void>()
    const [first, second, third] = [
      LwtMutex.withLock(m, () => p),
      LwtMutex.withLock(m, () => {
        throw new Lwt.Failure("x")
      }),
      LwtMutex.withLock(m, () => Lwt.return(LwtMutex.isLocked(m))),
    ]
    expect([first, second, third].map(how)).toEqual(["S", "S", "S"])
    Lwt.wakeupExn(u, new Lwt.Failure("y"))
    expect([first, second, third].map(how)).toEqual(["Failure", "Failure", true])
    expect(LwtMutex.isLocked(m)).toBe(false)
  })
})

describe("65: LwtCondition", () => {
  it("loses a signal that nobody waits for; wakes the oldest waiter", () => {
    const c = LwtCondition.create<number>()
    LwtCondition.signal(c, 1)
    const [a, b] = [LwtCondition.wait(c), LwtCondition.wait(c)]
    LwtCondition.signal(c, 2)
    expect([how(a), how(b)]).toEqual([2, "S"])
  })

  it("broadcasts to all, in order; those who wait again because of it are not meant", () => {
    const c = LwtCondition.create<void>()
    const again = LwtCondition.wait(c).bind(() => {
      say(1)()
      return LwtCondition.wait(c)
    })
    for (const i of [2, 3]) Lwt.onSuccess(LwtCondition.wait(c), say(i))
    LwtCondition.broadcast(c)
    expect([how(again), log]).toEqual(["S", [1, 2, 3]])
    const failing = LwtCondition.wait(c)
    LwtCondition.broadcastExn(c, new Lwt.Failure("x"))
    expect([how(again), how(failing)]).toEqual(["Failure", "Failure"])
  })

  it("releases the mutex while it waits, and has it again afterwards, also when waiting fails", () => {
    for (const wake of [
      (c: LwtCondition.t<void>) => LwtCondition.signal(c),
      (c: LwtCondition.t<void>) => LwtCondition.broadcastExn(c, new Lwt.Failure("x")),
    ]) {
      const [c, mutex] = [LwtCondition.create<void>(), LwtMutex.create()]
      LwtMutex.lock(mutex)
      const waiting = LwtCondition.wait(c, { mutex })
      expect(LwtMutex.isLocked(mutex)).toBe(false)
      LwtMutex.lock(mutex)
      wake(c)
      expect(how(waiting)).toBe("S")
      LwtMutex.unlock(mutex)
      expect([how(waiting) === "S", LwtMutex.isLocked(mutex)]).toEqual([false, true])
    }
  })
})

describe("66: LwtMvar", () => {
  it("holds one value; readers and writers stand in line", () => {
    const m = LwtMvar.create(1)
    expect(LwtMvar.isEmpty(m)).toBe(false)
    const writes = [2, 3].map((n) => LwtMvar.put(m, n))
    expect(writes.map(how)).toEqual(["S", "S"])
    expect(how(LwtMvar.take(m))).toBe(1)
    // The first writer's value went in at once.
    expect([...writes.map(how), LwtMvar.takeAvailable(m)]).toEqual([undefined, "S", 2])
    expect([how(LwtMvar.take(m)), LwtMvar.isEmpty(m), LwtMvar.takeAvailable(m)]).toEqual([3, true, undefined])
    const reads = [LwtMvar.take(m), LwtMvar.take(m)]
    expect(how(LwtMvar.put(m, 4))).toBe(undefined)
    expect([...reads.map(how), LwtMvar.isEmpty(m)]).toEqual([4, "S", true])
  })

  it("a cancelled writer's value never appears, and a cancelled reader gets none", () => {
    const m = LwtMvar.create("a")
    const [b, c] = [LwtMvar.put(m, "b"), LwtMvar.put(m, "c")]
    Lwt.cancel(b)
    expect([how(LwtMvar.take(m)), how(LwtMvar.take(m)), how(c)]).toEqual(["a", "c", undefined])
    const [x, y] = [LwtMvar.take(m), LwtMvar.take(m)]
    Lwt.cancel(x)
    LwtMvar.put(m, "d")
    expect([how(x), how(y)]).toEqual(["Canceled", "d"])
  })

  it("a value may be undefined", () => {
    const m = LwtMvar.createEmpty<void>()
    LwtMvar.put(m, undefined)
    expect([LwtMvar.isEmpty(m), how(LwtMvar.put(m, undefined))]).toEqual([false, "S"])
  })
})

// What follows is what OCaml's Lwt does. Cancelling `all` of them rejects all, and then runs the callbacks of the last first.
describe("64, 66: one who was cancelled together with another, and is served by that one's callbacks", () => {
  const cancelBoth = (p: Lwt.t<unknown>, q: Lwt.t<unknown>): void => Lwt.cancel(Lwt.all([p, q]))

  it("of a mutex: takes it to the grave", () => {
    const m = LwtMutex.create()
    const holder = LwtMutex.withLock(m, () => Lwt.task()[0])
    const [a, b] = [LwtMutex.lock(m), LwtMutex.lock(m)]
    cancelBoth(a, holder)
    expect([a, holder, b].map(how)).toEqual(["Canceled", "Canceled", "S"])
    expect([LwtMutex.isLocked(m), LwtMutex.isEmpty(m)]).toEqual([true, false])
    LwtMutex.unlock(m)
    expect([how(b), LwtMutex.isLocked(m), LwtMutex.isEmpty(m)]).toEqual([undefined, true, true])
  })

  it("of a mutex: leaves the line as it is, those in it and those who come later", () => {
    const m = LwtMutex.create()
    const holder = LwtMutex.withLock(m, () => Lwt.task()[0])
    const served = LwtMutex.lock(m)
    for (const i of [1, 2]) Lwt.onSuccess(LwtMutex.lock(m), say(i))
    cancelBoth(served, holder)
    Lwt.onSuccess(LwtMutex.lock(m), say(3))
    while (LwtMutex.isLocked(m)) LwtMutex.unlock(m)
    expect(log).toEqual([1, 2, 3])
  })

  it("a reader of a mailbox: the value is lost, and the next reader waits for the next one", () => {
    const m = LwtMvar.createEmpty<number>()
    const [a, b] = [LwtMvar.take(m), LwtMvar.take(m)]
    const writer = Lwt.catch(
      () => Lwt.task<void>()[0],
      () => LwtMvar.put(m, 1),
    )
    cancelBoth(a, writer)
    expect([...[a, b, writer].map(how), LwtMvar.isEmpty(m)]).toEqual(["Canceled", "S", undefined, true])
    LwtMvar.put(m, 2)
    expect([how(b), LwtMvar.isEmpty(m)]).toEqual([2, true])
  })

  it("a writer to a mailbox: is rejected, but the value is in", () => {
    const m = LwtMvar.create(0)
    const [a, b] = [LwtMvar.put(m, 1), LwtMvar.put(m, 2)]
    const reader = Lwt.catch(
      () => Lwt.task<number>()[0],
      () => LwtMvar.take(m),
    )
    cancelBoth(a, reader)
    expect([a, b, reader].map(how)).toEqual(["Canceled", "S", 0])
    expect([how(LwtMvar.take(m)), how(b), how(LwtMvar.take(m)), LwtMvar.isEmpty(m)]).toEqual([1, undefined, 2, true])
  })
})

describe("67: LwtSwitch", () => {
  it("is off before its hooks run; starts them newest first and waits for all", () => {
    const s = LwtSwitch.create()
    const [p, u] = Lwt.wait<void>()
    LwtSwitch.addHook(s, () => p.map(say("1 ends")))
    LwtSwitch.addHook(s, () => {
      say(`2, ${LwtSwitch.isOn(s)}`)()
      return Lwt.failWith("x")
    })
    LwtSwitch.addHook(s, () => Lwt.return(say(3)()))
    const off = LwtSwitch.turnOff(s)
    expect([how(off), log]).toEqual(["S", [3, "2, false"]])
    Lwt.wakeup(u)
    expect([how(off), log.at(-1)]).toEqual(["Failure", "1 ends"])
    expect(how(LwtSwitch.turnOff(s))).toBe(undefined)
    expect(() => LwtSwitch.addHook(s, Lwt.return)).toThrow(LwtSwitch.Off)
    expect(() => LwtSwitch.check(s)).toThrow(LwtSwitch.Off)
    LwtSwitch.addHookOrExec(s, () => Lwt.return(say("at once")()))
    expect(log.at(-1)).toBe("at once")
  })

  it("may be left out; withSwitch turns its own off, however its function ends", () => {
    LwtSwitch.check(undefined)
    LwtSwitch.addHook(undefined, (): never => expect.fail())
    expect(how(LwtSwitch.addHookOrExec(undefined, (): never => expect.fail()))).toBe(undefined)
    const failing = LwtSwitch.withSwitch((s) => {
      LwtSwitch.check(s)
      LwtSwitch.addHookOrExec(s, () => Lwt.return(say("off")()))
      throw new Lwt.Failure("x")
    })
    expect([how(failing), log]).toEqual(["Failure", ["off"]])
  })
})

describe("68: LwtPool", () => {
  let made = 0
  const pool = (n: number, options: LwtPool.Options<number> = {}): LwtPool.t<number> => {
    made = 0
    return LwtPool.create(n, () => Lwt.return(++made), { dispose: (x) => Lwt.return(say(`bye ${x}`)()), ...options })
  }

  it("makes members when they are needed, at most n, and lends them again; first come first served", () => {
    const p = pool(2)
    const held: Lwt.u<void>[] = []
    const users = [0, 1, 2, 3].map(() =>
      LwtPool.use(p, (x) => {
        const [q, u] = Lwt.wait<void>()
        held.push(u)
        return q.map(() => x)
      }),
    )
    expect([made, held.length, LwtPool.waitQueueLength(p)]).toEqual([2, 2, 2])
    for (let i = 0; i < 4; i++) Lwt.wakeup(held[i]!)
    expect([users.map(how), made]).toEqual([[1, 2, 1, 2], 2])
  })

  it("asks whether a member is still good before it lends it again", () => {
    let answer: () => Lwt.t<boolean> = () => Lwt.return(true)
    const p = pool(1, { validate: () => answer() })
    const use = (): unknown => how(LwtPool.use(p, Lwt.return<number>))
    expect([use(), use()]).toEqual([1, 1])
    answer = () => Lwt.return(false)
    expect([use(), log]).toEqual([2, ["bye 1"]])
    answer = () => Lwt.failWith("x")
    expect([use(), log.at(-1)]).toEqual(["Failure", "bye 2"])
    answer = () => Lwt.return(true)
    expect(use()).toBe(3)
  })

  it("makes a member for the next in line in the place of one about which nothing could be found out", () => {
    for (const fails of [false, true]) {
      let answers = 0
      let make: () => Lwt.t<number> = () => Lwt.return(1)
      const validate = (): Lwt.t<boolean> => (++answers === 1 ? Lwt.failWith("no answer") : Lwt.return(true))
      const p = LwtPool.create(1, () => make(), { validate })
      const [held, u] = Lwt.wait<void>()
      LwtPool.use(p, () => held)
      const [next, after] = [LwtPool.use(p, Lwt.return<number>), LwtPool.use(p, Lwt.return<number>)]
      make = () => (fails ? Lwt.fail(new RangeError("no more")) : Lwt.return(2))
      Lwt.wakeup(u)
      expect([how(next), how(after), LwtPool.waitQueueLength(p)]).toEqual(["Failure", fails ? "RangeError" : 2, 0])
    }
  })

  it.each<[string, LwtPool.Options<number>, number]>([
    ["keeps the member if the check says so", { check: (_, isOk) => isOk(true) }, 1],
    ["disposes of it if the check says so", { check: (_, isOk) => isOk(false) }, 2],
    ["disposes of it if the check does not say", { check: () => {} }, 2],
    ["keeps it if there is no check", {}, 1],
  ])("after a failure %s", (_, options, member) => {
    const p = pool(1, options)
    expect(how(LwtPool.use(p, () => Lwt.failWith("x")))).toBe("Failure")
    expect(how(LwtPool.use(p, Lwt.return<number>))).toBe(member)
  })

  it("clear disposes of idle members now, and of lent ones when they come back", () => {
    const p = pool(2)
    const [q, u] = Lwt.wait<void>()
    const lent = LwtPool.use(p, (x) => q.map(() => x))
    LwtPool.use(p, Lwt.return<number>)
    LwtPool.clear(p)
    expect([how(lent), log]).toEqual(["S", ["bye 2"]])
    Lwt.wakeup(u)
    expect([how(lent), log, how(LwtPool.use(p, Lwt.return<number>))]).toEqual([1, ["bye 2", "bye 1"], 3])
  })

  it("a failure to make a member leaves room for the next", () => {
    let fails = true
    const p = LwtPool.create(1, () => (fails ? Lwt.failWith("x") : Lwt.return("ok")))
    expect(how(LwtPool.use(p, Lwt.return<string>))).toBe("Failure")
    fails = false
    expect(how(LwtPool.use(p, Lwt.return<string>))).toBe("ok")
  })
})
