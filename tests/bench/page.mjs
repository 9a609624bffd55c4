// The page's budgets: bytes and time until the first slide, and from pressing Run to what it prints.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { chromium } from "playwright-core"
import { build, preview } from "vite"

const ROUNDS = 5
const LAUNCH = {
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
}

/** A deck of a hundred slides as reveal.js and marked make it with nothing of ours: what "fast" is measured against. */
async function bareReveal() {
  const root = join(import.meta.dirname, "../.output/bare-reveal")
  mkdirSync(root, { recursive: true })
  const slides = Array.from({ length: 100 }, (_, i) => `# Slide ${i}\n\nSome words, and \`code\`.\n\n* one\n* two`)
  writeFileSync(
    join(root, "index.html"),
    `<!doctype html><meta charset="utf-8"><title>bare</title><div class="reveal"><div class="slides"></div></div><script type="module" src="./main.js"></script>`,
  )
  writeFileSync(
    join(root, "main.js"),
    `import Reveal from "reveal.js"; import { marked } from "marked"; import "reveal.js/reveal.css"; import "reveal.js/theme/white.css"
     document.querySelector(".slides").innerHTML = ${JSON.stringify(slides)}.map((s) => "<section>" + marked.parse(s) + "</section>").join("")
     new Reveal(document.querySelector(".reveal"), { hash: true }).initialize()`,
  )
  await build({ root, base: "./", configFile: false, logLevel: "error", build: { emptyOutDir: true } })
  return root
}

/** gzip kB of the scripts that a page's HTML names: what must arrive before its first script can run. */
function entryScripts(dist) {
  const html = readFileSync(join(dist, "index.html"), "utf8")
  const files = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="\.?\/?([^"]+\.js)"/g)].map((m) => m[1])
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0) / 1000
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
const ms = (n) => `${Math.round(n)} ms`
const kB = (n) => `${n.toFixed(1)} kB`

async function withBrowser(use) {
  const browser = await chromium.launch(LAUNCH)
  try {
    return await use(browser)
  } finally {
    await browser.close()
  }
}

async function served(root, configFile, use) {
  const server = await preview({
    ...(root && { root }),
    configFile,
    logLevel: "error",
    preview: { port: 0, strictPort: false },
  })
  try {
    return await use(server.resolvedUrls.local[0])
  } finally {
    await new Promise((resolve) => server.httpServer.close(resolve))
  }
}

/** A cold load: milliseconds until the first slide is painted, until the show can be used, and kB that came over the wire. */
async function coldLoad(browser, url) {
  const painted = []
  const times = []
  const totals = []
  for (let i = 0; i < ROUNDS; i++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => document.querySelector(".reveal.ready") !== null)
    times.push(await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => shown(performance.now())))))
    painted.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime))
    await page.waitForLoadState("networkidle")
    totals.push(
      await page.evaluate(
        () => performance.getEntriesByType("resource").reduce((sum, r) => sum + r.encodedBodySize, 0) / 1000,
      ),
    )
    await context.close()
  }
  return { painted: median(painted), time: median(times), total: median(totals) }
}

/** Bytes and time until the first slide, ours beside bare reveal.js. */
export async function pageTable() {
  const bareRoot = await bareReveal()
  await build({ logLevel: "error" })
  return withBrowser(async (browser) => {
    const bare = await served(bareRoot, false, (url) => coldLoad(browser, url))
    const ours = await served(undefined, undefined, (url) => coldLoad(browser, url))
    const bareJs = entryScripts(join(bareRoot, "dist"))
    const oursJs = entryScripts("dist")
    return {
      title: "The page, cold, local server (medians of 5)",
      columns: ["", "ours", "bare reveal.js", "ratio", "target"],
      rows: [
        ["JavaScript named by the page (gzip)", kB(oursJs), kB(bareJs), (oursJs / bareJs).toFixed(2), "80 kB"],
        [
          "first slide readable",
          ms(ours.painted),
          ms(bare.painted),
          (ours.painted / bare.painted).toFixed(2),
          "1.20 x bare",
        ],
        ["the show can be used", ms(ours.time), ms(bare.time), (ours.time / bare.time).toFixed(2), "-"],
        [
          "everything fetched without being touched",
          kB(ours.total),
          kB(bare.total),
          (ours.total / bare.total).toFixed(2),
          "700 kB",
        ],
      ],
    }
  })
}

const FIRST_OUTPUT = async ([file, text]) => {
  const cell = document.querySelector(`mirage-cell[file="${file}"]`)
  await customElements.whenDefined("mirage-cell")
  if (text !== null) cell.value = text
  const heard = new Promise((resolve) =>
    cell.addEventListener("mirage-output", () => resolve(performance.now()), { once: true }),
  )
  const from = performance.now()
  const ended = cell.run()
  const first = await heard
  await ended
  return first - from
}

const FIRST_RESPONSE = async (file) => {
  const cell = document.querySelector(`mirage-cell[file="${file}"]`)
  await customElements.whenDefined("mirage-cell")
  const from = performance.now()
  await cell.run()
  const page = await cell.shell("curl -s http://10.0.0.2/")
  const took = performance.now() - from
  await cell.stop()
  if (!page.includes("<html")) throw new Error(`no page came: ${page}`)
  return took
}

const STOP = async (file) => {
  const cell = document.querySelector(`mirage-cell[file="${file}"]`)
  cell.value = "console.log('in'); for (;;);"
  const printed = new Promise((resolve) => cell.addEventListener("mirage-output", resolve, { once: true }))
  void cell.run()
  await Promise.race([printed, new Promise((resolve) => setTimeout(resolve, 500))])
  const from = performance.now()
  await cell.stop()
  return performance.now() - from
}

/** From pressing Run to what it prints. The peer is the least that anybody can do: a bare worker that posts a line. */
export async function runTable() {
  return withBrowser((browser) =>
    served(undefined, undefined, async (url) => {
      const fresh = async (measure, argument) => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
        const page = await context.newPage()
        await page.goto(url)
        await page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
        const first = await page.evaluate(measure, argument)
        const again = []
        for (let i = 0; i < ROUNDS; i++) again.push(await page.evaluate(measure, argument))
        await context.close()
        return { first, again: median(again) }
      }
      const worker = await fresh(async () => {
        const from = performance.now()
        const script = URL.createObjectURL(new Blob(["postMessage('hello')"], { type: "text/javascript" }))
        await new Promise((resolve) => new Worker(script).addEventListener("message", resolve))
        return performance.now() - from
      })
      const untouched = await fresh(FIRST_OUTPUT, [CELL, null])
      const edited = await fresh(FIRST_OUTPUT, [CELL, "const edited: number = 42\nconsole.log(edited)\n"])
      const website = await fresh(FIRST_RESPONSE, WEBSITE)
      const stop = await fresh(STOP, CELL)
      const row = (name, m, target) => [name, ms(m.first), ms(m.again), (m.again / worker.again).toFixed(1), target]
      return {
        title: "From pressing Run (first on the page; median of 5 more; ratio to a bare worker)",
        columns: ["", "first", "again", "ratio", "target"],
        rows: [
          row("a bare worker that posts a line", worker, "-"),
          row("untouched cell to its first output", untouched, "150 / 30 ms"),
          row("edited cell, Monaco not loaded", edited, "250 / 40 ms"),
          row("static website to its first response", website, "200 / 60 ms"),
          row("Stop in for(;;);", stop, "50 ms"),
        ],
      }
    }),
  )
}

const CELL = "hello.ts"
const WEBSITE = "www/config.ts"
