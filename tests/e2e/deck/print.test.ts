// The deck as a PDF, read back by another program than the one that wrote it.

import { spawnSync } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { launch } from "../../support/browser.ts"
import { builtSite, Deck } from "../../support/page.ts"
import { type Printed, printDeck } from "../../support/print.ts"
import type { StaticHost } from "../../support/static-host.ts"

const reads = spawnSync("pdftotext", ["-v"]).status === 0

let browser: Browser
let site: StaticHost
let folder: string
let printed: Printed
/** By page. */
let texts: string[]

function read(program: string, ...options: string[]): string {
  const { stdout, status, stderr } = spawnSync(program, options, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${program} ${options.join(" ")}: ${stderr}`)
  return stdout
}

const letters = (text: string) => text.replace(/\s+/g, "")

beforeAll(async () => {
  site = await builtSite()
  browser = await launch()
  if (!reads) return
  folder = await mkdtemp(join(tmpdir(), "mirage-print-"))
  printed = await printDeck(browser, site)
  await writeFile(join(folder, "deck.pdf"), printed.pdf)
  texts = read("pdftotext", "-layout", join(folder, "deck.pdf"), "-").split("\f").slice(0, -1)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

describe.skipIf(!reads)("the printed deck", () => {
  it("has a page for every slide, in order, each with its title", async () => {
    const deck = await Deck.open(browser, site)
    const slides = await deck.page
      .locator(".slides > section > section")
      .evaluateAll((all) => all.map((s) => ({ id: s.id, title: s.querySelector("h1, h2")?.textContent ?? "" })))
    await deck.close()
    expect(printed.slides).toEqual(slides.map((s) => s.id))
    expect(texts.length).toBe(slides.length)
    const untitled = slides.filter(({ title }, i) => !letters(texts[i] ?? "").includes(letters(title)))
    expect(untitled).toEqual([])
  })

  it("cuts nothing off", () => {
    expect(printed.cut).toEqual([])
  })

  it("has every cell's code and what it prints, every list's points, and none of the notes", async () => {
    const deck = await Deck.open(browser, site)
    const slides = await deck.page.locator(".slides > section > section").evaluateAll((all) =>
      all.map((slide) => ({
        id: slide.id,
        code: [
          ...slide.querySelectorAll("mirage-cell > .cell-code:not([data-shown]) pre, mirage-cell > .cell-output"),
        ].map((e) => e.textContent ?? ""),
        points: [...slide.querySelectorAll(":scope > :is(ul, ol) > li")].map(
          (e) => (e as HTMLElement).textContent ?? "",
        ),
        notes: slide.querySelector("aside.notes p")?.textContent ?? "",
      })),
    )
    await deck.close()
    const missing: string[] = []
    let cells = 0
    for (const [i, { id, code, points, notes }] of slides.entries()) {
      // Long lines are broken on paper, and columns of a PDF are read side by side: what counts are the words.
      const words = new Set((texts[i] ?? "").split(/\s+/))
      const page = letters(texts[i] ?? "")
      for (const text of code) {
        cells++
        const lost = text.split("\n").filter((line) => line.length < 70 && !page.includes(letters(line)))
        if (lost.length > 0) missing.push(`${id}: ${lost[0]}`)
      }
      for (const point of points) {
        const lost = point.split(/\s+/).filter((word) => word !== "" && !words.has(word) && !page.includes(word))
        if (lost.length > 0) missing.push(`${id}: ${lost[0]} of "${point.slice(0, 40)}"`)
      }
      if (notes.length > 20 && page.includes(letters(notes))) missing.push(`${id}: its notes are printed`)
    }
    expect(cells).toBeGreaterThan(40)
    expect(missing).toEqual([])
  })

  it("has links that lead somewhere: to the web, or to another page", () => {
    const urls = read("pdfinfo", "-url", join(folder, "deck.pdf"))
    expect(urls).toContain("https://")
    expect(urls).not.toContain("127.0.0.1")
    expect(urls).not.toContain("file:")
  })
})
