// The deck for readers who do not see it, or do not use a mouse: axe on its kinds of page, and what axe cannot know.

import { describe, expect, it } from "vitest"
import { violations } from "../support/axe.ts"
import { type Deck, type DeckOptions, eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

async function open(options: DeckOptions): Promise<Deck> {
  deck = await tutorial.open(options)
  return deck
}

describe("axe finds nothing", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    it(`on the title, in ${colorScheme}`, async () => {
      await open({ colorScheme })
      expect(await violations(deck.page)).toEqual([])
    })

    it(`on a slide with a cell that has run, in ${colorScheme}`, async () => {
      await open({ colorScheme, slide: "using-it" })
      await deck.cell("uses.ts").run()
      expect(await violations(deck.page)).toEqual([])
    })

    it(`on a cell with an error and an edit, in ${colorScheme}`, async () => {
      await open({ colorScheme, slide: "using-it" })
      await deck.cell("uses.ts").setValue("const weigh = () => { throw new Error('no scales') }\nweigh()")
      await deck.cell("uses.ts").run("failed")
      expect(await violations(deck.page)).toEqual([])
    })

    it(`on the website's slide while it serves, in each of its panes, in ${colorScheme}`, async () => {
      await open({ colorScheme, slide: "boot-it" })
      const cell = deck.cell("www/config.ts")
      await cell.boot()
      await cell.shell("curl -i http://10.0.0.2/")
      for (const name of [/^Output/, /^Terminal/, /^Browser/, /^Frames/]) {
        await cell.root.getByRole("tab", { name }).click()
        if (name.source === "^Browser") await cell.root.frameLocator("mirage-browser iframe").locator("h1").waitFor()
        if (name.source === "^Frames") await cell.root.locator("mirage-packets tbody tr[data-position]").first().click()
        expect(await violations(deck.page), String(name)).toEqual([])
      }
      // Chromium's word on the frame that kept axe out.
      expect(deck.complaints.filter((c) => !c.includes("Blocked script execution"))).toEqual([])
      deck.complaints.length = 0
    })

    it(`on the page of a phone, in ${colorScheme}`, async () => {
      await open({ colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
      expect(await violations(deck.page)).toEqual([])
    })

    it(`on the help, and on a figure and a table of data, in ${colorScheme}`, async () => {
      await open({ colorScheme, slide: "time-to-boot" })
      expect(await violations(deck.page)).toEqual([])
      await deck.slide("the-end-result")
      expect(await violations(deck.page)).toEqual([])
      await deck.page.keyboard.press("?")
      await deck.page.getByRole("dialog", { name: "Help" }).waitFor()
      expect(await violations(deck.page)).toEqual([])
    })
  }
})

describe("a screen reader", () => {
  it("is taken to the heading of a slide that is turned to", async () => {
    await open({ slide: "using-it" })
    await deck.page.keyboard.press("ArrowDown")
    await eventually(() => deck.focused()).toMatch(/^h2.* "One after the other"/)
    await deck.page.keyboard.press("ArrowRight")
    await eventually(() => deck.focused()).toMatch(/^h2.* "A box for later"/)
    // Who turns slides by the bar's button wants to press it again.
    const button = deck.page.getByRole("button", { name: "Section before" })
    await button.focus()
    await deck.page.keyboard.press("Enter")
    await eventually(() => deck.current()).toBe("one-after-the-other")
    expect(await deck.focused()).toContain("Section before")
  })

  it("hears where it is: a slide, its number, and of how many", async () => {
    await open({ slide: "using-it" })
    const slide = deck.page.locator("#using-it")
    expect(await slide.getAttribute("aria-roledescription")).toBe("slide")
    expect(await slide.getAttribute("aria-label")).toMatch(/^\d+ of \d+$/)
    await eventually(() => deck.page.title()).toContain("Using it")
  })

  it("hears of a flood of lines as a number, not line by line", async () => {
    await open({ slide: "finding-your-way" })
    const cell = deck.cell("hello.ts")
    await cell.setValue("for (let i = 1; i <= 500; i++) console.log(`line ${i}`)")
    const said = await cell.root.evaluate(async (root) => {
      const heard: string[] = []
      const region = root.shadowRoot?.querySelector(`.unseen[role="status"]`)
      if (region == null) throw new Error("the cell has no live region")
      const listener = new MutationObserver(() => heard.push(region.textContent ?? ""))
      listener.observe(region, { childList: true, characterData: true, subtree: true })
      await (root as unknown as { run(): Promise<void> }).run()
      await new Promise((resolve) => requestAnimationFrame(resolve))
      listener.disconnect()
      return heard
    })
    expect(said.length).toBeLessThanOrEqual(3)
    expect(said.at(-1)).toMatch(/^\d+ new lines\. Done in /)
    expect(await cell.outputRegion.getAttribute("aria-live")).toBe("off")
  })

  it("hears that a short run is done, and what it said", async () => {
    await open({ slide: "finding-your-way" })
    const cell = deck.cell("hello.ts")
    await cell.setValue(`console.log("three words only")`)
    await cell.run()
    await eventually(() => cell.root.locator(`.unseen[role="status"]`).first().innerText()).toMatch(
      /^three words only\. Done in \d/,
    )
  })

  it("hears that a unikernel is up", async () => {
    await open({ slide: "boot-it" })
    const cell = deck.cell("www/config.ts")
    await cell.boot()
    await eventually(() => cell.root.locator(`.cell > .unseen[role="status"]`).innerText()).toMatch(
      /is up at 10\.0\.0\.2/,
    )
  })
})

describe("a reader without a mouse", () => {
  it("sees where the focus is, at every stop of a slide", async () => {
    await open({ slide: "using-it" })
    const unseen: string[] = []
    for (let i = 0; i < 20; i++) {
      await deck.page.keyboard.press("Tab")
      const bad = await deck.page.evaluate(() => {
        let at = document.activeElement
        while (at?.shadowRoot?.activeElement != null) at = at.shadowRoot.activeElement
        if (at === null || at === document.body) return undefined
        const style = getComputedStyle(at)
        const box = at.getBoundingClientRect()
        const name = `${at.localName} ${at.getAttribute("aria-label") ?? at.textContent?.trim().slice(0, 30)}`
        if (box.bottom < 0 || box.top > innerHeight || box.width === 0) return `${name} cannot be seen`
        if (style.outlineStyle === "none" && style.boxShadow === "none") return `${name} has no focus ring`
        return undefined
      })
      if (bad !== undefined) unseen.push(bad)
    }
    expect(unseen).toEqual([])
  })

  it("has targets of 24 pixels and more", async () => {
    await open({ slide: "boot-it" })
    await deck.cell("www/config.ts").boot()
    const small = await deck.page.evaluate(() => {
      const found: string[] = []
      const look = (root: ParentNode) => {
        for (const e of root.querySelectorAll<HTMLElement>("*")) {
          if (e.shadowRoot !== null) look(e.shadowRoot)
          if (!e.matches("button, select, input, [role=tab]")) continue
          const { width, height } = e.getBoundingClientRect()
          if (width === 0 || e.closest("[inert], [hidden]") !== null) continue
          if (width < 24 || height < 24) found.push(`${e.localName} ${e.textContent?.trim()} is ${width} by ${height}`)
        }
      }
      look(document.querySelector(".slides > section.present > section.present") ?? document)
      look(document.querySelector(".deck-bar") ?? document)
      return found
    })
    expect(small).toEqual([])
  })
})
