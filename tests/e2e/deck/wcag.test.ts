// What WCAG 2.2 asks of the deck that axe cannot see, by the number of the criterion.

import { describe, expect, it } from "vitest"
import { contrast } from "../../support/contrast.ts"
import { type Deck, type DeckOptions, eventually } from "../../support/page.ts"
import { useTutorial } from "../../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

async function open(options: DeckOptions): Promise<Deck> {
  deck = await tutorial.open(options)
  return deck
}

const chooseContrast = () => {
  // The frame in which cells run has no storage, and needs none.
  if (origin !== "null") localStorage.setItem("mirage-theme", "contrast")
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

  it.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["high contrast, as chosen", { colorScheme: "light", before: chooseContrast }],
    ["high contrast, as the system asks", { colorScheme: "dark", contrast: "more" }],
  ] as [string, DeckOptions][])(
    "1.4.11 non-text contrast: a squiggle and the caret can be seen, %s",
    async (name, options) => {
      await open({ slide: "using-it", ...options })
      const cell = deck.cell("uses.ts")
      await cell.edit()
      await cell.paste("const apple: number = 'red'\nconsole.log(apple)")
      await cell.root.locator(".squiggly-error").first().waitFor()
      const seen = await cell.monaco.evaluate((editor) => {
        const colours = getComputedStyle(editor)
        const of = (part: string) => colours.getPropertyValue(`--vscode-${part}`).trim()
        const squiggle = getComputedStyle(editor.querySelector(".squiggly-error") as Element, "::before")
        return {
          ground: of("editor-background"),
          marks: [
            "editorError-foreground",
            "editorWarning-foreground",
            "editorInfo-foreground",
            "editorCursor-foreground",
          ].map(of),
          drawn: `${squiggle.backgroundImage} ${getComputedStyle(editor.querySelector(".squiggly-error") as Element).backgroundImage}`,
          classes: editor.className,
        }
      })
      for (const mark of seen.marks) expect(contrast(mark, seen.ground), mark).toBeGreaterThanOrEqual(3)
      // It is drawn in the colour that was looked at.
      expect(decodeURIComponent(seen.drawn)).toContain(seen.marks[0])
      if (name.startsWith("high")) expect(seen.classes).toMatch(/\bhc-(black|light)\b/)
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

  it("2.1.1 keyboard, 2.4.3 focus order: Tab stops at all that a cell can do, from its tabs down", async () => {
    await open({ slide: "boot-it" })
    await deck.page.evaluate(() => document.querySelector<HTMLElement>("#boot-it h2")?.focus())
    const stops: string[] = []
    for (let i = 0; i < 8; i++) {
      await deck.page.keyboard.press("Tab")
      stops.push(await deck.focused())
    }
    const order = [/config\.ts/, /select\.pace/, /Runtime/, /button\.run/].map((what) =>
      stops.findIndex((stop) => what.test(stop)),
    )
    expect(order, stops.join(", ")).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  it("2.2.2 pause, stop, hide: nothing turns a slide by itself, however long one waits", async () => {
    await open({ slide: "using-it", prepare: (page) => page.clock.install() })
    await deck.page.clock.fastForward("02:00:00")
    expect(await deck.current()).toBe("using-it")
    expect(await deck.page.locator("[data-autoslide], [data-autoplay], marquee, video").count()).toBe(0)
  })

  it("3.2.6 consistent help: one button of one name, last of the page's own, on slides, on a phone and in a notebook", async () => {
    await open({ slide: "using-it" })
    const { page } = deck
    const opens = async () => {
      const button = page.getByRole("button", { name: "Help and keys (?)" })
      expect(await button.count()).toBe(1)
      expect(await button.evaluate((e) => e.nextElementSibling)).toBeNull()
      const dialog = page.getByRole("dialog", { name: "Help" })
      await button.click()
      await dialog.waitFor()
      expect(await dialog.innerText()).toContain("Ctrl Enter")
      await page.keyboard.press("Escape")
      await eventually(() => dialog.isVisible()).toBe(false)
      await page.keyboard.press("?")
      await dialog.waitFor()
      await dialog.getByRole("button", { name: "Close" }).click()
      await eventually(() => dialog.isVisible()).toBe(false)
    }
    await opens()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.locator("html:not(.deck-show)").waitFor()
    await opens()
    await page.goto(`${tutorial.site.url}notebooks/lwt.html`)
    await opens()
  })

  it("3.3.1 error identification: what is wrong is said in words, with its place", async () => {
    await open({ slide: "using-it" })
    const cell = deck.cell("uses.ts")
    await cell.setValue("const apple = 1\napple.peel()")
    await cell.run("failed")
    const said = await cell.outputRegion.innerText()
    expect(said).toMatch(/apple\.peel is not a function/)
    expect(said).toMatch(/uses\.ts:2/)
  })
})
