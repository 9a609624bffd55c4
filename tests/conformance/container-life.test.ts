// The life of a page's container in a real Chromium, with the real client package, and the double on another origin: when
// it is asked for, how it is lost, what another tab or a reload does to it, and which files it has.

import type { Page } from "playwright-core"
import { afterEach, describe, expect, it } from "vitest"
import type { Sandbox } from "../../src/sandbox/sandbox.ts"
import { type ContainerHarness, useContainerHarness } from "./chromium-container.ts"
import { bridge } from "./chromium-sandbox.ts"
import { programOf, start, type Transcript } from "./sandbox-suite.ts"

declare const harness: ContainerHarness

const containers = useContainerHarness()

/** A page whose container nobody has asked for. */
const asleep = (): Promise<Page> => containers.open("asleep")

/** Boot, and wait until it is up. */
const boot = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    harness.host.boot("again")
    await harness.host.ready()
  })

/** A page whose container is up, and its sandbox. */
async function booted(): Promise<[Page, Sandbox]> {
  const page = await asleep()
  await boot(page)
  return [page, await bridge(page, "webcontainer")]
}

const launched = async (sandbox: Sandbox, text: string): Promise<Transcript> =>
  start(sandbox, await programOf({ "a.ts": text }))

/** Resolves when the page's container is as `tag` says. */
const state = (page: Page, tag: string) => page.waitForFunction((tag) => harness.host.state.tag === tag, tag)

describe("the page's container", () => {
  let page: Page
  afterEach(async () => {
    containers.double.fault = undefined
    await page.context().close()
  })

  it("is asked for when it is wanted, and not before, with a referrer that a licence can be checked by", async () => {
    const before = containers.double.requests.length
    page = await asleep()
    expect(containers.host.asked).not.toContain("/favicon.ico")
    expect(containers.double.requests.length).toBe(before)
    await boot(page)
    expect(containers.double.requests.find(({ path }, n) => n >= before && path === "/headless")).toEqual({
      path: "/headless",
      query: { coep: "require-corp", version: "1.6.4" },
      referer: containers.host.address,
    })
  })

  it("that does not answer is given up after 15 seconds, and comes with a new frame when it can", async () => {
    page = await asleep()
    await page.clock.install()
    containers.double.fault = { tag: "never-answers" }
    await page.evaluate(() => harness.host.boot())
    await page.waitForFunction(() => document.querySelectorAll("iframe").length === 1)
    await page.clock.fastForward(15_000)
    await state(page, "waiting")
    expect(await page.evaluate(() => document.querySelectorAll("iframe").length)).toBe(0)
    containers.double.fault = undefined
    await page.clock.fastForward(2000)
    await state(page, "up")
    expect(await page.evaluate(() => document.querySelectorAll("iframe").length)).toBe(1)
  })

  it("that refuses says why, and a run has failed to start", async () => {
    page = await asleep()
    containers.double.fault = { tag: "refuses", message: "this site has no licence" }
    await page.evaluate(() => harness.host.boot())
    await state(page, "waiting")
    const transcript = await launched(await bridge(page, "webcontainer"), "const a = 1")
    expect(await transcript.run.done).toMatchObject({
      tag: "failed",
      error: { name: "sandbox", message: expect.stringMatching(/this site has no licence/) },
    })
  })

  it.each(["silent", "with-error"] as const)(
    "that dies in a run (%s) ends it, and another takes its place",
    async (how) => {
      let sandbox: Sandbox
      ;[page, sandbox] = await booted()
      await page.clock.install()
      const run = await launched(sandbox, `console.log("before"); setInterval(() => console.log("alive"), 100)`)
      await run.until(() => run.text() !== "")
      containers.double.die(how)
      let ended = false
      void run.run.done.then(() => {
        ended = true
      })
      // What does not answer is asked for a while.
      while (!ended) await page.clock.fastForward(1000)
      expect(await run.run.done).toMatchObject({ tag: "failed", error: { name: "sandbox" } })
      expect(run.text()).toMatch(/^before\n/)
      await state(page, "waiting")
      await page.clock.fastForward(2000)
      await state(page, "up")
      await page.clock.resume()
      const next = await launched(sandbox, "const after = 1")
      expect(await next.run.done).toEqual({ tag: "done" })
    },
  )

  it("is let go of by a reload, and by leaving the page", async () => {
    let sandbox: Sandbox
    ;[page, sandbox] = await booted()
    const run = await launched(sandbox, `console.log(process.pid); for (;;);`)
    await run.until(() => run.text() !== "")
    const pid = Number(run.text())
    await page.reload()
    await expect.poll(() => isAlive(pid)).toBe(false)
    await page.waitForFunction("window.harness")
    await boot(page)
  })

  it("is its own in each tab", async () => {
    let one: Sandbox
    ;[page, one] = await booted()
    const [other, two] = await booted()
    const folder = "const cwd = process.cwd()\nsetInterval(() => {}, 1000)"
    const runs = [await launched(one, folder), await launched(two, folder)]
    await Promise.all(runs.map((run) => run.until(() => run.values.length > 0)))
    expect(new Set(runs.map((run) => run.values[0]![1])).size).toBe(2)
    await other.context().close()
    const next = await launched(one, "const still = 1")
    expect(await next.run.done).toEqual({ tag: "done" })
    await runs[0]!.run.stop()
  })

  it("has the project's files, of which only changed ones are written again", async () => {
    let sandbox: Sandbox
    ;[page, sandbox] = await booted()
    await page.evaluate(() => Object.assign(harness.files, { "a.ts": "// a", "www/b.ts": "// b", "www/c.ts": "// c" }))
    const read = `const names = process.getBuiltinModule("node:fs").readdirSync("www").join()`
    const first = await launched(sandbox, read)
    expect(await first.run.done).toEqual({ tag: "done" })
    expect(first.values).toEqual([["names", '"b.ts,c.ts"']])
    const before = containers.double.calls.length
    await page.evaluate(() => {
      harness.files = { "a.ts": "// a", "www/b.ts": "// changed" }
    })
    const second = await launched(sandbox, read)
    await second.run.done
    expect(second.values).toEqual([["names", '"b.ts"']])
    const calls = containers.double.calls.slice(before)
    const mounted = calls.filter(({ name }) => name === "loadFiles").map(({ args }) => text(args[0] as Uint8Array))
    expect(mounted).toEqual(['{"d":{"deck":{"d":{"www":{"d":{"b.ts":{"f":{"c":"// changed"}}}}}}}}'])
    expect(calls.find(({ name, args }) => name === "fs.rm" && String(args[0]) === "deck/www/c.ts")).toBeDefined()
  })

  it("ends a run within 200 ms of Stop", async () => {
    let sandbox: Sandbox
    ;[page, sandbox] = await booted()
    const took: number[] = []
    // This machine may be busy with other things: what counts is what it can do.
    while (took.length < 5 && !took.some((ms) => ms < 200)) {
      const run = await launched(sandbox, `console.log(process.pid); for (;;);`)
      await run.until(() => run.text() !== "")
      const pid = Number(run.text())
      const stopping = page.evaluate(async () => {
        const before = performance.now()
        await [...harness.runs.values()].at(-1)!.stop()
        return performance.now() - before
      })
      took.push(await stopping)
      expect(isAlive(pid)).toBe(false)
    }
    expect(Math.min(...took)).toBeLessThan(200)
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
