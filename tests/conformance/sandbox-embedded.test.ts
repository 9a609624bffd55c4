// The guest in a worker in a frame of opaque origin, in a real Chromium. The suite's cases run here, and drive the page's
// sandbox over a bridge, so that the very same cases are put to both.

import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { EmbeddedGuest, EmbeddedSandbox } from "../../src/sandbox/embedded.ts"
import type { Exit, Fetched, FrameRow } from "../../src/sandbox/protocol.ts"
import type { Run, RunListener, Sandbox } from "../../src/sandbox/sandbox.ts"
import { launch, newPage } from "../support/browser.ts"
import { buildPageModule, buildWorkerGuest } from "./guests.ts"
import { sandboxSuite } from "./sandbox-suite.ts"
import { SMALL_LIBRARY } from "./small-library.ts"

/** What the harness page has. */
interface Harness {
  readonly sandbox: EmbeddedSandbox
  readonly runs: Map<number, Run>
  tell(run: number, what: string, values: unknown[]): void
  readonly embeddedSandbox: (source: { load: () => Promise<EmbeddedGuest> }) => EmbeddedSandbox
}
declare const harness: Harness

const HARNESS = `<!doctype html><title>Harness</title><body><script type="module">
import { embeddedSandbox } from "./embedded.js"
const sandbox = embeddedSandbox({ load: async () => (await fetch("./guest.json")).json() })
window.harness = { sandbox, embeddedSandbox, runs: new Map(), tell: (run, what, values) => window.tell(run, what, values) }
</script>`

let browser: Browser
let server: Server
let address: string
const asked: string[] = []

beforeAll(async () => {
  const files: Record<string, [type: string, body: string]> = {
    "/": ["text/html", HARNESS],
    "/embedded.js": ["text/javascript", await buildPageModule("embedded.ts")],
    "/guest.json": ["application/json", JSON.stringify({ guest: await buildWorkerGuest(), library: SMALL_LIBRARY })],
    "/secret": ["text/plain", "secret"],
  }
  server = createServer((request, response) => {
    asked.push(request.url!)
    const file = files[request.url!]
    response.writeHead(file === undefined ? 404 : 200, { "content-type": file?.[0] ?? "text/plain" }).end(file?.[1])
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  address = `http://localhost:${(server.address() as AddressInfo).port}/`
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

async function openHarness(): Promise<Page> {
  const page = await newPage(browser)
  await page.goto(address)
  await page.waitForFunction("window.harness")
  return page
}

/** The page's sandbox, as if it were here. */
async function bridge(page: Page): Promise<Sandbox> {
  const listeners = new Map<number, RunListener>()
  const texts = new Map<string, (text: string) => void>()
  await page.exposeFunction("tell", (run: number, what: string, values: unknown[]) => {
    if (what === "text") return texts.get(String(values[0]))?.(String(values[1]))
    if (what === "frames") {
      const rows = (values[0] as (Omit<FrameRow, "bytes"> & { bytes: number[] })[]).map((row) => ({
        ...row,
        bytes: new Uint8Array(row.bytes),
      }))
      return listeners.get(run)?.frames?.(rows, values[1] as number)
    }
    const call = listeners.get(run)?.[what as keyof RunListener] as ((...values: unknown[]) => void) | undefined
    return call?.(...values)
  })
  let count = 0
  return {
    kind: "embedded",
    warm: () => page.evaluate(() => harness.sandbox.warm()),
    dispose: async () => {
      await page.evaluate(() => harness.sandbox.dispose())
      await page.context().close()
    },
    run(program, listener) {
      const id = ++count
      listeners.set(id, listener)
      const started = page.evaluate(
        ({ id, program }) => {
          const tell =
            (what: string) =>
            (...values: unknown[]) =>
              harness.tell(id, what, values)
          const run = harness.sandbox.run(program, {
            output: tell("output"),
            value: tell("value"),
            error: tell("error"),
            serving: tell("serving"),
            stuck: tell("stuck"),
            frames: (rows, dropped) =>
              harness.tell(id, "frames", [rows.map((row) => ({ ...row, bytes: [...row.bytes] })), dropped]),
          })
          harness.runs.set(id, run)
        },
        { id, program },
      )
      // Listeners are told over the same line as this answer, and in order: all that was told before is here before it.
      const done = started.then(() => page.evaluate((id) => harness.runs.get(id)!.done, id)) as Promise<Exit>
      done.catch(() => {})
      return {
        done,
        stop: async () => {
          await started
          await page.evaluate((id) => harness.runs.get(id)!.stop(), id)
        },
        async shell(line, onText, signal) {
          await started
          const key = `${id}/${++count}`
          if (onText !== undefined) texts.set(key, onText)
          signal?.addEventListener(
            "abort",
            () => void page.evaluate((key) => dispatchEvent(new CustomEvent(`abort ${key}`)), key),
          )
          return page.evaluate(
            ({ id, key, line }) => {
              const controller = new AbortController()
              addEventListener(`abort ${key}`, () => controller.abort())
              const onText = (text: string): void => harness.tell(id, "text", [key, text])
              return harness.runs.get(id)!.shell(line, onText, controller.signal)
            },
            { id, key, line },
          )
        },
        async fetch(url) {
          await started
          const answer = await page.evaluate(
            async ({ id, url }) => {
              const fetched = await harness.runs.get(id)!.fetch(url)
              return fetched.ok ? { ...fetched, body: [...fetched.body] } : fetched
            },
            { id, url },
          )
          return (answer.ok ? { ...answer, body: new Uint8Array(answer.body) } : answer) as Fetched
        },
        setPace: (pace) =>
          void started.then(() => page.evaluate(({ id, pace }) => harness.runs.get(id)!.setPace(pace), { id, pace })),
      }
    },
  }
}

sandboxSuite("embedded, in Chromium", async () => bridge(await openHarness()))

/** Run JavaScript in the page's sandbox, or in one with another guest; what it printed, and how it ended. */
async function runIn(page: Page, code: string, guest?: string): Promise<{ text: string; exit: Exit }> {
  return page.evaluate(
    async ({ code, guest }) => {
      const sandbox =
        guest === undefined ? harness.sandbox : harness.embeddedSandbox({ load: async () => ({ guest, library: [] }) })
      let text = ""
      const run = sandbox.run(
        {
          entry: "main.ts",
          modules: [{ name: "main.ts", code, imports: [], bindings: [], mappings: "" }],
          files: {},
          group: [],
          seed: 1,
          pace: 1,
        },
        { output: (chunks) => (text += chunks.map((chunk) => chunk.text).join("")) },
      )
      const exit = await run.done
      if (guest !== undefined) await sandbox.dispose()
      return { text, exit }
    },
    { code, guest },
  )
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
    page = await openHarness()
  })
  afterAll(async () => {
    await page.context().close()
  })

  it("lets a cell reach nothing: network, storage, other workers and pages", async () => {
    const { text, exit } = await runIn(
      page,
      `${attempts(`${address}secret`)}
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
    expect(asked).not.toContain("/secret")
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
        ${attempts(`${address}secret`)}
        const text = Object.entries(tried).map(([name, what]) => name + ": " + what).join("\\n")
        port.postMessage({ tag: "output", run: data.run, chunks: [{ stream: "out", text }] })
        port.postMessage({ tag: "exit", run: data.run, exit: { tag: "done" } })
      }
    })`
    const { text } = await runIn(page, "", guest)
    expect(text.split("\n")).toEqual(REFUSED)
    expect(asked).not.toContain("/secret")
  })

  it("has a guard behind it, which hears of every request to another origin", async () => {
    const foreign: string[] = []
    const watched = await newPage(browser, { origin: new URL(address).origin, onForeign: (url) => foreign.push(url) })
    await watched.goto(address)
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
    const turns = await page.evaluate(async () => {
      const module = (code: string) => ({
        entry: "main.ts",
        modules: [{ name: "main.ts", code, imports: [], bindings: [], mappings: "" }],
        files: {},
        group: [],
        seed: 1,
        pace: 1,
      })
      const runs = ["for (;;);", "for (let i = 0; ; i++) console.log(i)"].map((code) =>
        harness.sandbox.run(module(code), {}),
      )
      // Turns of this page's own event loop, of which a frozen page has none.
      let turns = 0
      const stop = performance.now() + 1000
      while (performance.now() < stop) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        turns++
      }
      await Promise.all(runs.map((run) => run.stop()))
      return turns
    })
    expect(turns).toBeGreaterThan(20)
  })
})

describe("a page where it cannot work", () => {
  it("hears why, and its runs fail with that reason", async () => {
    const page = await newPage(browser)
    await page.addInitScript("delete window.Worker")
    await page.goto(address)
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
    const page = await openHarness()
    const exits = await page.evaluate(async () => {
      const good = (await (await fetch("./guest.json")).json()) as EmbeddedGuest
      let loads = 0
      const sandbox = harness.embeddedSandbox({
        load: () => (++loads === 1 ? Promise.reject(new Error("offline")) : Promise.resolve(good)),
      })
      const module = { name: "main.ts", code: "", imports: [], bindings: [], mappings: "" }
      const program = { entry: "main.ts", modules: [module], files: {}, group: [], seed: 1, pace: 1 }
      const exits = [await sandbox.run(program, {}).done, await sandbox.run(program, {}).done]
      await sandbox.dispose()
      return exits
    })
    expect(exits).toEqual([
      { tag: "failed", error: { name: "sandbox", message: "The runtime could not be fetched: offline", stack: [] } },
      { tag: "done" },
    ])
    await page.context().close()
  })

  it("that loses the frame ends what ran there, and makes another", async () => {
    const page = await openHarness()
    const [lost, next] = await page.evaluate(async () => {
      const module = (code: string) => ({
        entry: "main.ts",
        modules: [{ name: "main.ts", code, imports: [], bindings: [], mappings: "" }],
        files: {},
        group: [],
        seed: 1,
        pace: 1,
      })
      let heard = (): void => {}
      const printed = new Promise<void>((resolve) => {
        heard = resolve
      })
      const run = harness.sandbox.run(module(`console.log("up"); setInterval(() => {}, 1000)`), { output: heard })
      await printed
      document.querySelector("iframe")!.remove()
      const lost = await run.done
      return [lost, await harness.sandbox.run(module(""), {}).done]
    })
    expect(lost).toMatchObject({
      tag: "failed",
      error: { message: "The frame that ran the program was taken out of the page." },
    })
    expect(next).toEqual({ tag: "done" })
    await page.context().close()
  })
})
