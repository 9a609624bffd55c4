// The deck as a whole: every slide in every guise, addresses, phones, paper, and readers without scripts or motion.

import type { Page } from "playwright-core"
import { describe, expect, it } from "vitest"
import { newPage } from "../support/browser.ts"
import { type Deck, type DeckOptions, eventually, SUB_PATH } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()

/** Use a deck. */
async function visit(options: DeckOptions, use: (deck: Deck) => Promise<void>): Promise<void> {
  await use(await tutorial.open(options))
}

/** The slides' names in reading order. */
function slideNames(page: Page): Promise<string[]> {
  return page.evaluate(() => [...document.querySelectorAll(".slides > section > section")].map((slide) => slide.id))
}

describe("every slide", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    it(`opens, fits and has its parts, in ${colorScheme}`, { timeout: 240_000 }, async () => {
      await visit({ colorScheme }, async (deck) => {
        const names = await slideNames(deck.page)
        expect(names.length).toBeGreaterThan(90)
        expect(new Set(names).size).toBe(names.length)
        const problems: string[] = []
        for (const [i, name] of names.entries()) {
          // One question a slide: there are many, and each has to go over to the browser and back.
          const seen = await deck.page.evaluate(
            async ([id, number]) => {
              const present = () => document.querySelector<HTMLElement>(".slides > section.present > section.present")
              location.hash = `#/${id}`
              for (let frames = 0; frames < 600 && present()?.id !== id; frames++) {
                await new Promise((resolve) => requestAnimationFrame(resolve))
              }
              const slide = present()
              if (slide?.id !== id) return ["is not there"]
              const found: string[] = []
              const place = document.querySelector(".deck-place")?.textContent
              if (place !== number) found.push(`says that it is ${place}, not ${number}`)
              const headings = [...slide.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => Number(h.localName[1]))
              if (headings[0] !== 1 && headings[0] !== 2) found.push(`begins with a heading of level ${headings[0]}`)
              for (const [k, level] of headings.entries()) {
                if (k > 0 && level > (headings[k - 1] ?? 0) + 1) found.push(`jumps to a heading of level ${level}`)
              }
              if (headings.filter((level) => level <= 2).length !== 1) found.push("has not one title")
              for (const image of slide.querySelectorAll("img")) {
                if (!image.complete || image.naturalWidth === 0) found.push(`has no picture ${image.src}`)
                if (image.alt === "") found.push(`has a picture without words, ${image.src}`)
              }
              // What does not fit is cut off, or lies under the page's bar.
              const bar = document.querySelector(".deck-bar")?.getBoundingClientRect()
              for (const part of slide.querySelectorAll<HTMLElement>(":scope > *:not(.notes)")) {
                const { bottom, right, width } = part.getBoundingClientRect()
                // The title's picture is its ground, and goes on under the bar.
                if (width === 0 || getComputedStyle(part).position === "absolute") continue
                if (bar !== undefined && bottom > bar.top + 1) {
                  found.push(`${part.localName} reaches ${Math.round(bottom - bar.top)} px under the bar`)
                }
                if (right > innerWidth + 1) found.push(`${part.localName} is cut off at the right`)
              }
              return found
            },
            [name, `${i + 1} / ${names.length}`] as const,
          )
          for (const problem of seen) problems.push(`${name} ${problem}`)
        }
        expect(problems).toEqual([])
      })
    })
  }

  it("is reached by Space, one after the other, with nothing left out", { timeout: 240_000 }, async () => {
    await visit({}, async (deck) => {
      const names = await slideNames(deck.page)
      const seen: (string | undefined)[] = [await deck.current()]
      // Space shows a slide's fragments first.
      for (let presses = 0; presses < 600 && seen.at(-1) !== names.at(-1); presses++) {
        await deck.page.keyboard.press("Space")
        const now = await deck.current()
        if (now !== seen.at(-1)) seen.push(now)
      }
      expect(seen).toEqual(names)
    })
  })
})

describe("addresses", () => {
  it("a link to a slide opens it, and a reload stays", async () => {
    await visit({ slide: "flip-a-coin" }, async (deck) => {
      expect(await deck.current()).toBe("flip-a-coin")
      await deck.page.keyboard.press("ArrowDown")
      await eventually(() => deck.current()).toBe("the-other-coin")
      await eventually(() => deck.page.url()).toContain("#/the-other-coin")
      await deck.page.reload()
      await deck.alive()
      await eventually(() => deck.current()).toBe("the-other-coin")
      await deck.page.goBack()
      await eventually(() => deck.current()).toBe("flip-a-coin")
    })
  })

  it("every file is asked for under the site's own path, and is there", async () => {
    const asked: string[] = []
    await visit(
      { prepare: async (page) => void page.on("request", (request) => asked.push(new URL(request.url()).pathname)) },
      async (deck) => {
        await deck.slide("using-it")
        await deck.cell("uses.ts").run()
        await deck.cell("uses.ts").edit()
      },
    )
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter((path) => !path.startsWith(SUB_PATH) && !path.startsWith("/some/where/deep"))).toEqual([])
    expect(tutorial.site.missing).toEqual([])
  })

  it("an address that no slide has shows the first", async () => {
    await visit({ slide: "no-such-slide" }, async (deck) => {
      await eventually(() => deck.current()).toBe("the-mirage-tutorial")
    })
  })
})

describe("on a phone", () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

  it("the deck is a page to scroll, as wide as the window", async () => {
    await visit(phone, async (deck) => {
      const page = await deck.page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        high: document.documentElement.scrollHeight,
        slides: [...document.querySelectorAll<HTMLElement>(".slides > section > section")].filter(
          (s) => s.offsetHeight > 0,
        ).length,
      }))
      expect(page.wide).toBe(390)
      expect(page.slides).toBe((await slideNames(deck.page)).length)
      expect(page.high).toBeGreaterThan(844 * 20)
      await deck.page.evaluate(() => scrollTo(0, 3000))
      await eventually(() => deck.page.evaluate(() => scrollY)).toBe(3000)
    })
  })

  it("a link to a slide scrolls to it, and its cell runs and is edited in a text area", async () => {
    await visit({ ...phone, slide: "using-it" }, async (deck) => {
      await eventually(() =>
        deck.page.evaluate(() => Math.abs(document.getElementById("using-it")?.getBoundingClientRect().top ?? 9999)),
      ).toBeLessThan(200)
      const cell = deck.cell("uses.ts")
      expect(await cell.run()).toContain("val c : Option.t<number> = Some 3")
      await cell.code.tap()
      const area = cell.root.locator(".mirage-plain-editor textarea")
      await area.waitFor()
      await area.fill("const six = 2 * 3")
      await cell.runButton.tap()
      await cell.ends("done")
      expect(await cell.output()).toBe("val six = 6")
      // As the text that it stands for: no arrow in the place of =>.
      const ligatures = (e: Element): string => getComputedStyle(e).fontVariantLigatures
      expect(await area.evaluate(ligatures)).toBe("none")
      expect(await cell.outputRegion.evaluate(ligatures)).toBe("none")
      // iOS zooms into what is smaller.
      expect(await area.evaluate((a) => Number.parseFloat(getComputedStyle(a).fontSize))).toBeGreaterThanOrEqual(16)
    })
  })

  it("turned and turned back, or put on a larger screen, it is slides again", async () => {
    await visit({ viewport: { width: 1280, height: 720 }, slide: "using-it" }, async (deck) => {
      await deck.page.setViewportSize({ width: 390, height: 844 })
      await eventually(() => deck.page.evaluate(() => document.documentElement.classList.contains("deck-show"))).toBe(
        false,
      )
      expect(await deck.page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThan(844 * 20)
      await deck.page.setViewportSize({ width: 1280, height: 720 })
      await eventually(() => deck.page.evaluate(() => document.documentElement.classList.contains("deck-show"))).toBe(
        true,
      )
      await eventually(() => deck.current()).not.toBe(undefined)
    })
  })
})

describe("without", () => {
  it("scripts, all slides can be read", async () => {
    const page = await newPage(tutorial.browser, { javaScriptEnabled: false, viewport: { width: 1280, height: 720 } })
    tutorial.adopt(page)
    await page.goto(tutorial.site.url)
    const title = page.getByRole("heading", { level: 1, name: "The Mirage Tutorial" })
    expect(await title.isVisible()).toBe(true)
    for (const name of ["Monads", "Flip a coin", "Boot it", "Boot the stack"]) {
      const heading = page.getByRole("heading", { name, exact: true })
      await heading.scrollIntoViewIfNeeded()
      expect(await heading.isVisible()).toBe(true)
    }
    // A cell is its highlighted text, and what it prints.
    expect(await page.locator(`mirage-cell[file="uses.ts"]`).innerText()).toMatch(
      /const a = Option\.bind[^]*val c : Option\.t<number> = Some 3/,
    )
  })

  it("motion, nothing moves", async () => {
    await visit({ reducedMotion: "reduce", slide: "using-it" }, async (deck) => {
      await deck.page.keyboard.press("ArrowDown")
      await eventually(() => deck.current()).toBe("one-after-the-other")
      const moving = await deck.page.evaluate(() =>
        document
          .getAnimations()
          .filter((a) => a.playState === "running" && Number(a.effect?.getComputedTiming().duration) > 1)
          .map((a) => (a.effect as KeyframeEffect).target?.outerHTML.slice(0, 80)),
      )
      expect(moving).toEqual([])
    })
  })
})

describe("the page's bar", () => {
  it("changes the theme, and the page keeps it", async () => {
    await visit({ colorScheme: "light", slide: "using-it" }, async (deck) => {
      const ground = () => deck.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      const light = await ground()
      const button = deck.page.getByRole("button", { name: /^Theme/ })
      for (let i = 0; i < 3 && !(await button.getAttribute("aria-label"))?.includes("dark"); i++) await button.click()
      await eventually(ground).not.toBe(light)
      const dark = await ground()
      await deck.page.reload()
      await deck.alive()
      expect(await ground()).toBe(dark)
    })
  })

  it("opens the help, whose switch turns single letters off", async () => {
    await visit({ slide: "using-it" }, async (deck) => {
      await deck.page.keyboard.press("?")
      const dialog = deck.page.getByRole("dialog", { name: "Help" })
      await dialog.waitFor()
      await dialog.getByLabel("single letters are shortcuts").uncheck()
      await deck.page.keyboard.press("Escape")
      await dialog.waitFor({ state: "hidden" })
      await deck.page.locator("#using-it h2").click()
      await deck.page.keyboard.press("n")
      await deck.page.keyboard.press("b")
      expect(await deck.current()).toBe("using-it")
      expect(await deck.page.locator(".reveal.paused").count()).toBe(0)
      await deck.page.keyboard.press("ArrowDown")
      await eventually(() => deck.current()).toBe("one-after-the-other")
    })
  })

  it("goes in all four directions", async () => {
    await visit({ slide: "using-it" }, async (deck) => {
      await deck.page.getByRole("button", { name: "Slide after" }).click()
      await eventually(() => deck.current()).toBe("one-after-the-other")
      await deck.page.getByRole("button", { name: "Slide before" }).click()
      await eventually(() => deck.current()).toBe("using-it")
      await deck.page.getByRole("button", { name: "Next section" }).click()
      await eventually(() => deck.current()).toBe("a-box-for-later")
      await deck.page.getByRole("button", { name: "Section before" }).click()
      await eventually(() => deck.current()).toBe("using-it")
      await deck.page.getByRole("link", { name: "First slide" }).click()
      await eventually(() => deck.current()).toBe("the-mirage-tutorial")
    })
  })
})

describe("on paper", () => {
  it("every slide is a sheet, with all of its fragments and the cells' text", async () => {
    const page = await newPage(tutorial.browser, { viewport: { width: 1280, height: 720 } })
    tutorial.adopt(page)
    await page.goto(`${tutorial.site.url}?print-pdf`)
    await page.locator(".pdf-page").first().waitFor()
    const names = await slideNames(page).then((found) => (found.length > 0 ? found : undefined))
    const sheets = await page.locator(".pdf-page").count()
    expect(names).toBe(undefined)
    expect(sheets).toBe(await page.locator(".pdf-page > section[id]").count())
    expect(sheets).toBeGreaterThan(90)
    expect(await page.locator(".pdf-page .fragment:not(.visible)").count()).toBe(0)
    expect(await page.locator(`mirage-cell[file="uses.ts"]`).innerText()).toContain("const a = Option.bind")
  })
})
