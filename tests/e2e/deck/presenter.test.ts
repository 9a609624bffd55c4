// The presenter's window and the room's: one browser, two windows, and no network between them.

import { AxeBuilder } from "@axe-core/playwright"
import { describe, expect, it } from "vitest"
import type { MirageCell } from "../../../src/ui/cell/mirage-cell.ts"
import { type Cell, type Deck, eventually } from "../../support/page.ts"
import { useTutorial } from "../../support/tutorial.ts"

const tutorial = useTutorial()
let room: Deck
let desk: Deck

/** Two windows: the room's at `slide`, and the presenter's, opened with the key for it. */
async function open(slide: string): Promise<void> {
  room = await tutorial.open({ slide })
  const opened = room.page.waitForEvent("popup")
  await room.page.keyboard.press("s")
  desk = tutorial.adopt(await opened)
  await desk.page.setViewportSize({ width: 1440, height: 900 })
  await desk.alive()
  await eventually(() => windows()).toBe("1 window follows")
}

const windows = () => desk.page.locator(".presenter-windows [role=status]").innerText()

// In the presenter's window, what comes next is there as well, but not as a cell.
const here = (file: string): [Cell, Cell] => [desk.cell(file), room.cell(file)]

describe("the presenter's window", () => {
  it("opens at the slide of the room's, and both turn together, fragment by fragment", async () => {
    await open("using-it")
    expect(await desk.current()).toBe("using-it")
    await desk.page.keyboard.press("ArrowDown")
    await eventually(() => room.current()).toBe("one-after-the-other")
    await room.page.keyboard.press("ArrowUp")
    await eventually(() => desk.current()).toBe("using-it")
    // Keys in quick succession end where they end, in both.
    for (let i = 0; i < 6; i++) await desk.page.keyboard.press("n")
    const at = await desk.page.evaluate(() => location.hash)
    await eventually(() => room.page.evaluate(() => location.hash)).toBe(at)
    await desk.page.keyboard.press("b")
    await room.page.locator(".reveal.paused").waitFor()
    await desk.page.keyboard.press("b")
    await room.page.locator(".reveal:not(.paused)").waitFor()
  })

  it("has the notes, the next slide, the clock, the time since the start and the cells", async () => {
    await open("using-it")
    const { page } = desk
    const notes = await room.page.evaluate(() => document.querySelector("#using-it aside.notes")?.textContent ?? "")
    const shown = await page.locator(".presenter-notes").innerText()
    expect(shown.replace(/\s+/g, "")).toBe(`Notes${notes}`.replace(/\s+/g, ""))
    const next = await room.page.evaluate(
      () => document.querySelector("#using-it")?.nextElementSibling?.querySelector("h2")?.textContent,
    )
    expect(await page.locator(".presenter-next > h2").innerText()).toBe(`Next: ${next}`)
    expect(await page.locator(".presenter-still h2").innerText()).toBe(next)
    expect(await page.locator(".presenter-still mirage-cell").count()).toBe(0)
    expect(await page.locator("[data-of=clock]").innerText()).toMatch(/\d\d?:\d\d/)
    expect(await page.locator("[data-of=elapsed]").innerText()).toBe("0:00")
    await page.getByRole("button", { name: "Start", exact: true }).click()
    await eventually(() => page.locator("[data-of=elapsed]").innerText()).not.toBe("0:00")
    await page.getByRole("button", { name: "Pause" }).click()
    await page.getByRole("button", { name: "Go on" }).waitFor()
    await page.getByRole("button", { name: "Reset" }).click()
    await eventually(() => page.locator("[data-of=elapsed]").innerText()).toBe("0:00")

    expect(await page.locator(".presenter-cells li").innerText()).toMatch(/^uses\.ts idle/)
    await desk.cell("uses.ts").run()
    await eventually(() => page.locator(".presenter-cells li").innerText()).toMatch(/^uses\.ts done/)
  })

  it("shows its edits, runs and outputs in the room, which runs nothing itself", async () => {
    await open("finding-your-way")
    const [mine, theirs] = here("hello.ts")
    // A program that prints something else each time it runs: two runs cannot look the same.
    await mine.setValue(`export const number: number = Math.random()\nconsole.log("drawn", number)`)
    await eventually(() => theirs.value()).toContain("Math.random()")
    await eventually(() => theirs.code.innerText()).toContain("Math.random()")
    const output = await mine.run()
    await eventually(() => theirs.output()).toBe(output)
    expect(await theirs.status()).toBe("done")
    expect((await theirs.outputRegion.innerText()).trim()).toBe((await mine.outputRegion.innerText()).trim())

    await mine.setValue(`throw new RangeError("not in front of people")`)
    await mine.run("failed")
    await theirs.ends("failed")
    expect(await theirs.output()).toBe(await mine.output())
    await theirs.root.locator(".error").first().waitFor()
  })

  it("shows what is running and what has been stopped", async () => {
    await open("finding-your-way")
    const [mine, theirs] = here("hello.ts")
    await mine.setValue(`console.log("round and round")\nawait new Promise(() => {})`)
    await mine.runButton.click()
    await eventually(() => theirs.status()).toBe("running")
    await eventually(() => theirs.output()).toBe("round and round")
    await mine.runButton.click()
    await mine.ends("stopped")
    await theirs.ends("stopped")
  })

  it("shows a unikernel, its terminal, its pages and its frames", async () => {
    await open("boot-it")
    const file = await room.page.evaluate(() => document.querySelector("#boot-it mirage-cell")?.getAttribute("file"))
    const [mine, theirs] = here(String(file))
    await mine.boot()
    await theirs.root.locator(".serving").waitFor()
    expect(await theirs.status()).toBe("running")

    await mine.tab("Terminal").click()
    await theirs.root.locator("#pane-terminal:visible").waitFor()
    const printed = await mine.shell("ping -c 1 10.0.0.2")
    expect(printed).toContain("10.0.0.2")
    await eventually(() => theirs.root.locator("mirage-terminal .lines").innerText()).toContain("ping -c 1 10.0.0.2")
    await eventually(async () => (await theirs.root.locator("mirage-terminal .lines").innerText()).trim()).toContain(
      printed.trim().split("\n").at(-1),
    )

    await mine.tab("Browser").click()
    const title = (cell: Cell) => cell.root.locator("mirage-browser iframe").contentFrame().locator("body").innerText()
    await eventually(() => title(mine)).not.toBe("")
    const text = await title(mine)
    await eventually(() => title(theirs)).toBe(text)

    const frames = (cell: Cell) => cell.root.evaluate((e) => (e as MirageCell).frames.length)
    await eventually(async () => (await frames(theirs)) === (await frames(mine))).toBe(true)
    expect(await frames(theirs)).toBeGreaterThan(4)
    await theirs.tab("Terminal").click()
    expect(await theirs.shell("ping 10.0.0.2").catch((e: unknown) => String(e))).toContain("presenter's window")
  })

  it("brings a window that is opened late up to date, and lets the room go when it closes", async () => {
    await open("finding-your-way")
    const [mine, theirs] = here("hello.ts")
    await mine.setValue(`console.log("said before", Math.random())`)
    const output = await mine.run()
    await eventually(() => theirs.output()).toBe(output)

    await room.page.reload()
    await room.alive()
    await eventually(() => theirs.output()).toBe(output)
    await eventually(() => theirs.value()).toContain("said before")

    await desk.page.close()
    // On its own again: a run of the room's own, and its own way.
    await theirs.setValue(`console.log("on our own")`)
    expect(await theirs.run()).toBe("on our own")
    await room.slide("using-it")
  })

  it("leaves axe nothing to say, with search open and closed, in light and in dark", async () => {
    await open("using-it")
    const look = async () => {
      const { violations } = await new AxeBuilder({ page: desk.page })
        .exclude("iframe")
        .setLegacyMode(true)
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
        .analyze()
      return violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.html.slice(0, 160)}`))
    }
    // A few slides stand for all: axe walks the whole document each time.
    await desk.page.evaluate(() => {
      for (const column of document.querySelectorAll(".presenter-stage .slides > section:not(.present, :first-child)"))
        column.remove()
    })
    for (const colorScheme of ["light", "dark"] as const) {
      await desk.page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
      expect(await look()).toEqual([])
    }
    await desk.page.keyboard.press("Control+k")
    await desk.page.getByRole("dialog").getByRole("option").first().waitFor()
    expect(await look()).toEqual([])
  })

  it("says so where windows cannot talk to each other", async () => {
    room = await tutorial.open({
      query: "?presenter",
      slide: "using-it",
      before: () => Reflect.deleteProperty(globalThis, "BroadcastChannel"),
    })
    await room.page.getByText("This browser has no BroadcastChannel").waitFor()
    expect(await room.cell("uses.ts").run()).toContain("val a")
  })
})

describe("two readers' windows", () => {
  it("are none of each other's business", async () => {
    room = await tutorial.open({ slide: "using-it" })
    desk = tutorial.adopt(await room.page.context().newPage())
    await desk.page.goto(`${tutorial.site.url}#/one-after-the-other`)
    await desk.alive()
    await desk.slide("our-own-scheduler-at-work")
    expect(await room.current()).toBe("using-it")
    await desk.slide("using-it")
    await desk.cell("uses.ts").run()
    expect(await room.cell("uses.ts").status()).toBe("idle")
  })
})
