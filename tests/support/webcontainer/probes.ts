// What we assume of a WebContainer, as questions to a real one. They are asked through the built webcontainer.html, that is
// through the client and our own door to it, in the order in which a broken answer makes the next ones pointless.

import type { Page } from "playwright-core"
import type { MirageCell } from "../../../src/ui/cell/mirage-cell.ts"
import type { Door, FrameContainer, FrameProcess } from "../../../src/sandbox/webcontainer/door.ts"
import { BOOT_MS } from "../../../src/sandbox/webcontainer/host.ts"

/** An answer. */
export interface Finding {
  readonly found: string
  /** Whether we can live with it. */
  readonly good: boolean
}

/** A question. */
export interface Probe {
  readonly name: string
  /** What we rely on; "either" where we cope with any answer. */
  readonly expected: string
  ask(page: Page): Promise<Finding>
}

/** What the page has once `boot` has been asked. */
interface Booted {
  container: FrameContainer
  process: FrameProcess
  /** What the process has printed, piece by piece. */
  pieces: string[]
  servers: [port: number, url: string | undefined][]
}
declare const mirageContainerDoor: Door
declare const booted: Booted

const told = (found: string): Finding => ({ found, good: true })
const ms = (n: number): string => (n < 1000 ? `${Math.round(n)} ms` : `${(n / 1000).toFixed(1)} s`)

interface RunOptions {
  readonly input?: string
  readonly terminal?: { readonly cols: number; readonly rows: number }
}

/** Run to the end. */
function run(page: Page, command: string, args: string[], { input = "", terminal }: RunOptions = {}) {
  return page.evaluate(
    async ({ command, args, input, terminal }) => {
      const pieces: string[] = []
      let over = (): void => {}
      const ended = new Promise<void>((resolve) => (over = resolve))
      const options = terminal === undefined ? {} : { terminal }
      const process = await booted.container.spawn(command, args, options, (text) => {
        if (text === undefined) over()
        else pieces.push(text)
      })
      if (input !== "") process.write(input)
      const code = await process.exit
      await ended
      return { pieces, text: pieces.join(""), code }
    },
    { command, args, input, terminal },
  )
}

/** Start, and go on when it has printed `until`. What else it prints is kept in the page. */
function start(page: Page, command: string, args: string[], until: string, terminal?: RunOptions["terminal"]) {
  return page.evaluate(
    async ({ command, args, until, terminal }) => {
      booted.pieces = []
      let go = (): void => {}
      const there = new Promise<void>((resolve) => (go = resolve))
      const options = terminal === undefined ? {} : { terminal }
      booted.process = await booted.container.spawn(command, args, options, (text) => {
        booted.pieces.push(text ?? "")
        if (booted.pieces.join("").includes(until)) go()
      })
      await there
    },
    { command, args, until, terminal },
  )
}

const evaluated = async (page: Page, code: string): Promise<string> =>
  (await run(page, "node", ["-p", code])).text.trim()

/** Wait for the page to have heard of servers so many times. */
const serverNews = (page: Page, count: number) =>
  page
    .waitForFunction((count) => booted.servers.length >= count, count)
    .then(() => page.evaluate((count) => booted.servers[count - 1]!, count))

const SERVER = `
const server = require("http").createServer((_, response) => {
  response.setHeader("content-type", "text/html")
  response.end("<!doctype html><script>parent.postMessage('shown, ' + (crossOriginIsolated ? 'isolated' : 'not isolated'), '*')</script>")
})
server.listen(8080, () => console.log("listens"))
process.stdin.on("data", () => server.close(() => server.listen(8080)))`

/** The questions, in order. `origin` is where the container is to come from. */
export const probes = (origin: string, coep: "require-corp" | "credentialless", apiKey?: string): readonly Probe[] => [
  {
    name: "the page is isolated",
    expected: "yes",
    async ask(page) {
      const isolated = await page.evaluate(() => crossOriginIsolated)
      return { found: isolated ? "yes" : "no", good: isolated }
    },
  },
  {
    name: "boots",
    expected: `within ${ms(BOOT_MS)}`,
    async ask(page) {
      const took = await page.evaluate(
        async ({ origin, coep, apiKey }) => {
          const before = performance.now()
          const settings = { origin, coep, workdirName: "mirage", ...(apiKey === undefined ? {} : { apiKey }) }
          const container = await mirageContainerDoor.boot(settings)
          const servers: Booted["servers"] = []
          container.onServer((port, url) => servers.push([port, url]))
          Object.assign(globalThis, { booted: { container, servers, pieces: [] } })
          return performance.now() - before
        },
        { origin, coep, apiKey },
      )
      return { found: ms(took), good: took < BOOT_MS }
    },
  },
  {
    name: "Node",
    expected: "v18 or newer",
    async ask(page) {
      const found = await evaluated(page, "process.version")
      return { found, good: Number(/^v(\d+)\./.exec(found)?.[1]) >= 18 }
    },
  },
  {
    name: "process.features.typescript",
    expected: "either: files are compiled before they get there",
    ask: async (page) => told(await evaluated(page, "String(process.features.typescript)")),
  },
  {
    name: "starts a Node",
    expected: "within 2 s",
    async ask(page) {
      const before = performance.now()
      await run(page, "node", ["-e", "0"])
      const took = performance.now() - before
      return { found: ms(took), good: took < 2000 }
    },
  },
  {
    name: "files keep their text and bytes",
    expected: "yes",
    async ask(page) {
      const code = `const { readFileSync } = require("fs"); readFileSync("probe/t.txt", "utf8") + readFileSync("probe/b.bin").join()`
      await page.evaluate(() =>
        booted.container.write({ "probe/t.txt": "h\u00e9 \u{1f42b} ", "probe/b.bin": new Uint8Array([0, 128, 255]) }),
      )
      const found = await evaluated(page, code)
      return { found, good: found === "h\u00e9 \u{1f42b} 0,128,255" }
    },
  },
  {
    name: "npx runs a program of node_modules/.bin that Node has made one",
    expected: "yes",
    async ask(page) {
      await page.evaluate(() =>
        booted.container.write({ "node_modules/.bin/probe": `#!/usr/bin/env node\nconsole.log("a", "probe")\n` }),
      )
      await run(page, "node", ["-e", `fs.chmodSync("node_modules/.bin/probe", 0o755)`])
      const { text, code } = await run(page, "npx", ["probe"])
      return { found: code === 0 ? "yes" : `${text.trim()} (exit code ${code})`, good: text.includes("a probe") }
    },
  },
  {
    name: "stdin without a terminal comes back in the output",
    expected: "either: the guest's lines are told apart from it",
    async ask(page) {
      const heard = `process.stdin.once("data", () => { console.log("heard"); process.exit() })`
      const { text } = await run(page, "node", ["-e", heard], { input: "apples\n" })
      return { found: text.includes("apples") ? "yes" : "no", good: text.includes("heard") }
    },
  },
  {
    name: "isTTY without a terminal: stdin, stdout",
    expected: "either",
    ask: async (page) =>
      told(await evaluated(page, "[process.stdin, process.stdout].map((s) => Boolean(s.isTTY)).join()")),
  },
  {
    name: "output is cut within characters",
    expected: "either: the guest writes ASCII",
    async ask(page) {
      const write = `for (let i = 0; i < 64; i++) process.stdout.write("a" + "\u20ac".repeat(3000))`
      const { text, pieces } = await run(page, "node", ["-e", write])
      const spoilt = text.split("\ufffd").length - 1
      const longest = Math.max(...pieces.map((piece) => piece.length))
      return told(`${spoilt === 0 ? "no" : `yes, ${spoilt} times`}; ${pieces.length} pieces, the longest of ${longest}`)
    },
  },
  {
    name: "a megabyte of ASCII arrives whole",
    expected: "yes",
    async ask(page) {
      const { text } = await run(page, "node", ["-e", `process.stdout.write("x".repeat(1e6) + "end")`])
      return {
        found: text.endsWith("end") ? `${text.length} characters` : `${text.length}, without its end`,
        good: text.length === 1_000_003,
      }
    },
  },
  {
    name: "kills an endless loop",
    expected: "within 1 s",
    async ask(page) {
      await start(page, "node", ["-e", `process.stdout.write("up"); setTimeout(() => { for (;;); }, 20)`], "up")
      const { took, code } = await page.evaluate(async () => {
        const before = performance.now()
        booted.process.kill()
        const code = await booted.process.exit
        return { took: performance.now() - before, code }
      })
      return { found: `${ms(took)}, exit code ${code}`, good: took < 1000 }
    },
  },
  {
    name: "jsh in a terminal runs what is typed",
    expected: "yes",
    async ask(page) {
      await start(page, "jsh", [], "\u001b", { cols: 80, rows: 24 })
      await page.evaluate(() => booted.process.write("node -e 'console.log(`six by seven is ${6 * 7}`)'\r"))
      await page.waitForFunction(() => booted.pieces.join("").includes("six by seven is 42"))
      await page.evaluate(() => booted.process.kill())
      return told("yes")
    },
  },
  {
    name: "a terminal has the size that it was given",
    expected: "70 columns",
    async ask(page) {
      const terminal = { cols: 70, rows: 20 }
      const { text } = await run(page, "node", ["-e", "console.log(`${process.stdout.columns} columns`)"], { terminal })
      return { found: text.trim(), good: text.trim() === "70 columns" }
    },
  },
  {
    name: "tells of a server",
    expected: "within 5 s",
    async ask(page) {
      const before = performance.now()
      await start(page, "node", ["-e", SERVER], "listens")
      const [port, url] = await serverNews(page, 1)
      const took = performance.now() - before
      return { found: `${ms(took)}, port ${port} at ${url}`, good: port === 8080 && took < 5000 }
    },
  },
  {
    name: "a preview is shown in an isolated page",
    expected: "shown",
    async ask(page) {
      const found = await page.evaluate(async () => {
        const [, url] = booted.servers.findLast(([, url]) => url !== undefined)!
        const frame = document.createElement("iframe")
        frame.allow = "cross-origin-isolated"
        frame.src = url!
        const said = new Promise<string>((resolve) => {
          addEventListener("message", ({ source, data }) => {
            if (source === frame.contentWindow && typeof data === "string") resolve(data)
          })
        })
        document.body.append(frame)
        return said
      })
      return { found, good: found.startsWith("shown") }
    },
  },
  {
    name: "tells of a server that ends and comes again",
    expected: "yes",
    async ask(page) {
      await page.evaluate(() => booted.process.write("again\n"))
      await page.waitForFunction(() => booted.servers.filter(([, url]) => url !== undefined).length >= 2)
      const closed = await page.evaluate(() => booted.servers.some(([, url]) => url === undefined))
      await page.evaluate(() => booted.process.kill())
      return { found: closed ? "yes" : "comes again, without having been told that it ended", good: closed }
    },
  },
  {
    name: "memory of the page with its frames and workers",
    expected: "under 1 GB",
    async ask(page) {
      const bytes = await page.evaluate(async () => {
        const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
          measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>
        }
        return measure === undefined ? undefined : (await measure.call(performance)).bytes
      })
      if (bytes === undefined) return told("this browser does not tell")
      return { found: `${Math.round(bytes / 1e6)} MB`, good: bytes < 1e9 }
    },
  },
]

/** The last question, to the deck itself: our package is mounted, and a cell runs there through our guest. */
export const deckProbe: Probe = {
  name: "the deck's own cell runs in it",
  expected: "WebContainer: Hello from Mirage!",
  async ask(page) {
    await page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
    await page.getByRole("button", { name: "Shell in the WebContainer" }).waitFor()
    const found = await page.evaluate(async () => {
      const cell = document.querySelector<MirageCell>('mirage-cell[file="hello.ts"]')!
      await cell.run()
      const badge = cell.shadowRoot?.querySelector<HTMLElement>("button.runtime")?.innerText
      return `${badge}: ${cell.output.split("\n").at(-1)}`
    })
    return { found, good: found === this.expected }
  },
}
