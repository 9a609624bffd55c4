// Pause: who has a turn, and when. A number in a name is the item's in the conformance list of the reference (section 5.2).

import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { how } from "./how.ts"
import { forget, log, say } from "./log.ts"

beforeEach(forget)
afterEach(() => {
  Lwt.abandonPaused()
  Lwt.ExceptionFilter.set(Lwt.ExceptionFilter.handleAll)
})

// Only the first test of a file sees how a program begins.
it("a program begins with nobody who has paused, and a round leaves nobody", () => {
  expect(Lwt.pausedCount()).toBe(0)
  Lwt.wakeupPaused()
  expect(Lwt.pausedCount()).toBe(0)
  for (const i of [1, 2]) {
    Lwt.onSuccess(Lwt.pause(), say(i))
    Lwt.wakeupPaused()
    expect([log.at(-1), Lwt.pausedCount()]).toEqual([i, 0])
  }
})

describe("pause", () => {
  it("55, 56: all are resolved in order by the next round; new ones wait for the one after", () => {
    for (const i of [1, 2]) Lwt.onSuccess(Lwt.pause(), say(i))
    Lwt.onSuccess(
      Lwt.pause().bind(() => Lwt.pause()),
      say("next round"),
    )
    expect(log).toEqual([])
    Lwt.wakeupPaused()
    expect(log).toEqual([1, 2])
    Lwt.wakeupPaused()
    expect(log).toEqual([1, 2, "next round"])
  })

  it("57: they are counted, and the notifier hears of each; a cancelled one is not resolved", () => {
    Lwt.registerPauseNotifier((n) => log.push(n))
    const p = Lwt.pause()
    Lwt.pause()
    Lwt.registerPauseNotifier(() => {})
    Lwt.cancel(p)
    expect([log, Lwt.pausedCount()]).toEqual([[1, 2], 2])
    Lwt.wakeupPaused()
    expect([how(p), Lwt.pausedCount()]).toEqual(["Canceled", 0])
  })

  it("when a callback's error escapes from a round, the others have their turn in the next, and before newer ones", () => {
    Lwt.onSuccess(Lwt.pause(), () => {
      Lwt.onSuccess(Lwt.pause(), say("newer"))
      throw new Lwt.Failure("boom")
    })
    for (const i of [1, 2]) Lwt.onSuccess(Lwt.pause(), say(i))
    expect(Lwt.wakeupPaused).toThrow("boom")
    expect([log, Lwt.pausedCount()]).toEqual([[], 3])
    Lwt.wakeupPaused()
    expect([log, Lwt.pausedCount()]).toEqual([[1, 2, "newer"], 0])
  })

  it.each([[[1]], [[1, 2]], [[1, 2, 3]]])(
    "a round within one that has left %j resolves what was paused since, and then that goes on",
    (rest) => {
      Lwt.onSuccess(Lwt.pause(), () => {
        Lwt.onSuccess(Lwt.pause(), () => {
          Lwt.onSuccess(Lwt.pause(), say("next round"))
          log.push("inner")
        })
        expect(Lwt.pausedCount()).toBe(1)
        Lwt.wakeupPaused()
        expect(Lwt.pausedCount()).toBe(1)
      })
      for (const i of rest) Lwt.onSuccess(Lwt.pause(), say(i))
      Lwt.wakeupPaused()
      expect([log, Lwt.pausedCount()]).toEqual([["inner", ...rest], 1])
      Lwt.wakeupPaused()
      expect([log, Lwt.pausedCount()]).toEqual([["inner", ...rest, "next round"], 0])
    },
  )

  it("a round that is running goes on when what was paused is abandoned", () => {
    let lost: Lwt.t<void> | undefined
    Lwt.onSuccess(Lwt.pause(), () => {
      lost = Lwt.pause()
      Lwt.abandonPaused()
      expect(Lwt.pausedCount()).toBe(0)
      Lwt.onSuccess(Lwt.pause(), say("newer"))
    })
    Lwt.onSuccess(Lwt.pause(), say("still in the round"))
    Lwt.wakeupPaused()
    Lwt.wakeupPaused()
    expect([log, Lwt.isSleeping(lost!)]).toEqual([["still in the round", "newer"], true])
  })

  it("an error that escapes from a round within a round leaves both rounds to whoever comes next, in order", () => {
    Lwt.ExceptionFilter.set(() => false)
    Lwt.onSuccess(Lwt.pause(), () => {
      Lwt.pause().bind(() => {
        Lwt.onSuccess(Lwt.pause(), say("newest"))
        throw new Lwt.Failure("boom")
      })
      Lwt.onSuccess(Lwt.pause(), say("inner"))
      expect(Lwt.wakeupPaused).toThrow("boom")
      expect([log, Lwt.pausedCount()]).toEqual([[], 2])
    })
    for (const i of [1, 2]) Lwt.onSuccess(Lwt.pause(), say(i))
    Lwt.wakeupPaused()
    expect([log, Lwt.pausedCount()]).toEqual([[1, 2], 2])
    Lwt.wakeupPaused()
    expect(log).toEqual([1, 2, "inner", "newest"])
  })

  it("however many pause, and whenever, those of a round are resolved oldest first", () => {
    /** Before each round so many pause, and every third of them once more when it has its turn. */
    const turns = (rounds: readonly number[]): void => {
      forget()
      const expected: string[] = []
      let [next, again]: [number, string[]] = [0, []]
      for (const count of rounds) {
        const round = again
        again = []
        for (let i = 0; i < count; i++) {
          const id = `${next}`
          const turn = Lwt.pause().map(say(id))
          if (next++ % 3 === 0) {
            Lwt.onSuccess(turn.bind(Lwt.pause), say(`${id} again`))
            again.push(`${id} again`)
          }
          round.push(id)
        }
        expected.push(...round)
        Lwt.wakeupPaused()
      }
      Lwt.wakeupPaused()
      expect(log).toEqual([...expected, ...again])
    }
    fc.assert(fc.property(fc.array(fc.nat(40)), turns), {
      examples: [[[5000, 3, 20]], [[20, 9000, 1]], [[10, 20, 5000, 5000, 40]]],
    })
  })
})
