import { describe, expect, it } from "vitest"
import { absence, type Facts, factsOf } from "../../../src/sandbox/webcontainer/availability.ts"

const GOOD: Facts = {
  use: "on",
  chosen: false,
  secure: true,
  isolated: true,
  framed: false,
  missing: [],
  online: true,
}

describe("a page can have a container", () => {
  it.each<[string, Partial<Facts>]>([
    ["where the site's owner has it on", {}],
    ["where the site asks, and the reader has chosen it", { use: "ask", chosen: true }],
    ["in a frame of a page that is isolated too", { framed: true }],
  ])("%s", (_row, facts) => {
    expect(absence({ ...GOOD, ...facts })).toBeUndefined()
  })
})

describe("a page can have none, and says what to do", () => {
  it.each<[string, Partial<Facts>, string, RegExp]>([
    ["off, whatever the reader chose", { use: "off", chosen: true }, "off", /owner/],
    ["asked for, and not chosen", { use: "ask" }, "not-chosen", /choose/],
    ["by http", { secure: false, isolated: false }, "insecure", /https, or from localhost/],
    ["in somebody's page", { isolated: false, framed: true }, "embedded", /tab of its own/],
    ["without the headers", { isolated: false }, "not-isolated", /Cross-Origin-Opener-Policy/],
    // A browser that is not isolated has no shared memory, and is not to be blamed for it.
    ["without the headers, in any browser", { isolated: false, missing: ["SharedArrayBuffer"] }, "not-isolated", /./],
    ["in an old browser", { missing: ["Atomics", "WebAssembly"] }, "engine", /\(Atomics, WebAssembly\).*Firefox/],
    ["in an old browser, offline", { missing: ["Atomics"], online: false }, "engine", /./],
    ["offline", { online: false }, "offline", /when you are online/],
    ["before the choice, nothing else is of interest", { use: "ask", secure: false, online: false }, "not-chosen", /./],
  ])("%s", (_row, facts, cause, message) => {
    const why = absence({ ...GOOD, ...facts })
    expect(why?.cause).toBe(cause)
    expect(why?.message).toMatch(message)
  })
})

describe("factsOf", () => {
  const page = {
    isSecureContext: true,
    crossOriginIsolated: true,
    navigator: { onLine: true },
    SharedArrayBuffer,
    Atomics,
    WebAssembly,
    ReadableStream,
    Worker: class {},
  }
  const windowOf = (more: object = {}): Window & typeof globalThis => {
    const made = { ...page, ...more }
    return Object.assign(made, "top" in made ? {} : { top: made }) as unknown as Window & typeof globalThis
  }

  it("reads them from the window", () => {
    expect(factsOf(windowOf(), "on", false)).toEqual(GOOD)
    expect(factsOf(windowOf({ top: {}, isSecureContext: false }), "ask", true)).toEqual({
      ...GOOD,
      use: "ask",
      chosen: true,
      framed: true,
      secure: false,
    })
    expect(factsOf(windowOf({ navigator: { onLine: false }, crossOriginIsolated: false }), "on", false)).toEqual({
      ...GOOD,
      online: false,
      isolated: false,
    })
  })

  it("says what the browser lacks", () => {
    expect(factsOf(windowOf({ SharedArrayBuffer: undefined, Worker: undefined }), "on", false).missing).toEqual([
      "SharedArrayBuffer",
      "Worker",
    ])
  })
})
