// What WCAG 2.2 asks of the deck that axe cannot see, by the number of the criterion.

import type { Browser } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { launch } from "../../support/browser.ts"
import { builtSite, Deck, type DeckOptions, eventually } from "../../support/page.ts"
import type { StaticHost } from "../../support/static-host.ts"

let browser: Browser
let site: StaticHost
let deck: Deck

beforeAll(async () => {
  site = await builtSite()
  browser = await launch()
})
afterEach(() => deck.close())
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function open(options: DeckOptions): Promise<Deck> {
  deck = await Deck.open(browser, site, options)
  return deck
}

/** Elements of a slide that are cut: their text is wider than they are, and they neither wrap nor scroll. */
const cutTexts = (id: string): string[] => {
  const slide = document.getElementById(id)
  if (slide === null) throw new Error(`there is no slide ${id}`)
  return [...slide.querySelectorAll<HTMLElement>("h1, h2, p, li, td, th, figcaption, button")]
    .filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "hidden")
    .map((e) => `${e.localName}: ${e.textContent?.trim().slice(0, 40)}`)
}

describe("WCAG 2.2", () => {
  it("1.4.10 reflow: at 320 pixels the page scrolls in one direction only", async () => {
    await open({ slide: "using-it", viewport: { width: 320, height: 640 } })
    const { wide, cut } = await deck.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      cut: innerWidth,
    }))
    expect(wide).toBeLessThanOrEqual(cut)
  })

  it.each(["using-it", "three-laws", "the-leaning-tower-of-cloud"])(
    "1.4.12 text spacing: nothing of %s is cut when a reader spreads the letters",
    async (id) => {
      await open({ slide: id, viewport: { width: 390, height: 844 } })
      await deck.page.addStyleTag({
        content:
          "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }",
      })
      expect(await deck.page.evaluate(cutTexts, id)).toEqual([])
      expect(await deck.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    },
  )

  it("1.4.13 content on hover: Escape takes a hover card away, and the editor keeps the focus", async () => {
    await open({ slide: "using-it" })
    const cell = deck.cell("uses.ts")
    await cell.edit()
    await cell.paste("const apple: number = 1")
    await deck.page.keyboard.press("Home")
    for (let i = 0; i < 8; i++) await deck.page.keyboard.press("ArrowRight")
    const card = deck.page.locator(".monaco-hover:not(.hidden)").filter({ hasText: "number" })
    // The card by keyboard; asked for again until TypeScript is up.
    await eventually(async () => {
      await deck.page.keyboard.press("ControlOrMeta+k")
      await deck.page.keyboard.press("ControlOrMeta+i")
      return card.count()
    }).toBeGreaterThan(0)
    await deck.page.keyboard.press("Escape")
    await eventually(() => card.count()).toBe(0)
  })

  it("2.1.2 no keyboard trap: Control M lets Tab leave the editor", async () => {
    await open({ slide: "using-it" })
    const cell = deck.cell("uses.ts")
    await cell.edit()
    const inEditor = () => deck.page.evaluate(() => document.activeElement?.closest(".monaco-editor") !== null)
    expect(await inEditor()).toBe(true)
    await deck.page.keyboard.press("Control+m")
    await deck.page.keyboard.press("Tab")
    await eventually(inEditor).toBe(false)
  })

  it("2.4.11 focus not obscured: no stop of a slide lies under the page's bar", async () => {
    await open({ slide: "using-it" })
    const hidden: string[] = []
    for (let i = 0; i < 20; i++) {
      await deck.page.keyboard.press("Tab")
      const under = await deck.page.evaluate(() => {
        let at = document.activeElement
        while (at?.shadowRoot?.activeElement != null) at = at.shadowRoot.activeElement
        if (at === null || at === document.body) return undefined
        const box = at.getBoundingClientRect()
        const top = document.elementFromPoint(
          Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
          Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1),
        )
        const bar = document.querySelector(".deck-bar")
        const covered = bar !== null && top !== null && bar.contains(top) && !bar.contains(at)
        return covered ? `${at.localName} ${at.textContent?.trim().slice(0, 30)}` : undefined
      })
      if (under !== undefined) hidden.push(under)
    }
    expect(hidden).toEqual([])
  })
})
