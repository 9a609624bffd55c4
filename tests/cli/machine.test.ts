import { describe, expect, it } from "vitest"
import { entering, startMachine } from "../../src/cli/machine.ts"
import * as Lwt from "../../src/mirage/lwt/lwt.ts"
import { Engine } from "../../src/mirage/os/engine.ts"
import * as OS from "../../src/mirage/os/os.ts"

describe("what comes from outside", () => {
  it("happens when the machine's clock has been put right, and its timers count from there", async () => {
    const waits: number[] = []
    // Five seconds pass before something comes; then as much as is asked for.
    const pace = async (ms: number, wake: Promise<void>): Promise<number> => {
      waits.push(ms)
      if (ms !== Infinity) return ms
      await wake
      return 5000
    }
    const engine = new Engine({ print() {}, pace, seed: 1 })
    const [slept, sleeping] = Lwt.wait<number>()
    const ended = engine.attend(slept)
    entering(engine)(() => {
      expect(engine.now()).toBe(5000)
      Lwt.onSuccess(engine.sleep(2), () => Lwt.wakeup(sleeping, engine.now()))
    })
    expect(await ended).toBe(7000)
    expect(waits).toEqual([Infinity, 2000])
  })
})

describe("a process as a machine", () => {
  it("draws what the host draws, and not the same twice", () => {
    const draw = (): Uint8Array => {
      startMachine(() => {})
      return OS.Random.generate(16)
    }
    const first = draw()
    expect(first).toHaveLength(16)
    // A Buffer's slices are not copies.
    expect(first.constructor).toBe(Uint8Array)
    expect(draw()).not.toEqual(first)
    expect(OS.Random.int(1)).toBe(0)
    expect(OS.Random.int(2 ** 32)).toBeLessThan(2 ** 32)
    for (const bound of [0, 2 ** 32 + 1, 1.5]) expect(() => OS.Random.int(bound)).toThrow(RangeError)
  })

  it("takes as long as it says", async () => {
    const engine = startMachine(() => {})
    const before = performance.now()
    await engine.run(engine.sleep(0.05))
    expect(performance.now() - before).toBeGreaterThan(48)
    expect(engine.now()).toBe(50)
  })
})
