import { describe, expect, it } from "vitest"
import { Pacer } from "../../src/sandbox/pacer.ts"
import type { Pace } from "../../src/sandbox/protocol.ts"
import { HostTime } from "./host-time.ts"

const NEVER = new Promise<void>(() => {})

/** A pacer, and the waits put to it: what each resolved with, and when. */
function setUp(pace: Pace) {
  const time = new HostTime()
  const pacer = new Pacer(pace, time)
  const ended: { passed: number; at: number }[] = []
  const wait = async (ms: number, wake: Promise<void> = NEVER): Promise<void> => {
    const passed = await pacer.pace(ms, wake)
    ended.push({ passed, at: time.now() })
  }
  return { time, pacer, ended, wait }
}

describe("Pacer", () => {
  it.each([
    [1, 1000, 1000],
    [10, 1000, 100],
    [0.5, 1000, 2000],
  ])("at pace %d, %d simulated ms take %d real ones", async (pace, ms, real) => {
    const { time, ended, wait } = setUp(pace)
    void wait(ms)
    await time.pass(real - 1)
    expect(ended).toEqual([])
    await time.pass(1)
    expect(ended).toEqual([{ passed: ms, at: real }])
  })

  it("saves up waits that are too short for a timer, and loses none of them", async () => {
    const { time, ended, wait } = setUp(1)
    const all = (async () => {
      for (let n = 0; n < 1000; n++) await wait(1)
    })()
    await time.pass(2000)
    await all
    expect(ended.at(-1)!.at).toBeGreaterThan(990)
    expect(ended.at(-1)!.at).toBeLessThanOrEqual(1000)
  })

  it("at max waits for nothing, but lets the event loop turn every 10 ms", async () => {
    const { time, pacer } = setUp("max")
    let turned = 0
    time.soon(() => turned++)
    for (let n = 0; n < 9; n++) {
      time.work(1)
      expect(await pacer.pace(1e6, NEVER)).toBe(1e6)
    }
    expect(turned).toBe(0)
    time.work(1)
    const wait = pacer.pace(1e6, NEVER)
    await time.pass(0)
    await wait
    expect(turned).toBe(1)
  })

  it("goes on at a new pace in the middle of a wait", async () => {
    const { time, pacer, ended, wait } = setUp(1)
    void wait(1000)
    await time.pass(400)
    pacer.setPace(10)
    await time.pass(59)
    expect(ended).toEqual([])
    await time.pass(1)
    expect(ended).toEqual([{ passed: 1000, at: 460 }])
  })

  it("wakes a sleeper when the pace becomes max", async () => {
    const { time, pacer, ended, wait } = setUp(1)
    void wait(1e9)
    await time.pass(100)
    pacer.setPace("max")
    await time.pass(0)
    expect(ended).toEqual([{ passed: 1e9, at: 100 }])
  })

  it("stands still at pace 0, and goes on from there", async () => {
    const { time, pacer, ended, wait } = setUp(1)
    void wait(1000)
    await time.pass(300)
    pacer.setPace(0)
    await time.pass(1e6)
    expect(ended).toEqual([])
    pacer.setPace(1)
    await time.pass(699)
    expect(ended).toEqual([])
    await time.pass(1)
    expect(ended.map((one) => one.passed)).toEqual([1000])
  })

  it("woken early, says how much has passed", async () => {
    const { time, ended, wait } = setUp(2)
    let wake = (): void => {}
    void wait(
      1000,
      new Promise((resolve) => {
        wake = resolve
      }),
    )
    await time.pass(100)
    wake()
    await time.pass(0)
    expect(ended).toEqual([{ passed: 200, at: 100 }])
    expect(time.pending).toBe(0)
  })

  it("waits for the outside without a timer, and time passes meanwhile", async () => {
    const { time, ended, wait } = setUp(1)
    let wake = (): void => {}
    void wait(
      Number.POSITIVE_INFINITY,
      new Promise((resolve) => {
        wake = resolve
      }),
    )
    await time.pass(5000)
    expect(time.pending).toBe(0)
    wake()
    await time.pass(0)
    expect(ended).toEqual([{ passed: 5000, at: 5000 }])
  })

  it("does not race after a long absence", async () => {
    const { time, ended, wait } = setUp(1)
    void wait(10)
    await time.pass(10)
    time.work(60_000)
    void (async () => {
      for (let n = 0; n < 100; n++) await wait(10)
    })()
    await time.pass(2000)
    // What it makes up for is a tenth of a second, not the minute.
    expect(ended.at(-1)!.at).toBeGreaterThan(60_010 + 850)
  })
})
