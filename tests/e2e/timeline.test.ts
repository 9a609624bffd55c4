// The timeline of a cell's promises, in a real page: on the slides that show it, by keyboard, as a table, and with many.

import AxeBuilder from "@axe-core/playwright"
import type { Locator, Page } from "playwright-core"
import { describe, expect, it } from "vitest"
import type { MirageCell } from "../../src/ui/cell/mirage-cell.ts"
import { eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()

const cellOf = (page: Page, file: string): Locator => page.locator(`mirage-cell[file="${file}"]`)
const run = (cell: Locator): Promise<void> => cell.evaluate((c) => (c as MirageCell).run())
const setText = (cell: Locator, text: string): Promise<void> =>
  cell.evaluate((c, text) => {
    ;(c as MirageCell).value = text
  }, text)

/** Every row of the table, as text: name, made, resolved, how, woken by, line. */
const tableRows = (cell: Locator): Promise<string[][]> =>
  cell
    .locator("mirage-thread-table tbody tr[data-position]")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((td) => td.textContent?.trim() ?? "")))

/** What the page's next event of this name tells. */
const heard = (page: Page, name: string): Promise<unknown> =>
  page.evaluate(
    (name) =>
      new Promise((resolve) =>
        document.addEventListener(name, (e) => resolve((e as CustomEvent).detail), { once: true }),
      ),
    name,
  )

/** A program of ten thousand promises, and one. */
const MANY = `import { Lwt, OS } from "mirage"
const all = Array.from({ length: 5000 }, (_, i) => OS.Time.sleep(i / 5000).map(() => {}))
await OS.run(Lwt.join(all))
`

/** A program that goes on for ever, and something beside it. */
const TICKING_BESIDE = `import { Lwt, OS } from "mirage"
const tick = (): Lwt.t<void> => OS.Time.sleep(0.1).bind(tick)
const first = tick()
const last = OS.Time.sleep(60)
await OS.run(first)
`

/** A program that goes on for ever. */
const TICKING = `import { Lwt, OS } from "mirage"
const tick = (): Lwt.t<void> => OS.Time.sleep(0.1).bind(tick)
await OS.run(tick())
`

describe("the timeline", () => {
  it("opens with the first run of a cell that has one, and its table says who cancelled whom", async () => {
    const deck = await tutorial.open({ slide: "cancelling-travels-backwards" })
    const cell = cellOf(deck.page, "cancel.ts")
    await run(cell)
    const chart = cell.locator("mirage-timeline [role=application]")
    await chart.waitFor()
    expect(await cell.locator("[data-tab=timeline]").getAttribute("aria-selected")).toBe("true")
    await cell.getByRole("button", { name: "Table" }).click()
    await eventually(() => tableRows(cell)).toEqual([
      ["stop", "0.000 s", "1.000 s", "resolved", "sleep(1)", "line 7"],
      ["sleep(1)", "0.000 s", "1.000 s", "resolved", "a timer", "line 7"],
      ["catch(…)", "0.000 s", "1.000 s", "resolved", "shown", "line 8"],
      ["shown", "0.000 s", "1.000 s", "cancelled", "page", "line 5"],
      ["page", "0.000 s", "1.000 s", "cancelled", "request", "line 4"],
      ["request", "0.000 s", "1.000 s", "cancelled", "shown", "line 3"],
    ])
  })

  it("shows the run loop wake the timer's promises, and these wake who waits for them", async () => {
    const deck = await tutorial.open({ slide: "our-own-scheduler-at-work" })
    const cell = cellOf(deck.page, "our-own.ts")
    await run(cell)
    await cell.locator("mirage-timeline canvas").waitFor()
    await cell.getByRole("button", { name: "Table" }).click()
    // Our own clock is a number in timer.ts: for the machine no time passes.
    const now = "0.000 s"
    await eventually(() => tableRows(cell)).toEqual([
      ["join(…)", now, now, "resolved", "third", "line 8"],
      ...["third", "first", "second"].flatMap((name, i) => [
        [name, now, now, "resolved", `promise #${i + 1}`, "line 7"],
        [`promise #${i + 1}`, now, now, "resolved", "run-loop.ts, line 12", "timer.ts, line 9"],
      ]),
    ])
  })

  it("is worked by keyboard, and Enter shows the line", async () => {
    const deck = await tutorial.open({ slide: "cancelling-travels-backwards" })
    const cell = cellOf(deck.page, "cancel.ts")
    await run(cell)
    const chart = cell.locator("mirage-timeline [role=application]")
    const says = cell.locator("mirage-timeline [role=status]")
    await chart.focus()
    await deck.page.keyboard.press("ArrowDown")
    await eventually(() => says.textContent()).toContain("sleep(1), line 7")
    await deck.page.keyboard.press("ArrowRight")
    await deck.page.keyboard.press("ArrowRight")
    await eventually(() => says.textContent()).toContain("Cursor: 1.000 s.")
    // Folded, its one child is not the next row any more.
    await deck.page.keyboard.press("Home")
    await deck.page.keyboard.press(" ")
    await deck.page.keyboard.press("ArrowDown")
    await eventually(() => says.textContent()).toContain("catch(…), line 8")
    // None of this has turned the slide.
    expect(await deck.current()).toBe("cancelling-travels-backwards")
    await deck.page.keyboard.press("Enter")
    await eventually(() => deck.focused()).toMatch(/textarea|edit-context|monaco|native/i)
  })

  it("shows the line of a row that is clicked, and zooms", async () => {
    const deck = await tutorial.open({ slide: "flip-a-coin" })
    const cell = cellOf(deck.page, "coin.ts")
    await run(cell)
    const canvas = cell.locator("mirage-timeline canvas")
    await canvas.waitFor()
    const before = await canvas.evaluate((c) => (c as HTMLCanvasElement).toDataURL())
    await cell.getByRole("button", { name: "Zoom in" }).click()
    await eventually(() => canvas.evaluate((c) => (c as HTMLCanvasElement).toDataURL())).not.toBe(before)
    const asked = heard(deck.page, "mirage-goto")
    await canvas.click({ position: { x: 80, y: 36 } })
    expect(await asked).toMatchObject({ file: "coin.ts", line: 6 })
  })

  it("goes to the line of a row wherever that is by now, and says so if it is nowhere", async () => {
    const deck = await tutorial.open({ slide: "flip-a-coin" })
    const cell = cellOf(deck.page, "coin.ts")
    const text = await deck.cell("coin.ts").value()
    await run(cell)
    const canvas = cell.locator("mirage-timeline canvas")
    await canvas.waitFor()
    /** Where a click on the first row leads. */
    const row = async (): Promise<unknown> => {
      const asked = heard(deck.page, "mirage-goto")
      await canvas.click({ position: { x: 80, y: 36 } })
      return asked
    }
    expect(await row()).toMatchObject({ line: 6 })
    await deck.cell("coin.ts").hasCaret()
    // In the editor, as a reader does it: a line before all others, and one away.
    await deck.page.keyboard.press("ControlOrMeta+Home")
    await deck.page.keyboard.type("// mine")
    await deck.page.keyboard.press("Enter")
    await eventually(() => deck.cell("coin.ts").value()).toBe(`// mine\n${text}`)
    expect(await row()).toMatchObject({ line: 7 })
    expect(await deck.toasts.count()).toBe(0)
    const without = text.split("\n").toSpliced(5, 1).join("\n")
    await deck.cell("coin.ts").setValue(without)
    expect(await row()).toMatchObject({ line: 6 })
    await eventually(() => deck.toasts.allInnerTexts()).toEqual([
      expect.stringContaining("Line 6 of coin.ts was changed or deleted since that run"),
    ])
    await cell.getByRole("button", { name: "Reset" }).click()
    await eventually(() => deck.cell("coin.ts").value()).toBe(text)
    expect(await row()).toMatchObject({ line: 6 })
    // A new run is of the new text.
    await deck.cell("coin.ts").setValue(`// mine\n${text}`)
    await run(cell)
    expect(await row()).toMatchObject({ line: 7 })
  })

  it("goes there in a plain editor too, and so does an error's place", async () => {
    const deck = await tutorial.open({ slide: "flip-a-coin", viewport: { width: 390, height: 844 }, hasTouch: true })
    const cell = cellOf(deck.page, "coin.ts")
    const area = cell.locator(".cell-editor textarea")
    /** The line that the caret is in. */
    const line = (): Promise<string | undefined> =>
      area.evaluate((e) => {
        const { value, selectionStart } = e as HTMLTextAreaElement
        return value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1).split("\n")[0]
      })
    await setText(cell, 'import { OS } from "mirage"\nawait OS.run(OS.Time.sleep(1))\nthrow new Error("no")\n')
    await run(cell)
    await cell.locator("button.at").first().click()
    await eventually(line).toBe('throw new Error("no")')
    await area.press("ControlOrMeta+Home")
    await area.pressSequentially("// mine\n\n")
    await cell.locator("button.at").first().click()
    await eventually(line).toBe('throw new Error("no")')
    await cell.locator("[data-tab=timeline]").click()
    await cell.locator("mirage-timeline canvas").click({ position: { x: 40, y: 36 } })
    await eventually(line).toBe("await OS.run(OS.Time.sleep(1))")
  })

  it("keeps to the promise that is chosen, while the run puts rows before it", async () => {
    const deck = await tutorial.open({ slide: "flip-a-coin" })
    const cell = cellOf(deck.page, "coin.ts")
    await setText(cell, TICKING_BESIDE)
    await cell.locator("button.run").click()
    const chart = cell.locator("mirage-timeline [role=application]")
    const says = cell.locator("mirage-timeline [role=status]")
    const promises = async () => Number.parseInt((await cell.locator("mirage-timeline .count").textContent()) ?? "")
    await chart.press("End")
    await eventually(() => says.textContent()).toMatch(/^last, /)
    const chosen = await promises()
    await eventually(promises).toBeGreaterThan(chosen + 4)
    expect(await says.textContent()).toMatch(/^last, /)
    await cell.getByRole("button", { name: "Table" }).click()
    await eventually(() => cell.locator("mirage-thread-table tr[aria-selected=true] .name").allTextContents()).toEqual([
      "last",
    ])
  })

  it("shows all of a run that goes on, as long as nobody looks at a part", async () => {
    const deck = await tutorial.open({ slide: "flip-a-coin" })
    const cell = cellOf(deck.page, "coin.ts")
    await setText(cell, TICKING)
    await cell.locator("button.run").click()
    const chart = cell.locator("mirage-timeline [role=application]")
    /** The picture, when all that is due has been drawn. */
    const picture = () =>
      cell.locator("mirage-timeline canvas").evaluate(async (canvas) => {
        for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
        return (canvas as HTMLCanvasElement).toDataURL()
      })
    const promises = async () => Number.parseInt((await cell.locator("mirage-timeline .count").textContent()) ?? "")
    await chart.press("+")
    await chart.press("0")
    const asked = await promises()
    await eventually(promises).toBeGreaterThan(asked + 9)
    await cell.locator("button.run").click()
    await eventually(() => cell.getAttribute("status")).toBe("stopped")
    // The row that is chosen looks another way while the keyboard is here.
    await chart.focus()
    const before = await picture()
    await chart.press("0")
    expect((await picture()) === before).toBe(true)
  })

  it("offers to run again with it where it was not on, and only in cells that use Lwt", async () => {
    const deck = await tutorial.open({ slide: "the-other-coin" })
    const cell = cellOf(deck.page, "choose-coin.ts")
    await run(cell)
    await cell.locator("[data-tab=timeline]").click()
    await cell.getByRole("button", { name: "Run and record" }).press("Enter")
    await cell.locator("mirage-timeline canvas").waitFor()
    expect(await deck.focused()).toBe('button "Timeline"')
    await setText(cell, "console.log(1)\n")
    await run(cell)
    await eventually(() => cell.locator("[data-tab=timeline]").count()).toBe(0)
    expect(await cell.evaluate((c) => (c as MirageCell).output)).toBe("1")
  })

  it("stays smooth with ten thousand promises, in no more elements than with ten", async () => {
    const deck = await tutorial.open({ slide: "flip-a-coin" })
    const cell = cellOf(deck.page, "coin.ts")
    await setText(cell, MANY)
    await run(cell)
    await eventually(() => cell.locator("mirage-timeline .count").textContent()).toContain("10,001")
    await cell.getByRole("button", { name: "Unfold" }).click()
    const { frames, elements } = await cell.evaluate(async (c) => {
      const timeline = c.shadowRoot!.querySelector("mirage-timeline")!
      const chart = timeline.shadowRoot!.querySelector(".chart") as HTMLElement
      const frames: number[] = []
      for (let i = 0; i < 60; i++) {
        chart.scrollTop = i * 3000
        chart.dispatchEvent(new KeyboardEvent("keydown", { key: i % 2 === 0 ? "+" : "ArrowRight" }))
        const start = performance.now()
        // One frame draws; what it costs is the time until the one after is ready.
        await new Promise((resolve) => requestAnimationFrame(resolve))
        await (timeline as HTMLElement & { updateComplete: Promise<unknown> }).updateComplete
        frames.push(performance.now() - start)
      }
      return { frames, elements: timeline.shadowRoot!.querySelectorAll("*").length }
    })
    console.log(
      `frames: median ${frames.toSorted((a, b) => a - b)[30]?.toFixed(1)} ms, worst ${Math.max(...frames).toFixed(1)} ms`,
    )
    expect(elements).toBeLessThan(40)
    // Not a measurement, which a busy machine would spoil: a picture that looked at all of them would take many times this.
    expect(frames.toSorted((a, b) => a - b)[30]).toBeLessThan(100)
  })

  it("has a table that is gone through by keyboard, of which only the rows in view are in the page", async () => {
    const deck = await tutorial.open({ slide: "flip-a-coin" })
    const { keyboard } = deck.page
    const cell = cellOf(deck.page, "coin.ts")
    await setText(cell, MANY)
    await run(cell)
    await eventually(() => cell.locator("mirage-timeline .count").textContent()).toContain("10,001")
    await cell.getByRole("button", { name: "Unfold" }).click()
    await cell.getByRole("button", { name: "Table" }).click()
    const rows = cell.locator("mirage-thread-table tbody tr[data-position]")
    /** Which row has the focus, and whether all of it is in sight. */
    const focused = () =>
      cell.locator("mirage-thread-table .rows").evaluate((scroller) => {
        const row = scroller.querySelector<HTMLElement>("tr:focus")
        const head = scroller.querySelector("thead")!.getBoundingClientRect()
        const [box, view] = [row?.getBoundingClientRect(), scroller.getBoundingClientRect()]
        const seen = box !== undefined && box.top >= head.bottom - 1 && box.bottom <= view.bottom + 1
        return [row?.dataset["position"], seen]
      })
    await rows.first().focus()
    for (const [key, position] of [
      ["End", "10000"],
      ["ArrowDown", "10000"],
      ["ArrowUp", "9999"],
      ["Home", "0"],
      ["ArrowUp", "0"],
      ["ArrowDown", "1"],
    ] as const) {
      await keyboard.press(key)
      await eventually(focused).toEqual([position, true])
      expect(await rows.count()).toBeLessThan(60)
    }
    const page = await cell.locator("mirage-thread-table .rows").evaluate((scroller) => {
      const row = scroller.querySelector<HTMLElement>("tr[data-position]")!
      return Math.floor(scroller.clientHeight / row.offsetHeight)
    })
    await keyboard.press("PageDown")
    await eventually(focused).toEqual([String(1 + Math.max(1, page - 2)), true])
    expect(await deck.current()).toBe("flip-a-coin")
    // What runs a cell does so from here.
    const ran = heard(deck.page, "mirage-run")
    await keyboard.press("Shift+Enter")
    expect(await ran).toMatchObject({ file: "coin.ts" })
  })

  it.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["the reader's own colours", { forcedColors: "active" }],
    ["on a phone", { viewport: { width: 390, height: 800 } }],
  ] as const)("has no fault that axe finds: %s", async (_name, options) => {
    const deck = await tutorial.open({ slide: "cancelling-travels-backwards", ...options })
    const cell = cellOf(deck.page, "cancel.ts")
    await run(cell)
    await cell.locator("mirage-timeline canvas").waitFor()
    const look = async () => {
      const { violations } = await new AxeBuilder({ page: deck.page })
        .include('mirage-cell[file="cancel.ts"]')
        .analyze()
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`)).toEqual([])
    }
    await look()
    await cell.getByRole("button", { name: "Table" }).click()
    await look()
  })
})
