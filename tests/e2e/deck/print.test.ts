// The deck as a PDF, read back by another program than the one that wrote it.

import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Deck } from "../../support/page.ts"
import { type Printed, printDeck } from "../../support/print.ts"
import { useTutorial } from "../../support/tutorial.ts"

const reads = spawnSync("pdftotext", ["-v"]).status === 0

const tutorial = useTutorial()
let folder: string
let printed: Printed
/** By slide: the text of its page, and of those on which it goes on. */
let texts: string[]
/** By page. */
let pages: string[]

function read(program: string, ...options: string[]): string {
  const { stdout, status, stderr } = spawnSync(program, options, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${program} ${options.join(" ")}: ${stderr}`)
  return stdout
}

const letters = (text: string) => text.replace(/\s+/g, "")

beforeAll(async () => {
  if (!reads) return
  folder = await mkdtemp(join(tmpdir(), "mirage-print-"))
  printed = await printDeck(tutorial.browser, tutorial.site)
  await writeFile(join(folder, "deck.pdf"), printed.pdf)
  pages = read("pdftotext", "-layout", join(folder, "deck.pdf"), "-").split("\f").slice(0, -1)
  texts = printed.slides.map((id) => pages.filter((_, i) => printed.pages[i] === id).join("\n"))
})
afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true })
})

describe.skipIf(!reads)("the printed deck", () => {
  it("has a page for every slide, in order, each with its title", async () => {
    const deck = await tutorial.open()
    const slides = await deck.page
      .locator(".slides > section > section")
      .evaluateAll((all) => all.map((s) => ({ id: s.id, title: s.querySelector("h1, h2")?.textContent ?? "" })))
    expect(printed.slides).toEqual(slides.map((s) => s.id))
    expect(pages.length).toBe(printed.pages.length)
    // A page goes on behind its own slide only.
    expect(printed.pages.filter((id, i) => id !== printed.pages[i - 1])).toEqual(printed.slides)
    const untitled = slides.filter(({ title }, i) => !letters(texts[i] ?? "").includes(letters(title)))
    expect(untitled).toEqual([])
  })

  it("cuts nothing off", () => {
    expect(printed.cut).toEqual([])
  })

  it("has every cell's code and what it prints, every list's points, and none of the notes", async () => {
    const deck = await tutorial.open()
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

  it("has all files of a group, one after the other", () => {
    const page = letters(texts[printed.slides.indexOf("boot-it")] ?? "")
    const sample = join(import.meta.dirname, "../../../src/unikernels/static-website")
    for (const file of ["config.ts", "unikernel.ts", "htdocs/index.html", "htdocs/style.css"]) {
      expect(page).toContain(letters(file))
      const lines = readFileSync(join(sample, file), "utf8").trimEnd().split("\n")
      expect(lines.filter((line) => line.length < 70 && !page.includes(letters(line)))).toEqual([])
    }
  })
})

describe("printing from a page where the reader has worked", () => {
  /** Press the bar's button, and have the page that it opens, when its sheets are ready. */
  async function print(deck: Deck): Promise<Page> {
    const opened = deck.page.waitForEvent("popup")
    await deck.page.getByRole("link", { name: /^Print/ }).click()
    const page = await opened
    await page.locator("html[data-print=ready]").waitFor({ timeout: 60_000 })
    return page
  }

  it("prints their own text and what it printed last, and says that it is edited", async () => {
    const deck = await tutorial.open({ slide: "using-it" })
    const cell = deck.cell("uses.ts")
    await cell.setValue('console.log("my own words")')
    await cell.run()
    const page = await print(deck)
    const slide = page.locator("#using-it")
    expect(await slide.locator(".cell-code").innerText()).toBe('console.log("my own words")')
    expect(await slide.locator(".cell-output").innerText()).toBe("my own words")
    expect(await slide.locator(".printed-name").innerText()).toBe("uses.ts, edited")
    // What was only run stands as it was, and what was not touched as its author wrote it.
    expect(await page.locator("#one-after-the-other .printed-name").count()).toBe(0)
    // Edited once more and not run: what it printed before is no longer what it prints.
    await cell.setValue('console.log("other words")')
    const again = await print(deck)
    expect(await again.locator("#using-it .cell-code").innerText()).toBe('console.log("other words")')
    expect(await again.locator("#using-it .cell-output").count()).toBe(0)
  })

  it("goes on over as many pages as a long text needs, and cuts nothing", async () => {
    const deck = await tutorial.open({ slide: "using-it" })
    const cell = deck.cell("uses.ts")
    await cell.setValue(Array.from({ length: 130 }, (_, i) => `console.log("line ${i + 1}")`).join("\n"))
    await cell.run()
    const page = await print(deck)
    const sheets = page.locator('.pdf-page:has(> #using-it), .pdf-page:has(> [data-continues="using-it"])')
    expect(await sheets.count()).toBeGreaterThan(2)
    const text = letters((await sheets.allInnerTexts()).join("\n"))
    for (const i of [1, 65, 130]) {
      expect(text).toContain(`console.log("line${i}")`)
      expect(text).toContain(`line${i}`)
    }
    const cut = await sheets.evaluateAll((all) =>
      all.flatMap((sheet) =>
        [...sheet.querySelectorAll("pre")].filter(
          (pre) => pre.getBoundingClientRect().bottom > sheet.getBoundingClientRect().bottom,
        ),
      ),
    )
    expect(cut).toHaveLength(0)
  })
})
