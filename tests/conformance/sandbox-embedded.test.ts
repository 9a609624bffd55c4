// The guest in a worker in a frame of opaque origin, in a real Chromium. The suite's cases run here, and drive the page's
// sandbox over a bridge, so that the very same cases are put to both.

import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { EmbeddedGuest } from "../../src/sandbox/embedded.ts"
import type { Exit, Program } from "../../src/sandbox/protocol.ts"
import { launch, newPage } from "../support/browser.ts"
import { bridge, type EmbeddedHarness, type HarnessHost, openHarness, serveHarness } from "./chromium-sandbox.ts"
import { buildWorkerGuest } from "./guests.ts"
import { sandboxSuite } from "./sandbox-suite.ts"
import { SMALL_LIBRARY } from "./small-library.ts"

declare const harness: EmbeddedHarness

let browser: Browser
let host: HarnessHost

beforeAll(async () => {
  host = await serveHarness({ guest: await buildWorkerGuest(), library: SMALL_LIBRARY })
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  host?.close()
})

sandboxSuite("embedded, in Chromium", async () => bridge(await openHarness(browser, host)))

/** Run JavaScript in the page's sandbox, or in one with another guest; what it printed, and how it ended. */
async function runIn(page: Page, code: string, guest?: string): Promise<{ text: string; exit: Exit }> {
  return page.evaluate(
    async ({ program, guest }) => {
      const sandbox =
        guest === undefined ? harness.sandbox : harness.embeddedSandbox({ load: async () => ({ guest, library: [] }) })
      let text = ""
      const run = sandbox.run(program, { output: (chunks) => (text += chunks.map((chunk) => chunk.text).join("")) })
      const exit = await run.done
      if (guest !== undefined) await sandbox.dispose()
      return { text, exit }
    },
    { program: bare(code), guest },
  )
}

/** A program of one module, whose JavaScript this is. */
function bare(code: string): Program {
  const module = { name: "main.ts", code, imports: [], bindings: [], mappings: "" }
  return { entry: "main.ts", modules: [module], files: {}, group: [], seed: 1, pace: 1 }
}

/** Everything a page could reach the world by, tried; a line for each. */
const attempts = (secret: string): string => `
  const tried = {}
  const attempt = async (name, f) => {
    try { tried[name] = "REACHED " + String(await f()).slice(0, 60) } catch (e) { tried[name] = "refused" }
  }
  await attempt("fetch", async () => (await fetch("${secret}", { mode: "no-cors" })).type)
  await attempt("fetch data:", async () => (await fetch("data:text/plain,hi")).text())
  await attempt("XMLHttpRequest", () => new Promise((ok, no) => { const x = new XMLHttpRequest(); x.onload = () => ok("x"); x.onerror = no; x.open("GET", "${secret}"); x.send() }))
  await attempt("WebSocket", () => new Promise((ok, no) => { const s = new WebSocket("${secret}".replace("http", "ws")); s.onopen = () => ok("open"); s.onerror = no; setTimeout(no, 500) }))
  await attempt("EventSource", () => new Promise((ok, no) => { const s = new EventSource("${secret}"); s.onopen = () => ok("open"); s.onerror = no; setTimeout(no, 500) }))
  await attempt("import", () => import(/* @vite-ignore */ "${secret}"))
  await attempt("import data:", () => import("data:text/javascript,export default 1"))
  await attempt("importScripts", () => importScripts("${secret}"))
  await attempt("indexedDB", () => new Promise((ok, no) => { const r = indexedDB.open("x"); r.onsuccess = () => ok("open"); r.onerror = no }))
  await attempt("caches", () => caches.open("x"))
  await attempt("localStorage", () => localStorage.length)
  await attempt("eval", () => (0, eval)("1"))
`

const NAMES =
  "fetch,fetch data:,XMLHttpRequest,WebSocket,EventSource,import,import data:,importScripts,indexedDB,caches,localStorage,eval"
const REFUSED = NAMES.split(",").map((name) => `${name}: refused`)

describe("the wall", () => {
  let page: Page
  beforeAll(async () => {
    page = await openHarness(browser, host)
  })
  afterAll(async () => {
    await page.context().close()
  })

  it("lets a cell reach nothing: network, storage, other workers and pages", async () => {
    const { text, exit } = await runIn(
      page,
      `${attempts(`${host.address}secret`)}
      await attempt("Worker", () => new Worker(URL.createObjectURL(new Blob([""]))))
      await attempt("BroadcastChannel", () => new BroadcastChannel("x"))
      await attempt("postMessage", () => postMessage(1))
      await attempt("close", () => close())
      console.log(self.origin)
      for (const [name, what] of Object.entries(tried)) console.log(name + ": " + what)`,
    )
    expect(exit).toEqual({ tag: "done" })
    const others = ["Worker", "BroadcastChannel", "postMessage", "close"].map((name) => `${name}: refused`)
    expect(text.trim().split("\n")).toEqual(["null", ...REFUSED, ...others])
    expect(host.asked).not.toContain("/secret")
  })

  it("says why there is no network", async () => {
    const { exit } = await runIn(page, `await fetch("https://example.org/")`)
    expect(exit).toMatchObject({ tag: "failed", error: { message: /^fetch: the sandbox has no network\./ } })
  })

  it("stands without the guest's help: the policy alone refuses everything", async () => {
    // A guest that denies nothing, and answers just enough of the protocol.
    const guest = `addEventListener("message", ({ ports: [port] }) => {
      port.onmessage = async ({ data }) => {
        if (data.tag === "boot") return port.postMessage({ tag: "ready", version: 1 })
        if (data.tag !== "run") return
        ${attempts(`${host.address}secret`)}
        const text = Object.entries(tried).map(([name, what]) => name + ": " + what).join("\\n")
        port.postMessage({ tag: "output", run: data.run, chunks: [{ stream: "out", text }] })
        port.postMessage({ tag: "exit", run: data.run, exit: { tag: "done" } })
      }
    })`
    const { text } = await runIn(page, "", guest)
    expect(text.split("\n")).toEqual(REFUSED)
    expect(host.asked).not.toContain("/secret")
  })

  it("has a guard behind it, which hears of every request to another origin", async () => {
    const foreign: string[] = []
    const watched = await newPage(browser, {
      origin: new URL(host.address).origin,
      onForeign: (url) => foreign.push(url),
    })
    await watched.goto(host.address)
    await watched.evaluate(async () => {
      await fetch("https://example.org/a").catch(() => {})
      await new Promise((resolve) => {
        const frame = Object.assign(document.createElement("iframe"), { src: "http://127.0.0.1:9/b", onload: resolve })
        document.body.append(frame)
      })
    })
    expect(foreign).toEqual(["https://example.org/a", "http://127.0.0.1:9/b"])
    await watched.context().close()
  })

  it("keeps the page alive through floods and loops: it answers while they go on", async () => {
    const programs = ["for (;;);", "for (let i = 0; ; i++) console.log(i)"].map(bare)
    const turns = await page.evaluate(async (programs) => {
      const runs = programs.map((program) => harness.sandbox.run(program, {}))
      // Turns of this page's own event loop, of which a frozen page has none.
      let turns = 0
      const stop = performance.now() + 1000
      while (performance.now() < stop) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        turns++
      }
      await Promise.all(runs.map((run) => run.stop()))
      return turns
    }, programs)
    expect(turns).toBeGreaterThan(20)
  })
})

describe("a page where it cannot work", () => {
  it("hears why, and its runs fail with that reason", async () => {
    const page = await newPage(browser)
    await page.addInitScript("delete window.Worker")
    await page.goto(host.address)
    await page.waitForFunction("window.harness")
    const reason = "This browser has no Web Workers, or they are switched off: programs cannot run in this page."
    expect(await page.evaluate(() => harness.sandbox.available())).toBe(reason)
    expect(await runIn(page, "")).toEqual({
      text: "",
      exit: { tag: "failed", error: { name: "sandbox", message: reason, stack: [] } },
    })
    await page.context().close()
  })

  it("whose guest cannot be fetched tries again for the next run", async () => {
    const page = await openHarness(browser, host)
    const exits = await page.evaluate(async (program) => {
      const good = (await (await fetch("./guest.json")).json()) as EmbeddedGuest
      let loads = 0
      const sandbox = harness.embeddedSandbox({
        load: () => (++loads === 1 ? Promise.reject(new Error("offline")) : Promise.resolve(good)),
      })
      const exits = [await sandbox.run(program, {}).done, await sandbox.run(program, {}).done]
      await sandbox.dispose()
      return exits
    }, bare(""))
    expect(exits).toEqual([
      { tag: "failed", error: { name: "sandbox", message: "The runtime could not be fetched: offline", stack: [] } },
      { tag: "done" },
    ])
    await page.context().close()
  })

  it("that loses the frame ends what ran there, and makes another", async () => {
    const page = await openHarness(browser, host)
    const programs = [bare(`console.log("up"); setInterval(() => {}, 1000)`), bare("")] as const
    const [lost, next] = await page.evaluate(async ([up, nothing]) => {
      let heard = (): void => {}
      const printed = new Promise<void>((resolve) => {
        heard = resolve
      })
      const run = harness.sandbox.run(up, { output: heard })
      await printed
      document.querySelector("iframe")!.remove()
      const lost = await run.done
      return [lost, await harness.sandbox.run(nothing, {}).done]
    }, programs)
    expect(lost).toMatchObject({
      tag: "failed",
      error: { message: "The frame that ran the program was taken out of the page." },
    })
    expect(next).toEqual({ tag: "done" })
    await page.context().close()
  })
})
