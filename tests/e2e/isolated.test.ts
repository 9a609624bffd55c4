// The site of a host that isolates its pages: everything that works without the headers works with them.

import { describe, expect, it } from "vitest"
import { newPage } from "../support/browser.ts"
import { type Deck, type DeckOptions, eventually } from "../support/page.ts"
import { isolated } from "../support/static-host.ts"
import { useTutorial } from "../support/tutorial.ts"

describe.each(["require-corp", "credentialless"] as const)("with %s", (coep) => {
  const tutorial = useTutorial({ headers: () => isolated(coep) })

  /** A page that has been opened, once it is alive. */
  async function alive(deck: Deck): Promise<Deck> {
    await deck.page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
    expect(await deck.page.evaluate(() => crossOriginIsolated)).toBe(true)
    return deck
  }
  const openDeck = async (options: DeckOptions): Promise<Deck> => alive(await tutorial.open(options))

  it("a cell runs, is edited in Monaco, whose TypeScript answers, and runs again", async () => {
    const deck = await openDeck({ slide: "using-it" })
    const cell = deck.cell("uses.ts")
    expect(await cell.run()).toContain("val a : Option.t<number> = Some 2")
    await cell.edit()
    await cell.paste(`const n: number = "three"\n\nconsole.log("ran")`)
    await cell.runButton.click()
    await cell.ends("done")
    // Said by TypeScript, in its own worker.
    await eventually(() => cell.output()).toContain("type error, uses.ts:1:7: Type 'string' is not assignable")
    const faces = await deck.page.evaluate(() => [...document.fonts].map(({ family, status }) => `${family} ${status}`))
    // A stand-in is one of the machine's own fonts, and may not be there.
    const fonts = faces.filter((face) => !face.includes("Stand-in"))
    expect(fonts.filter((font) => font.endsWith("error"))).toEqual([])
    expect(fonts.filter((font) => font.endsWith(" loaded"))).not.toEqual([])
  })

  it("an endless loop is stopped", async () => {
    const deck = await openDeck({ slide: "finding-your-way" })
    const cell = deck.cell("hello.ts")
    await cell.setValue("for (;;);")
    await cell.runButton.click()
    await eventually(() => cell.status()).toBe("running")
    await cell.runButton.click()
    await cell.ends("stopped")
    await cell.setValue(`console.log("alive")`)
    expect(await cell.run()).toBe("alive")
  })

  it("a unikernel boots, is pinged, and its page is seen", async () => {
    const deck = await openDeck({ slide: "boot-it" })
    const file = await deck.page.evaluate(() => document.querySelector("#boot-it mirage-cell")?.getAttribute("file"))
    const cell = deck.cell(String(file))
    await cell.boot()
    expect(await cell.shell("ping -c 1 10.0.0.2")).toContain("10.0.0.2")
    await cell.tab("Browser").click()
    const seen = cell.root.locator("mirage-browser iframe").contentFrame().locator("body")
    await eventually(() => seen.innerText()).not.toBe("")
  })

  it("the presenter's window leads the room's", async () => {
    const room = await openDeck({ slide: "finding-your-way" })
    const opened = room.page.waitForEvent("popup")
    await room.page.keyboard.press("s")
    const desk = await alive(tutorial.adopt(await opened))
    await eventually(() => desk.page.locator(".presenter-windows [role=status]").innerText()).toBe("1 window follows")
    await desk.cell("hello.ts").setValue(`console.log("drawn", Math.random())`)
    const output = await desk.cell("hello.ts").run()
    await eventually(() => room.cell("hello.ts").output()).toBe(output)
    await desk.page.keyboard.press("ArrowRight")
    await eventually(async () => (await room.current()) === (await desk.current())).toBe(true)
    expect(await room.current()).not.toBe("finding-your-way")
  })

  it("an exercise of the notebook is checked", async () => {
    const page = await newPage(tutorial.browser, { viewport: { width: 1280, height: 720 } })
    await page.goto(`${tutorial.site.url}notebooks/lwt.html`)
    const book = await alive(tutorial.adopt(page))
    const { root } = book.cell("heads-tails.ts")
    await root.getByRole("button", { name: "Check", exact: true }).click()
    await eventually(() => root.locator(".ex-results > li").count()).toBe(2)
  })

  it("the deck is made ready for paper", async () => {
    const page = await newPage(tutorial.browser, { viewport: { width: 1280, height: 720 } })
    tutorial.adopt(page)
    await page.goto(`${tutorial.site.url}?print-pdf`)
    await page.locator("html[data-print=ready]").waitFor({ timeout: 60_000 })
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(await page.locator(".pdf-page").count()).toBeGreaterThan(90)
  })
})
