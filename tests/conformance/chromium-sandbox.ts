// The page's sandbox, driven from a test: a page of nothing but the sandbox, served from here, and a bridge to it.

import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Browser, Page } from "playwright-core"
import type { EmbeddedGuest, EmbeddedSandbox } from "../../src/sandbox/embedded.ts"
import type { Exit, Fetched, FrameRow } from "../../src/sandbox/protocol.ts"
import type { Run, RunListener, Sandbox } from "../../src/sandbox/sandbox.ts"
import { newPage, type NewPageOptions } from "../support/browser.ts"
import { buildPageModule } from "./guests.ts"

/** What the harness page has. */
export interface Harness {
  readonly sandbox: Sandbox
  readonly runs: Map<number, Run>
  tell(run: number, what: string, values: unknown[]): void
}

/** What the page of the embedded sandbox has besides. */
export interface EmbeddedHarness extends Harness {
  readonly sandbox: EmbeddedSandbox
  readonly embeddedSandbox: (source: { load: () => Promise<EmbeddedGuest> }) => EmbeddedSandbox
}
declare const harness: Harness

const HARNESS = `<!doctype html><title>Harness</title><body><script type="module">
import { embeddedSandbox } from "./embedded.js"
const sandbox = embeddedSandbox({ load: async () => (await fetch("./guest.json")).json() })
window.harness = { sandbox, embeddedSandbox, runs: new Map(), tell: (run, what, values) => window.tell(run, what, values) }
</script>`

/** A server of the harness page. */
export interface HarnessHost {
  readonly address: string
  /** The paths that were asked for. */
  readonly asked: readonly string[]
  close(): void
}

/** Serve the harness page, with `guest` for its sandbox. */
export async function serveHarness(guest: EmbeddedGuest): Promise<HarnessHost> {
  return serveFiles({
    "/": ["text/html", HARNESS],
    "/embedded.js": ["text/javascript", await buildPageModule("embedded.ts")],
    "/guest.json": ["application/json", JSON.stringify(guest)],
    "/secret": ["text/plain", "secret"],
  })
}

/** Serve a harness page and what it needs: path -> type and text. */
export async function serveFiles(
  files: Readonly<Record<string, readonly [type: string, body: string]>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<HarnessHost> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const file = files[request.url!]
    response.writeHead(file === undefined ? 404 : 200, { ...headers, "content-type": file?.[0] ?? "text/plain" })
    response.end(file?.[1])
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = `http://localhost:${(server.address() as AddressInfo).port}/`
  return { address, asked, close: () => void server.close() }
}

/** The harness page, ready. */
export async function openHarness(browser: Browser, { address }: HarnessHost, options?: NewPageOptions): Promise<Page> {
  const page = await newPage(browser, options)
  await page.goto(address)
  await page.waitForFunction("window.harness")
  return page
}

/** The page's sandbox, as if it were here. */
export async function bridge(page: Page, kind: Sandbox["kind"] = "embedded"): Promise<Sandbox> {
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
    kind,
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
            checked: tell("checked"),
            stuck: tell("stuck"),
            threads: tell("threads"),
            frames: (rows, dropped) =>
              harness.tell(id, "frames", [rows.map((row) => ({ ...row, bytes: [...row.bytes] })), dropped]),
          })
          harness.runs.set(id, run)
        },
        { id, program },
      )
      // Listeners are told over the same line as this answer, and in order: all that was told before is here before it.
      const done = started
        .then(() => page.evaluate((id) => harness.runs.get(id)!.done, id) as Promise<Exit>)
        // A page that is left takes its runs with it.
        .catch(
          (thrown: Error): Exit => ({ tag: "failed", error: { name: "page", message: thrown.message, stack: [] } }),
        )
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
