// The guest in Node in a WebContainer, in a real Chromium: the page's container host, the real client, and a double of the
// service. The same cases as for every other sandbox; and what comes of a service that cuts, echoes and kills.

import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Sandbox } from "../../src/sandbox/sandbox.ts"
import { useContainerHarness } from "./chromium-container.ts"
import { bridge } from "./chromium-sandbox.ts"
import { programOf, sandboxSuite, start } from "./sandbox-suite.ts"

const containers = useContainerHarness()

/** The sandbox of a page of its own. */
const open = async (): Promise<Sandbox> => bridge(await containers.open(), "webcontainer")

sandboxSuite("WebContainer, in Chromium", open)

describe("a WebContainer with a fault", () => {
  let sandbox: Sandbox
  beforeEach(async () => {
    containers.double.fault = undefined
    sandbox = await open()
  })
  afterEach(() => sandbox.dispose())

  const run = async (text: string) => start(sandbox, await programOf({ "main.ts": text }))

  it.each([{ tag: "one-byte-chunks" }, { tag: "echo" }] as const)("$tag prints and tells the same", async (fault) => {
    containers.double.fault = fault
    const transcript = await run(`export const caf\u00e9 = "\u{1f42b}"\nconsole.log("na\u00efve \u20ac")\n`)
    expect(await transcript.run.done).toEqual({ tag: "done" })
    expect(transcript.values).toEqual([["caf\u00e9", `"\u{1f42b}"`]])
    expect(transcript.text()).toBe("na\u00efve \u20ac\n")
  })

  const HANGS = `console.log("half")\nawait new Promise((resolve) => setTimeout(resolve, 60_000))`

  it("that kills a process fails the run and says so, and the next one goes on", async () => {
    const transcript = await run(HANGS)
    await transcript.until(() => transcript.text() === "half\n")
    containers.double.killProcesses()
    expect(await transcript.run.done).toMatchObject({
      tag: "failed",
      error: { message: "The process that ran the program ended with code 137." },
    })
    expect(await (await run(`console.log("whole")`)).run.done).toEqual({ tag: "done" })
  })

  it("that dies fails the run and says so", async () => {
    const transcript = await run(HANGS)
    await transcript.until(() => transcript.text() === "half\n")
    containers.double.die("with-error")
    expect(await transcript.run.done).toMatchObject({
      tag: "failed",
      error: { message: "The WebContainer that ran the program has gone." },
    })
  })
})
