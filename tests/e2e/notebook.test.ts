// The notebook's page, as its reader has it: an exercise from the first failing check to the solution, and what is kept of it.

import { AxeBuilder } from "@axe-core/playwright"
import type { Locator } from "playwright-core"
import { describe, expect, it } from "vitest"
import { newPage, type NewPageOptions } from "../support/browser.ts"
import { type Cell, type Deck, eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()
let book: Deck

async function open(options: NewPageOptions = {}): Promise<Deck> {
  book = tutorial.adopt(await newPage(tutorial.browser, { viewport: { width: 1280, height: 720 }, ...options }))
  await book.page.goto(`${tutorial.site.url}notebooks/lwt.html`)
  if (options.javaScriptEnabled !== false) await alive()
  return book
}

async function alive(): Promise<void> {
  await book.page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
}

const button = (cell: Cell, name: string | RegExp): Locator => cell.root.getByRole("button", { name, exact: true })
const stage = (cell: Cell): Locator => cell.root.locator(".ex-stage")
const results = (cell: Cell): Promise<string[]> => cell.root.locator(".ex-results > li").allInnerTexts()
const contents = (): Locator => book.page.locator(".notebook-contents summary")

const SOLVED = `import { Lwt, OS } from "mirage"

export const toss = (): Lwt.t<void> =>
  Lwt.join([
    OS.Time.sleep(2).map(() => console.log("Tails")),
    OS.Time.sleep(1).map(() => console.log("Heads")),
  ]).map(() => console.log("Finished"))
`

describe("an exercise", () => {
  it("is tried, helped with, and solved; and is so on the next visit", async () => {
    await open()
    const cell = book.cell("heads-tails.ts")
    await eventually(() => stage(cell).innerText()).toContain("not started")
    await eventually(() => contents().innerText()).toContain("0 of 8")

    await button(cell, "Check").click()
    await eventually(() => results(cell)).toHaveLength(2)
    const [first, second] = await results(cell)
    expect(first).toMatch(/Failed:.*prints Heads after one second/)
    expect(first).toMatch(/expected\s+\["1 s: Heads"; "2 s: Tails"; "2 s: Finished"\]\s+got\s+\["0 s: Finished"\]/)
    expect(second).toMatch(/Passed:.*two seconds/)
    expect(await stage(cell).innerText()).toContain("tried")

    await button(cell, "Hint 1 of 2").click()
    await eventually(() => cell.root.locator(".ex-hints li").count()).toBe(1)
    await button(cell, "Hint 2 of 2").click()
    await eventually(() => cell.root.locator(".ex-hints li").count()).toBe(2)
    await button(cell, "No more hints").waitFor()

    await cell.edit()
    await cell.paste(SOLVED)
    await eventually(() => cell.value()).toBe(SOLVED)
    await button(cell, "Check").click()
    await eventually(() => cell.root.locator(".exercise").innerText()).toContain("All 2 checks have passed.")
    await eventually(() => contents().innerText()).toContain("1 of 8")

    await book.page.reload()
    await alive()
    await eventually(() => stage(cell).innerText()).toContain("passed")
    await eventually(() => contents().innerText()).toContain("1 of 8")
    await eventually(() => cell.value()).toBe(SOLVED)
    await eventually(() => cell.root.locator(".ex-hints li").count()).toBe(2)

    await button(cell, "Reset").click()
    await eventually(() => cell.value()).not.toBe(SOLVED)
    expect(await stage(cell).innerText()).toContain("passed")
  })

  it("shows a hint that was taken in another tab", async () => {
    const here = await open()
    const there = tutorial.adopt(await here.page.context().newPage())
    await there.page.goto(here.page.url())
    await there.page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
    await button(there.cell("heads-tails.ts"), "Hint 1 of 2").waitFor()
    await button(here.cell("heads-tails.ts"), "Hint 1 of 2").click()
    const hints = (deck: Deck): Locator => deck.cell("heads-tails.ts").root.locator(".ex-hints > li")
    await hints(here).waitFor()
    const said = await hints(here).innerText()
    await eventually(() => hints(there).allInnerTexts()).toEqual([said])
  })

  it("says that what was checked is another text than what is there", async () => {
    await open()
    const cell = book.cell("heads-tails.ts")
    const panel = cell.root.locator(".exercise")
    const before = await cell.value()
    await button(cell, "Check").click()
    await eventually(() => panel.innerText()).toContain("Not passed yet: 1 of 2 checks fails.")
    await cell.setValue(SOLVED)
    await eventually(() => panel.innerText()).toContain("The text has changed since.")
    await cell.setValue(before)
    await eventually(() => panel.innerText()).not.toContain("The text has changed since.")
  })

  it("shows its solution when it is asked for twice, and what mine differs in", async () => {
    await open()
    const cell = book.cell("with-lamp.ts")
    await button(cell, "Solution").click()
    await cell.root.locator(".ex-question").waitFor()
    expect(await cell.root.locator(".ex-code").count()).toBe(0)
    await button(cell, "Not yet").click()
    expect(await cell.root.locator(".ex-question").count()).toBe(0)

    await button(cell, "Solution").click()
    await button(cell, "Show the solution").click()
    expect(await cell.root.locator(".ex-code").innerText()).toContain("Lwt.finalize(f,")
    const names = await cell.root.locator(".exercise").getByRole("button").allInnerTexts()
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
    await button(cell, "Compared with mine").click()
    const lines = (await cell.root.locator(".ex-diff > span").allInnerTexts()).map((line) => line.trimEnd())
    expect(lines).toContain("−   const p = f()")
    expect(lines).toContain("+   return Lwt.finalize(f, () => {")
    expect(lines).toContain("    lamp.on()")

    await button(cell, "Put the solution into the cell").click()
    await eventually(() => cell.root.locator(".ex-solution").innerText()).toContain("Yours is the solution")
    await button(cell, "Check").click()
    await eventually(() => stage(cell).innerText()).toContain("passed")
  })

  it("shows differences in lines of one width, on a phone where they are wider than it", async () => {
    await open({ viewport: { width: 390, height: 844 } })
    const cell = book.cell("heads-tails.ts")
    await button(cell, "Solution").click()
    await button(cell, "Show the solution").click()
    await button(cell, "Compared with mine").click()
    const diff = cell.root.locator(".ex-diff")
    await diff.waitFor()
    const [own, ...lines] = await diff.evaluate((e) => [e.clientWidth, ...Array.from(e.children, (l) => l.clientWidth)])
    expect(lines.length).toBeGreaterThan(5)
    expect(new Set(lines).size).toBe(1)
    expect(lines[0]).toBeGreaterThan(own!)
  })

  it("leaves the keyboard where it is, though what was pressed has done its work", async () => {
    await open()
    const cell = book.cell("with-lamp.ts")
    const { keyboard } = book.page
    await button(cell, "Solution").focus()
    for (const [answer, shows] of [
      ["Not yet", 0],
      ["Show the solution", 1],
    ] as const) {
      await keyboard.press("Enter")
      await button(cell, answer).press("Enter")
      await eventually(() => cell.root.locator(".ex-solution").count()).toBe(shows)
      expect(await book.focused()).toContain('"Solution"')
    }
    await button(cell, "Put the solution into the cell").press("Enter")
    await eventually(() => button(cell, "Put the solution into the cell").isDisabled()).toBe(true)
    expect(await book.focused()).toContain('"Put the solution into the cell"')
  })

  it("stops a program that goes round for ever, and is there to be tried again", async () => {
    await open()
    const cell = book.cell("and-then.ts")
    await cell.setValue("export const andThen = () => { for (;;); }\n")
    await button(cell, "Check").click()
    await button(cell, "Stop checking").waitFor()
    await eventually(() => cell.root.locator(".exercise").innerText()).toContain("a loop, most likely")
    await button(cell, "Check").waitFor()
    expect(await stage(cell).innerText()).toContain("tried")
  })

  it("keeps its size when a program floods, and what is long is scrolled by keyboard", async () => {
    await open()
    const cell = book.cell("heads-tails.ts")
    const panel = cell.root.locator(".exercise")
    for (const flood of [
      "for (let i = 0; i < 30_000; i++) console.log(`line ${i}`)\n  return Lwt.return()",
      'throw new Error("no\\n".repeat(20_000))',
    ]) {
      await cell.setValue(`import { Lwt } from "mirage"\n\nexport const toss = (): Lwt.t<void> => {\n  ${flood}\n}\n`)
      await button(cell, "Check").click()
      await eventually(() => panel.innerText()).toMatch(flood.startsWith("for") ? /got\s+\["0 s: line 0"/ : /Error: no/)
      expect(await panel.evaluate((e) => e.clientHeight)).toBeLessThan(720)
      const long = cell.root.locator(".ex-long").first()
      await long.focus()
      await book.page.keyboard.press("End")
      await eventually(() => long.evaluate((e) => e.scrollTop)).toBeGreaterThan(0)
    }
  })

  it("says that what was to be waited for is no promise, in a check and in a program", async () => {
    await open()
    const cell = book.cell("echo.ts")
    const forgotten = `import { LwtDirect, OS } from "mirage"
export const echo = (): void => {}
await OS.run(LwtDirect.spawn(function* () {
  yield* OS.Time.sleep(1); yield* echo()
}))
`
    const said = "TypeError: yield* wants a promise of Lwt, not undefined (is a `return` missing?)"
    await cell.setValue(forgotten)
    expect(await cell.run("failed")).toContain(`echo.ts:4:35: ${said}`)
    await cell.setValue("export const echo = (): void => {}\n")
    await button(cell, "Check").click()
    await eventually(() => results(cell)).toHaveLength(3)
    expect((await results(cell))[0]).toContain(said)
  })

  it("leads to the place of a mistake", async () => {
    await open()
    const cell = book.cell("echo.ts")
    await cell.setValue("export const echo = (\n")
    await button(cell, "Check").click()
    await button(cell, /^echo\.ts:/).click()
    await cell.hasCaret()
  })

  it("tells the element's owner", async () => {
    await open()
    const root = book.cell("heads-tails.ts").root
    const told = await root.evaluate(async (e) => {
      const cell = e as unknown as HTMLElement & { check(): Promise<boolean> }
      const heard: unknown[] = []
      cell.addEventListener("mirage-check", (event) =>
        heard.push((event as CustomEvent<{ passed: boolean }>).detail.passed),
      )
      return [await cell.check(), ...heard]
    })
    expect(told).toEqual([false, false])
  })
})

describe("the page", () => {
  it.each(["light", "dark"] as const)("has nothing for axe to complain of, %s", async (colorScheme) => {
    await open({ colorScheme })
    const cell = book.cell("heads-tails.ts")
    await button(cell, "Check").click()
    await eventually(() => results(cell)).toHaveLength(2)
    await button(cell, /^Hint 1/).click()
    await button(cell, "Solution").click()
    await button(cell, "Show the solution").click()
    await button(cell, "Compared with mine").click()
    const { violations } = await new AxeBuilder({ page: book.page }).analyze()
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([])
  })

  it("is worked by keyboard alone", async () => {
    await open()
    const cell = book.cell("heads-tails.ts")
    await cell.runButton.focus()
    const seen: string[] = []
    for (let i = 0; i < 12; i++) {
      await book.page.keyboard.press("Tab")
      seen.push(await book.focused())
      if (seen.at(-1)?.startsWith("button.check")) break
    }
    expect(seen.join("\n")).toMatch(
      /button\.hint-button "Hint 1 of 2"\nbutton\.solution-button "Solution"\nbutton\.check/,
    )
    await book.page.keyboard.press("Enter")
    await eventually(() => results(cell)).toHaveLength(2)
    expect(await book.focused()).toMatch(/^button\.check/)
  })

  it("follows the reader, and leads to the deck and back", async () => {
    await open()
    const { page } = book
    await page.locator(".notebook-contents a", { hasText: "Mailboxes" }).click()
    await eventually(() => page.locator(".notebook-contents [aria-current]").innerText()).toBe("Mailboxes")
    await page.locator(".notebook-head a").click()
    await book.alive()
    await page.keyboard.press("?")
    await page.getByRole("link", { name: "A notebook on Lwt" }).click()
    await eventually(() => page.title()).toContain("Lwt, a notebook")
  })

  it("is read on a phone without scrolling sideways", async () => {
    await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    expect(await book.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    const cell = book.cell("heads-tails.ts")
    await button(cell, "Check").tap()
    await eventually(() => results(cell)).toHaveLength(2)
    expect(await book.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })

  it("is readable without scripts", async () => {
    await open({ javaScriptEnabled: false })
    const { page } = book
    await page.getByRole("heading", { name: "Exercise 5: map, filter, split" }).scrollIntoViewIfNeeded()
    expect(await page.locator('mirage-cell[file="pipeline.ts"] .cell-code').isVisible()).toBe(true)
    expect(await page.locator('mirage-cell[file="first.ts"] .cell-output').innerText()).toContain("bind has not waited")
    await page.getByRole("link", { name: "Switches" }).click()
    expect(page.url()).toMatch(/#switches$/)
  })
})
