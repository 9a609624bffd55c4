import { describe, expect, it } from "vitest"
import * as host from "../../src/mirage/host.ts"
import type { HostDoor } from "../../src/sandbox/world.ts"

describe("the library's door", () => {
  it("has the shape that the guest expects", async () => {
    // The type is the test; the rest shows that it is not only a type.
    const door: HostDoor = host
    const world = door.start({ print: () => {}, pace: async (ms) => (ms === Infinity ? 0 : ms), seed: 1 })
    expect(world.registration()).toBeUndefined()
    let text = ""
    await world.shell("help", (more) => (text += more), new Promise(() => {}))
    expect(text).toMatch(/ping/)
  })
})
