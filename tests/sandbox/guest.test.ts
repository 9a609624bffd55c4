import { describe, expect, it } from "vitest"
import { deny } from "../../src/sandbox/deny.ts"
import { type Platform, startGuest } from "../../src/sandbox/guest.ts"
import { type FromGuest, type LibraryModule, PROTOCOL_VERSION } from "../../src/sandbox/protocol.ts"
import { HostTime } from "./host-time.ts"

function setUp() {
  const time = new HostTime()
  const posted: FromGuest[] = []
  const linked: string[] = []
  const platform: Platform = {
    now: time.now,
    setTimeout: time.setTimeout,
    clearTimeout: time.clearTimeout,
    soon: time.soon,
    link: (name) => {
      linked.push(name)
      return `url:${name}`
    },
    import: async () => ({}),
    post: (message) => posted.push(message),
    onUncaught: () => {},
    globals: {
      setTimeout: time.setTimeout,
      clearTimeout: time.clearTimeout,
      setInterval: time.setTimeout,
      clearInterval: time.clearTimeout,
    },
  }
  return { time, posted, linked, receive: startGuest(platform) }
}

describe("boot", () => {
  it("links the library in the order of its imports, whatever the order that it comes in", async () => {
    const { time, posted, linked, receive } = setUp()
    const library: LibraryModule[] = [
      { name: "mirage", code: `import{a}from"mirage/shared/b";import"mirage/shared/c";` },
      { name: "mirage/shared/b", code: `import{c}from"mirage/shared/c";export{c as a};` },
      { name: "mirage/shared/c", code: "export const c=1;" },
    ]
    receive({ tag: "boot", version: PROTOCOL_VERSION, library })
    await time.pass(0)
    expect(linked).toEqual(["mirage/report", "mirage/shared/c", "mirage/shared/b", "mirage"])
    expect(posted).toEqual([{ tag: "ready", version: PROTOCOL_VERSION }])
  })

  it("of another version, or of a library with a hole, says what is wrong", async () => {
    const { time, posted, receive } = setUp()
    receive({ tag: "boot", version: 99, library: [] })
    await time.pass(0)
    expect(posted[0]).toMatchObject({ tag: "broken", reason: expect.stringMatching(/version 99 .* reload the page/) })
    const other = setUp()
    other.receive({ tag: "boot", version: PROTOCOL_VERSION, library: [{ name: "mirage", code: `import"gone";` }] })
    await other.time.pass(0)
    expect(other.posted[0]).toMatchObject({ tag: "broken", reason: 'Error: the library has no module "gone"' })
  })
})

describe("deny", () => {
  it("takes away what is on the object and on its prototypes, with a reason", () => {
    const below = { fetch: () => "reached", other: () => "kept" }
    const scope = Object.assign(Object.create(below), { WebSocket: class {}, indexedDB: {} })
    deny(scope)
    expect(() => scope.fetch()).toThrow(/^fetch: the sandbox has no network/)
    expect(() => below.fetch()).toThrow(/^fetch: the sandbox has no network/)
    expect(() => new scope.WebSocket()).toThrow(/^WebSocket: the sandbox has no network/)
    expect(scope.indexedDB).toBeUndefined()
    expect(scope.other()).toBe("kept")
    expect("Worker" in scope).toBe(false)
    expect(() => {
      "use strict"
      scope.fetch = 1
    }).toThrow(TypeError)
  })
})
