// choose, pick and their kin: who wins, who is cancelled, and where chance decides.

import { beforeEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import { how } from "./how.ts"
import { forget, log, say } from "./log.ts"

beforeEach(forget)

/** So many choices between 0, 1, ... `n` - 1. */
function choices(times: number, n: number, choose = Lwt.choose<Lwt.t<number>>): unknown[] {
  const all = Array.from({ length: n }, (_, i) => Lwt.return(i))
  return Array.from({ length: times }, () => how(choose(all)))
}

// Only the first test of a file sees how a program begins.
it("31: a program begins as if its seed were 0", () => {
  const first = choices(20, 1000)
  Lwt.seedChoices(0)
  expect(choices(20, 1000)).toEqual(first)
})

describe("31: chance", () => {
  it("is Marsaglia's xorshift: for the seed of his paper, its numbers", () => {
    Lwt.seedChoices(2463534242 ^ 0x2545f491)
    expect(choices(3, 65_536)).toEqual([723471715, 2497366906, 2064144800].map((x) => x >>> 16))
  })

  it("chooses the last for the greatest number of all, and none after it", () => {
    Lwt.seedChoices(2066286710)
    expect(choices(1, 3)).toEqual([2])
  })

  it.each([0, 1, 0x2545f491, -1])("is fair from the seed %i on, to choose and to pick, which do the same", (seed) => {
    const sample = (choose: typeof Lwt.choose): unknown[] => {
      Lwt.seedChoices(seed)
      return choices(300, 3, choose)
    }
    const chosen = sample(Lwt.choose)
    for (const one of [0, 1, 2]) expect(chosen.filter((x) => x === one).length).toBeGreaterThan(70)
    expect(sample(Lwt.pick)).toEqual(chosen)
  })

  it("is not asked where there is no choice", () => {
    Lwt.seedChoices(1)
    const expected = choices(10, 100)
    Lwt.seedChoices(1)
    expect(expected.map(() => [how(Lwt.choose([Lwt.return(1), Lwt.wait()[0]])), ...choices(1, 100)][1])).toEqual(
      expected,
    )
  })
})

describe("34, 36: who does not win", () => {
  it.each<[string, (ps: Lwt.t<number>[]) => Lwt.t<unknown>, unknown]>([
    ["pick", Lwt.pick, 1],
    ["npick", Lwt.npick, [1]],
  ])("is cancelled by %s, in turn, before what waits for the result is called", (_, pick, value) => {
    const [[a], [b, u], [c]] = [Lwt.task<number>(), Lwt.task<number>(), Lwt.task<number>()]
    Lwt.onCancel(a, say("a"))
    Lwt.onCancel(c, say("c"))
    const p = pick([a, b, c])
    Lwt.onSuccess(p, (x) => log.push(x))
    Lwt.wakeup(u, 1)
    expect([[a, c].map(how), log]).toEqual([
      ["Canceled", "Canceled"],
      ["a", "c", value],
    ])
  })

  it.each<[string, (ps: Lwt.t<number>[]) => Lwt.t<unknown>]>([
    ["pick", Lwt.pick],
    ["npick", Lwt.npick],
  ])("is cancelled by %s, also where the winner was there before", (_, pick) => {
    const [[a], [b]] = [Lwt.task<number>(), Lwt.task<number>()]
    Lwt.onCancel(a, say("a"))
    Lwt.onCancel(b, say("b"))
    pick([a, Lwt.return(1), b])
    expect([[a, b].map(how), log]).toEqual([
      ["Canceled", "Canceled"],
      ["a", "b"],
    ])
  })

  it("is among those that nchooseSplit gives back, even if it has become another's meanwhile", () => {
    const [[a], [b, u], [c, v]] = [Lwt.task<number>(), Lwt.task<number>(), Lwt.wait<void>()]
    const split = Lwt.nchooseSplit([a, b])
    const outer = c.bind(() => a)
    Lwt.wakeup(v)
    Lwt.wakeup(u, 1)
    expect([how(split), how(outer)]).toEqual([[[1], [a]], "S"])
  })
})
