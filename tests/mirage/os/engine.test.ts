// The clock, the timers and the main loop.

import { beforeEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { Deadlock, type Engine } from "../../../src/mirage/os/engine.ts"
import type { Host } from "../../../src/mirage/os/host.ts"
import * as OS from "../../../src/mirage/os/os.ts"
import { type TestHost, testHost } from "../../support/host.ts"

let engine: Engine
let host: TestHost
let log: unknown[]
const say = (x: unknown) => () => {
  log.push(x)
}

beforeEach(() => {
  host = testHost()
  engine = OS.install(host.host)
  log = []
})

describe("time", () => {
  it("stands still while code runs, and moves from timer to timer", async () => {
    const tick = (n: number): Lwt.t<void> => {
      log.push(engine.now())
      return n === 0 ? Lwt.return() : OS.Time.sleep(0.25).bind(() => tick(n - 1))
    }
    await engine.run(tick(3))
    expect(log).toEqual([0, 250, 500, 750])
    expect(host.paced).toEqual([250, 250, 250])
  })

  it("58: what was paused goes before a sleep of no seconds", async () => {
    const zero = OS.Time.sleep(0).map(say("sleep 0"))
    const paused = Lwt.pause().map(say("pause"))
    await OS.run(Lwt.join([zero, paused]))
    expect(log).toEqual(["pause", "sleep 0"])
    expect(OS.Clock.now()).toBe(0)
  })

  it("59: timers with one deadline go in the order of their making, whatever was cancelled between them", async () => {
    const sleeps = Array.from({ length: 40 }, (_, i) => engine.sleep(i % 4 === 3 ? 1 : 2).map(say(i)))
    for (let i = 0; i < 40; i += 5) Lwt.cancel(sleeps[i]!)
    await engine.run(engine.sleep(2))
    const kept = Array.from({ length: 40 }, (_, i) => i).filter((i) => i % 5 !== 0)
    expect(log).toEqual([...kept.filter((i) => i % 4 === 3), ...kept.filter((i) => i % 4 !== 3)])
  })

  it("60: never early, and never out of order, for many random deadlines", async () => {
    const due = Array.from({ length: 2000 }, () => engine.random.int(500))
    const ends: number[] = []
    await engine.run(
      Lwt.join(
        due.map((ms) =>
          engine.sleep(ms / 1000).map(() => {
            ends.push(ms)
            expect(engine.now()).toBeCloseTo(ms, 9)
          }),
        ),
      ),
    )
    expect(ends).toEqual(due.toSorted((a, b) => a - b))
  })

  it("61: a cancelled sleep leaves no timer behind", async () => {
    const long = engine.sleep(1000)
    Lwt.cancel(long)
    expect(Lwt.state(long)).toMatchObject({ tag: "Fail" })
    await engine.run(engine.sleep(1))
    await expect(engine.run(Lwt.wait<void>()[0])).rejects.toThrow(Deadlock)
    expect(engine.now()).toBe(1000)
  })

  it("62: withTimeout gives the value, or fails with Timeout and cancels", async () => {
    expect(await OS.run(OS.Time.withTimeout(1, () => OS.Time.sleep(0.5).map(() => "in time")))).toBe("in time")
    const late = OS.Time.sleep(5)
    await expect(OS.run(OS.Time.withTimeout(1, () => late))).rejects.toThrow(OS.Timeout)
    expect(Lwt.state(late)).toMatchObject({ tag: "Fail", error: { name: "Canceled" } })
    expect(OS.Clock.now()).toBe(1500)
  })

  it("a timer made by a timer that is due goes in the next round, after what is paused", async () => {
    engine.at(100, () => {
      say("first")()
      engine.at(0, say("made by first"))
      Lwt.async(() => Lwt.pause().map(say("paused by first")))
    })
    engine.at(100, say("second"))
    await engine.run(engine.sleep(1))
    expect(log).toEqual(["first", "second", "paused by first", "made by first"])
  })

  it("sleeps of odd lengths: negative is none, Infinity never ends, NaN is a mistake", async () => {
    await engine.run(engine.sleep(-3))
    expect(engine.now()).toBe(0)
    await expect(engine.run(engine.sleep(Infinity))).rejects.toThrow(Deadlock)
    expect(() => engine.sleep(Number.NaN)).toThrow(RangeError)
  })

  it("passes for a program that polls the clock, by pause or by sleeping for no time", async () => {
    const poll = (turn: () => Lwt.t<void>, until: number): Lwt.t<void> =>
      engine.now() >= until ? Lwt.return() : turn().bind(() => poll(turn, until))
    await engine.run(poll(Lwt.pause, 5))
    await engine.run(poll(() => engine.sleep(0), 10))
    expect(engine.now()).toBe(10)
  })

  it("a host that was woken says how much has passed, or nothing has", async () => {
    const paces = [30, undefined, undefined]
    const slow: Host = {
      ...host.host,
      async pace(ms, wake) {
        log.push(ms)
        const passed = paces.shift()
        if (log.length < 3) {
          engine.poke()
          await wake
        }
        return passed
      },
    }
    engine = OS.install(slow)
    await engine.run(engine.sleep(0.1))
    expect(log).toEqual([100, 70, 70])
    expect(engine.now()).toBe(100)
  })
})

describe("run", () => {
  it("63: settles as the promise does", async () => {
    expect(await engine.run(Lwt.return(3))).toBe(3)
    await expect(engine.run(engine.sleep(1).bind(() => Lwt.failWith("x")))).rejects.toThrow("x")
  })

  it("63: refuses to be nested, or to be called again before it has ended", async () => {
    const nested = engine.run(engine.sleep(1).bind(() => Lwt.ofPromise(engine.run(Lwt.return(1)))))
    expect(() => engine.run(Lwt.return(1))).toThrow(/Is an `await` missing before it/)
    await expect(nested).rejects.toThrow(/another OS.run is going on/)
    expect(await engine.run(Lwt.return(2))).toBe(2)
  })

  it("rejects with Deadlock when nothing can resolve the promise", async () => {
    await expect(engine.run(Lwt.wait<void>()[0])).rejects.toThrow("the program waits for ever")
  })

  it("is not deadlocked while something is held; what comes from outside goes on with a poke", async () => {
    const [p, u] = Lwt.wait<string>()
    const letGo = engine.hold()
    const running = engine.run(p.bind((x) => engine.sleep(1).map(() => x)))
    await new Promise((resolve) => setImmediate(resolve))
    expect(host.paced).toEqual([Infinity])
    Lwt.wakeup(u, "from outside")
    engine.poke()
    expect(await running).toBe("from outside")
    const waiting = engine.run(Lwt.wait<void>()[0])
    letGo()
    letGo()
    await expect(waiting).rejects.toThrow(Deadlock)
  })

  it("is not deadlocked while a promise of JavaScript is awaited", async () => {
    const p = Lwt.ofPromise(new Promise<number>((resolve) => setImmediate(() => resolve(4))))
    expect(await engine.run(p.bind((x) => engine.sleep(1).map(() => x)))).toBe(4)
  })

  it("an exception that nobody handles ends it; a hook of the reader's own gets it instead", async () => {
    const program = (): Lwt.t<string> => {
      Lwt.async(() => engine.sleep(1).bind(() => Lwt.failWith("uncaught")))
      return engine.sleep(2).map(() => "survived")
    }
    await expect(engine.run(program())).rejects.toThrow("uncaught")
    const hook = Lwt.asyncExceptionHook.get()
    Lwt.asyncExceptionHook.set((error) => log.push((error as Error).message))
    engine.at(engine.now() + 500, () => {
      throw new Error("in a timer")
    })
    expect(await engine.run(program())).toBe("survived")
    Lwt.asyncExceptionHook.set(hook)
    expect(log).toEqual(["in a timer", "uncaught"])
    expect(hook).toBe(Lwt.defaultHook)
  })

  it("an exception after the last promise was resolved is printed", async () => {
    const p = engine.sleep(1)
    engine.at(1000, () => {
      throw new Lwt.Failure("too late")
    })
    await engine.run(p)
    expect(host.printed()).toBe('Fatal error: exception Failure "too late"\n')
  })

  it("a host that fails ends it", async () => {
    engine = OS.install({ ...host.host, pace: () => Promise.reject(new Error("stopped")) })
    await expect(engine.run(engine.sleep(1))).rejects.toThrow("stopped")
  })

  it("attend goes on beside a run, each ends by itself, and nobody is deadlocked meanwhile", async () => {
    const order: string[] = []
    const run = engine.run(engine.sleep(2)).then(() => order.push("run"))
    const [p, u] = Lwt.wait<void>()
    const shell = engine.attend(p).then(() => order.push("shell"))
    const brief = engine.attend(engine.sleep(1)).then(() => order.push("brief"))
    await Promise.all([run, brief])
    await new Promise((resolve) => setImmediate(resolve))
    Lwt.wakeup(u)
    await shell
    expect(order).toEqual(["brief", "run", "shell"])
    expect(engine.now()).toBe(2000)
  })

  it("a hundred thousand sleepers, and half of them cancelled", async () => {
    const sleeps = Array.from({ length: 100_000 }, (_, i) => engine.sleep(((i * 7919) % 10_007) / 1000))
    sleeps.forEach((p, i) => i % 2 === 0 && Lwt.cancel(p))
    let woken = 0
    for (const p of sleeps) Lwt.onSuccess(p, () => woken++)
    await engine.run(engine.sleep(11))
    expect(woken).toBe(50_000)
    expect(host.paced.length).toBeLessThanOrEqual(10_008)
  })
})

describe("OS", () => {
  it("is the machine that was installed last; its random numbers come from the seed", () => {
    const draw = (seed: number): unknown => {
      OS.install(testHost(seed).host)
      return [OS.Random.int(1000), OS.Random.int(2 ** 32), [...OS.Random.generate(6)]]
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })
})
