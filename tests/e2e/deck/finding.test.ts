// Finding one's way in the deck: search, numbers, names, addresses, and keys that leave typing alone.

import { describe, expect, it } from "vitest"
import { type Deck, type DeckOptions, eventually } from "../../support/page.ts"
import { useTutorial } from "../../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

async function open(options: DeckOptions = {}): Promise<Deck> {
  deck = await tutorial.open(options)
  return deck
}

const dialog = () => deck.page.getByRole("dialog", { name: "Search the slides" })
const box = () => deck.page.getByRole("combobox", { name: "Words, or a slide's number" })
const options = () => dialog().getByRole("option")
const overview = () => deck.page.locator(".reveal.overview").count()

describe("search", () => {
  it("opens with /, finds as one types, and Enter goes", async () => {
    await open()
    await deck.page.keyboard.press("/")
    await dialog().waitFor()
    expect(await box().inputValue()).toBe("")
    await deck.page.keyboard.type("flip a coin")
    await eventually(() => options().first().innerText()).toMatch(/Flip a coin/)
    expect(await options().first().getAttribute("aria-selected")).toBe("true")
    expect(await box().getAttribute("aria-activedescendant")).toBe(await options().first().getAttribute("id"))
    await deck.page.keyboard.press("Enter")
    await dialog().waitFor({ state: "hidden" })
    await eventually(() => deck.current()).toBe("flip-a-coin")
  })

  it("opens with Ctrl+K, lists all slides by name, and arrows choose", async () => {
    await open({ slide: "using-it" })
    const slides = await deck.page.locator(".slides > section > section").count()
    await deck.page.keyboard.press("Control+k")
    await eventually(() => options().count()).toBe(slides)
    await deck.page.keyboard.press("ArrowDown")
    await deck.page.keyboard.press("ArrowDown")
    await deck.page.keyboard.press("ArrowUp")
    await eventually(() => options().nth(1).getAttribute("aria-selected")).toBe("true")
    expect(await dialog().locator("[aria-selected=true]").count()).toBe(1)
    // Past the first is the last, which is scrolled to.
    await deck.page.keyboard.press("ArrowUp")
    await deck.page.keyboard.press("ArrowUp")
    const last = options().last()
    await eventually(() => last.getAttribute("aria-selected")).toBe("true")
    await eventually(() => last.evaluate((e) => e.getBoundingClientRect().bottom <= innerHeight)).toBe(true)
    await deck.page.keyboard.press("Escape")
    await dialog().waitFor({ state: "hidden" })
    await eventually(() => deck.current()).toBe("using-it")
    expect(await overview()).toBe(0)
  })

  it("finds what is in the notes, and code that no slide shows at first", async () => {
    await open({ slide: "using-it" })
    const note = await deck.page.evaluate(
      () =>
        document.querySelector("#using-it aside.notes")?.textContent?.trim().split(/\s+/).slice(-6, -1).join(" ") ?? "",
    )
    await deck.page.keyboard.press("/")
    await box().fill(note)
    await eventually(() => options().allInnerTexts()).toContainEqual(expect.stringMatching(/Using it/))
    // In a tab of the website's cell, which is fetched with the project.
    await box().fill("htdocs/style.css body {")
    await box().fill("unikernel Main start kv read")
    await eventually(() => options().count()).toBeGreaterThan(0)
    await box().fill("zyzzyva")
    await dialog().getByText("No slide has these words.").waitFor()
    await deck.page.keyboard.press("Enter")
    expect(await dialog().isVisible()).toBe(true)
    await deck.page.keyboard.press("Escape")
  })

  it("is a list that a pointer chooses from, too, and is closed by a click beside it", async () => {
    await open()
    await deck.page.getByRole("button", { name: /^Search/ }).click()
    await box().fill("flip a coin")
    await options().first().click()
    await eventually(() => deck.current()).toBe("flip-a-coin")
    await deck.page.getByRole("button", { name: /^Search/ }).click()
    await deck.page.mouse.click(20, 300)
    await dialog().waitFor({ state: "hidden" })
  })

  it("leaves typing alone: in an editor, / and g are letters and Ctrl+K is the editor's", async () => {
    await open({ slide: "finding-your-way" })
    const cell = deck.cell("hello.ts")
    await cell.edit()
    await cell.paste("//")
    await deck.page.keyboard.type("a/g")
    await deck.page.keyboard.press("Control+k")
    await deck.page.keyboard.press("Escape")
    await eventually(() => cell.value()).toBe("//a/g")
    expect(await dialog().count()).toBe(0)
  })

  it("keeps to Ctrl+K when single letters are no shortcuts", async () => {
    await open({
      slide: "using-it",
      before: () => {
        // The sandbox's frame has no storage, and is a page too.
        if (globalThis.origin !== "null") localStorage.setItem("mirage-letters", "off")
      },
    })
    for (const key of ["/", "g", "s", "o", "n", "b"]) await deck.page.keyboard.press(key)
    expect(await dialog().count()).toBe(0)
    expect(await deck.current()).toBe("using-it")
    expect(await overview()).toBe(0)
    expect(deck.page.context().pages().length).toBe(1)
    await deck.page.keyboard.press("Control+k")
    await dialog().waitFor()
  })
})

describe("a number", () => {
  it("typed after G is the slide to go to", async () => {
    await open()
    const twelfth = await deck.page.evaluate(() => document.querySelectorAll(".slides > section > section")[11]?.id)
    await deck.page.keyboard.press("g")
    await dialog().waitFor()
    await deck.page.keyboard.type("12")
    await deck.page.keyboard.press("Enter")
    await eventually(() => deck.current()).toBe(twelfth)
    expect(await deck.page.locator(".deck-place").innerText()).toMatch(/^12 \//)
  })
})

describe("the overview", () => {
  it("opens with Esc, has every slide's number and name in letters that can be read, and Enter goes back", async () => {
    await open({ slide: "using-it" })
    await deck.page.keyboard.press("Escape")
    await deck.page.locator(".reveal.overview").waitFor()
    const name = await deck.page.locator("#using-it h2").evaluate((heading) => {
      const scale = heading.getBoundingClientRect().width / (heading as HTMLElement).offsetWidth
      return {
        size: Number.parseFloat(getComputedStyle(heading).fontSize) * scale,
        number: getComputedStyle(heading, "::before").content,
      }
    })
    expect(name.size).toBeGreaterThan(14)
    expect(name.number).toMatch(/^"\d+" ". "$|^"\d+\. "$/)
    await deck.page.keyboard.press("ArrowDown")
    await deck.page.keyboard.press("Enter")
    await eventually(() => deck.current()).toBe("one-after-the-other")
    expect(await overview()).toBe(0)
  })
})

describe("an address", () => {
  it("of a cell opens its slide and puts the focus on the code", async () => {
    await open({ slide: "uses.ts" })
    await eventually(() => deck.current()).toBe("using-it")
    await eventually(() => deck.focused()).toMatch(/cell-code.*uses\.ts/)
  })

  it("of a file of a cell chooses its tab", async () => {
    await open()
    await deck.page.evaluate(() => {
      location.hash = "#/console/unikernel.ts"
    })
    await eventually(() => deck.current()).toBe("hello-unikernel")
    const tab = deck.cell("console/config.ts").tab("unikernel.ts")
    await eventually(() => tab.getAttribute("aria-selected")).toBe("true")
  })

  it("of a step shows as much of the slide", async () => {
    await open()
    const id = await deck.page.evaluate(() => {
      const slides = [...document.querySelectorAll(".slides > section > section")]
      return slides.find(
        (s) => new Set([...s.querySelectorAll(".fragment")].map((f) => f.getAttribute("data-fragment-index"))).size > 2,
      )?.id
    })
    expect(id).toBeDefined()
    await deck.page.goto("about:blank")
    await deck.page.goto(`${tutorial.site.url}#/${id}/1`)
    await deck.alive()
    const shown = await deck.page
      .locator(`[id="${id}"] .fragment`)
      .evaluateAll((all) =>
        all.map((f) => Number(f.getAttribute("data-fragment-index")) <= 1 === f.classList.contains("visible")),
      )
    expect(shown).not.toContain(false)
  })

  it("is copied by the bar's button", async () => {
    await open({ slide: "using-it", permissions: ["clipboard-read", "clipboard-write"] })
    await deck.page.getByRole("button", { name: "Copy a link to this slide" }).click()
    await deck.toasts.filter({ hasText: "is copied" }).waitFor()
    expect(await deck.page.evaluate(() => navigator.clipboard.readText())).toBe(`${tutorial.site.url}#/using-it`)
  })

  it("is followed on a phone, and search works there", async () => {
    await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
    await deck.page.getByRole("button", { name: /^Search/ }).tap()
    await box().fill("using it")
    await options().first().tap()
    await eventually(() =>
      deck.page.locator("#using-it").evaluate((slide) => Math.abs(slide.getBoundingClientRect().top) < 60),
    ).toBe(true)
  })
})

describe("a cell", () => {
  it("keeps the focus on its button from Run to Stop and back", async () => {
    await open({ slide: "finding-your-way" })
    const cell = deck.cell("hello.ts")
    await cell.setValue("await new Promise(() => {})")
    await cell.runButton.focus()
    await deck.page.keyboard.press("Enter")
    await eventually(() => cell.status()).toBe("running")
    expect(await deck.focused()).toMatch(/^button\.run\.stop "■Stop/)
    await deck.page.keyboard.press("Enter")
    await cell.ends("stopped")
    expect(await deck.focused()).toMatch(/^button\.run "▶Run/)
  })

  for (const [width, height] of [
    [1280, 720],
    [1024, 768],
    [900, 506],
    [720, 405],
  ] as const) {
    it(`never reaches under the page's bar, booted or stopped, at ${width} by ${height}`, async () => {
      await open({ slide: "boot-it", viewport: { width, height } })
      const file = await deck.page.evaluate(() => document.querySelector("#boot-it mirage-cell")?.getAttribute("file"))
      const cell = deck.cell(String(file))
      const clear = () =>
        cell.root.evaluate((e) => {
          const bar = document.querySelector(".deck-bar")?.getBoundingClientRect().top ?? 0
          return e.getBoundingClientRect().bottom <= bar
        })
      expect(await clear()).toBe(true)
      await cell.boot()
      for (const tab of ["Terminal", "Browser", "Output"]) {
        await cell.tab(tab).click()
        await eventually(clear).toBe(true)
      }
      await cell.runButton.click()
      await cell.ends("stopped")
      await cell.tab("Terminal").click()
      await eventually(clear).toBe(true)
      expect(
        await cell.root.locator("#pane-terminal").evaluate((e) => e.getBoundingClientRect().height),
      ).toBeGreaterThan(60)
    })
  }
})

describe("the theme", () => {
  it("can be one of high contrast, chosen or asked for by the system", async () => {
    await open({ slide: "using-it", colorScheme: "light" })
    const colours = () =>
      deck.page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body)
        return [color, backgroundColor]
      })
    const usual = await colours()
    await deck.page.emulateMedia({ contrast: "more" })
    await eventually(colours).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"])
    await deck.page.emulateMedia({ contrast: "no-preference" })
    await eventually(colours).toEqual(usual)
    const button = deck.page.getByRole("button", { name: /^Theme/ })
    for (let i = 0; i < 4 && !(await button.getAttribute("aria-label"))?.includes("contrast"); i++) await button.click()
    expect(await colours()).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"])
    await deck.page.emulateMedia({ colorScheme: "dark" })
    await eventually(colours).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"])
  })
})
