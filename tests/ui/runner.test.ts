import { describe, expect, it } from "vitest"
import type { Sandbox } from "../../src/sandbox/sandbox.ts"
import { askedRuntime, Runner, runtimeFor } from "../../src/ui/runner.ts"

function fakeSandbox(log: string[]): Sandbox {
  return {
    kind: "embedded",
    warm: async () => {
      log.push("warm")
    },
    run: () => {
      throw new Error("not in this test")
    },
    dispose: async () => {
      log.push("dispose")
    },
  }
}

describe("Runner", () => {
  it("makes one sandbox for all", async () => {
    let made = 0
    const runner = new Runner(async () => {
      made += 1
      return fakeSandbox([])
    })
    expect(await runner.sandbox()).toBe(await runner.sandbox())
    expect(made).toBe(1)
  })

  it("tries again after a failure, and warming does not throw", async () => {
    let made = 0
    const runner = new Runner(async () => {
      made += 1
      if (made === 1) throw new Error("offline")
      return fakeSandbox([])
    })
    await expect(runner.sandbox()).rejects.toThrow("offline")
    runner.warm()
    expect((await runner.sandbox()).kind).toBe("embedded")
    expect(made).toBe(2)
  })

  it("disposes of what it made", async () => {
    const log: string[] = []
    const runner = new Runner(async () => fakeSandbox(log))
    await runner.sandbox()
    await runner.dispose()
    expect(log).toEqual(["dispose"])
  })
})

describe("the runtime", () => {
  it("is asked for by the address, then the cell, then the page", () => {
    expect(askedRuntime("?runtime=worker", "auto", "webcontainer")).toBe("worker")
    expect(askedRuntime("", "webcontainer", "auto")).toBe("webcontainer")
    expect(askedRuntime("?runtime=", null, "worker")).toBe("worker")
    expect(askedRuntime("", undefined, undefined)).toBe("auto")
  })

  it("falls back to the embedded one and says why", () => {
    expect(runtimeFor("auto").badge).toBe("embedded")
    expect(runtimeFor("webcontainer").why).toMatch(/not part of this version/)
    expect(runtimeFor("docker").why).toMatch(/no runtime named "docker"/)
  })
})
