import { afterEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import { type ThreadEvent, watchThreads } from "../../../src/mirage/os/threads.ts"
import { Engine } from "../../../src/mirage/os/engine.ts"
import { testHost } from "../../support/host.ts"

let stop = (): void => {}
afterEach(() => stop())

/** Watch, from here on, promises made while `site.now` is a number. */
function watch(limit?: number) {
  const engine = new Engine(testHost().host)
  const events: ThreadEvent[] = []
  const site: { now: number | undefined } = { now: 0 }
  stop = watchThreads({ now: () => engine.now(), where: () => site.now, event: (e) => events.push(e) }, limit)
  return { engine, events, site }
}

/** Without what every event has. */
const told = (events: readonly ThreadEvent[]): string[] =>
  events.map((e) => {
    const by = "by" in e ? ` by ${e.by}` : "site" in e && e.tag !== "made" ? ` at ${e.site}` : ""
    const rest =
      e.tag === "made"
        ? ` for ${e.waitsFor.join()}`
        : e.tag === "became"
          ? ` ${e.inner}`
          : e.tag === "sleeps"
            ? ` ${e.until}`
            : ""
    return `${e.tag}${"id" in e ? ` ${e.id}` : ""}${rest}${by}`.replace(/ for $/, "")
  })

describe("watchThreads", () => {
  it("tells of a sleep and what waits for it, with times", async () => {
    const { engine, events } = watch()
    await engine.run(engine.sleep(2).map(() => 1))
    expect(told(events)).toEqual(["made 0", "sleeps 0 2000", "made 1 for 0", "fulfilled 0 at 0", "fulfilled 1 by 0"])
    expect(events.map((e) => ("time" in e ? e.time : undefined))).toEqual([0, undefined, 0, 2000, 2000])
  })

  it("says nothing of promises that nobody has made in the reader's code, nor of resolved ones", () => {
    const { events, site } = watch()
    Lwt.return(1).bind(() => Lwt.fail(new Error("no")))
    site.now = undefined
    const [p, u] = Lwt.wait<number>()
    const q = p.map((n) => n + 1)
    Lwt.wakeup(u, 1)
    expect(Lwt.poll(q)).toBe(2)
    expect(events).toEqual([])
  })

  it("follows a rejection along a chain, with its error", () => {
    const { events } = watch()
    const [p, u] = Lwt.wait<number>()
    const q = p.map(() => {
      throw new Lwt.Failure("no")
    })
    Lwt.catch(
      () => q,
      () => Lwt.return(0),
    )
    Lwt.wakeup(u, 1)
    expect(told(events).slice(3)).toEqual(["fulfilled 0 at 0", "rejected 1 by 0", "fulfilled 2 by 1"])
    expect(events.find((e) => e.tag === "rejected")).toMatchObject({ error: 'Failure "no"' })
  })

  it("follows cancelling backwards, and the rejection forwards", () => {
    const { engine, events } = watch()
    const p = engine.sleep(1)
    const q = p.map(() => {})
    Lwt.cancel(q.map(() => {}))
    expect(told(events).slice(4)).toEqual([
      "cancels 2 at 0",
      "cancelled 0 by 2",
      "cancelled 1 by 0",
      "cancelled 2 by 1",
    ])
  })

  it("says who won a pick, and that the winner cancels the others", async () => {
    const { engine, events } = watch()
    await engine.run(Lwt.pick([engine.sleep(1).map(() => "a"), engine.sleep(2).map(() => "b")]))
    expect(told(events).slice(-6)).toEqual([
      "fulfilled 0 at 0",
      "fulfilled 1 by 0",
      "cancels 3 by 1",
      "cancelled 2 by 3",
      "cancelled 3 by 2",
      "fulfilled 4 by 1",
    ])
  })

  it("says that what bind made and what its function made are one", async () => {
    const { engine, events } = watch()
    await engine.run(engine.sleep(1).bind(() => engine.sleep(1)))
    expect(told(events).slice(3)).toEqual([
      "fulfilled 0 at 0",
      "made 2",
      "sleeps 2 2000",
      "became 1 2",
      "fulfilled 1 at 0",
    ])
  })

  it("knows whose callback runs again when one that was called inside it has ended", () => {
    const { events } = watch()
    const [p, u] = Lwt.wait<void>()
    const [q, v] = Lwt.wait<void>()
    const [r, w] = Lwt.wait<void>()
    Lwt.onSuccess(q, () => {})
    Lwt.onSuccess(p, () => {
      Lwt.wakeup(v)
      Lwt.wakeup(w)
    })
    Lwt.wakeup(u)
    expect(Lwt.isSleeping(r)).toBe(false)
    expect(told(events).slice(3)).toEqual(["fulfilled 0 at 0", "fulfilled 1 by 0", "fulfilled 2 by 0"])
  })

  it("stops telling of new ones after so many, says so once, and tells the end of those it knows", () => {
    const { events } = watch(2)
    const made = Array.from({ length: 5 }, () => Lwt.wait<void>())
    for (const [, u] of made) Lwt.wakeup(u)
    expect(told(events)).toEqual(["made 0", "made 1", "cut", "fulfilled 0 at 0", "fulfilled 1 at 0"])
  })

  it("says in whose name a promise was made, also by a callback that runs later", () => {
    const { events } = watch()
    const [p, u] = Lwt.wait<void>()
    const inner = Lwt.withTracingContext("request 7", () => p.bind(() => Lwt.task<void>()[0]))
    p.map(() => {})
    Lwt.wakeup(u)
    expect(Lwt.isSleeping(inner)).toBe(true)
    expect(events.flatMap((e) => (e.tag === "made" ? [[e.id, e.context]] : []))).toEqual([
      [0, undefined],
      [1, "request 7"],
      [2, undefined],
      [3, "request 7"],
    ])
  })

  it("changes nothing about what happens", async () => {
    const program = async (engine: Engine): Promise<string[]> => {
      const log: string[] = []
      const box = LwtMvar.createEmpty<number>()
      const put = (n: number): Lwt.t<void> => (n === 0 ? Lwt.return() : LwtMvar.put(box, n).bind(() => put(n - 1)))
      const take = (n: number): Lwt.t<void> =>
        n === 0
          ? Lwt.return()
          : LwtMvar.take(box).bind(
              (x) => (log.push(`${x} at ${engine.now()}`), engine.sleep(1).bind(() => take(n - 1))),
            )
      await engine.run(Lwt.pick([Lwt.join([put(9), take(9)]), engine.sleep(5).map(() => void log.push("late"))]))
      return log
    }
    const { engine, events } = watch()
    const watched = await program(engine)
    stop()
    const seen = events.length
    expect(await program(new Engine(testHost().host))).toEqual(watched)
    expect(events.length).toBe(seen)
    expect(watched.at(-1)).toBe("late")
  })
})
