// A cell as its reader has it before any editor: Run by pointer and by keyboard, what it shows, and its public face.

import { describe, expect, it } from "vitest"
import type { MirageCell } from "../../src/ui/cell/mirage-cell.ts"
import { type Deck, type DeckOptions, eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

async function open(slide: string, options: DeckOptions = {}): Promise<Deck> {
  deck = await tutorial.open({ slide, ...options })
  return deck
}

const USES = `val a : Option.t<number> = Some 2
val b : Option.t<number> = None
val c : Option.t<number> = Some 3`

describe("Run", () => {
  it("shows what the slide said it would, without fetching an editor", async () => {
    await open("using-it")
    const cell = deck.cell("uses.ts")
    const asked: string[] = []
    deck.page.on("request", (request) => asked.push(request.url()))
    expect(await cell.outputRegion.innerText()).toBe(USES)

    expect(await cell.run()).toBe(USES)

    expect((await cell.outputRegion.innerText()).trim()).toBe(USES)
    // (What a first edit needs is fetched when the page has nothing to do; an editor is not.)
    expect(asked.filter((url) => /editor|ts\.worker/.test(url))).toEqual([])
  })

  it("moves nothing on the slide", async () => {
    await open("using-it")
    const cell = deck.cell("uses.ts")
    const boxes = () =>
      deck.page.evaluate(() =>
        [...document.querySelectorAll(".slides section.present section.present > *")].map((e) => {
          const { x, y, width, height } = e.getBoundingClientRect()
          return [e.localName, x, y, width, height]
        }),
      )
    const before = await boxes()
    await cell.run()
    expect(await boxes()).toEqual(before)
  })

  it("is one value line a binding, then what was printed, in the order of the source", async () => {
    await open("our-own-scheduler-at-work")
    expect(await deck.cell("our-own.ts").run()).toBe(
      [
        "val say : (seconds: number, what: string) => Lwt.t<void> = <fun>",
        "val third : Lwt.t<void> = <Lwt: Sleep>",
        "val first : Lwt.t<void> = <Lwt: Sleep>",
        "val second : Lwt.t<void> = <Lwt: Sleep>",
        "1 s: first",
        "2 s: second",
        "3 s: third",
      ].join("\n"),
    )
  })

  it("shows a text that is wrong on purpose with its type error, said before the run", async () => {
    await open("a-puzzle")
    const cell = deck.cell("puzzle.ts")
    await cell.runButton.click()
    await eventually(() => cell.status()).toMatch(/done|failed/)
    expect(await cell.output()).toMatch(
      /^type error, puzzle\.ts:4:\d+: .*maybeAdd|^type error, puzzle\.ts:4:\d+: Argument of type/,
    )
  })

  it("keeps the last output, dimmed, until the next has something to show", async () => {
    await open("sleep-and-run")
    const cell = deck.cell("naps.ts")
    await cell.root.getByLabel("How simulated time passes").selectOption("max. speed")
    await cell.run()
    await cell.root.getByLabel("How simulated time passes").selectOption("paused")
    await cell.runButton.click()
    await eventually(() => cell.status()).toBe("running")
    // "start" is printed at once; after that the clock stands.
    await eventually(() => cell.output()).toContain("start")
    expect(await cell.output()).not.toContain("turn over")
    await cell.root.getByLabel("How simulated time passes").selectOption("max. speed")
    await cell.ends("done")
    expect(await cell.output()).toContain(`val t : string = "woken up at 3000 ms"`)
  })
})

describe("by keyboard alone", () => {
  it("Tab reaches Run; Space and Enter press it, and the slide stays", async () => {
    await open("using-it")
    const cell = deck.cell("uses.ts")
    const { keyboard } = deck.page
    let presses = 0
    await deck.page.exposeFunction("ran", () => presses++)
    await cell.root.evaluate((e) =>
      e.addEventListener("mirage-run", () => (globalThis as unknown as { ran(): void }).ran()),
    )

    for (let i = 0; i < 12 && !(await deck.focused()).startsWith("button.run"); i++) await keyboard.press("Tab")
    expect(await deck.focused()).toMatch(/^button\.run/)
    await keyboard.press("Space")
    await cell.ends("done")
    await eventually(() => presses).toBe(1)
    expect(await deck.focused()).toMatch(/^button\.run/)
    await keyboard.press("Enter")
    await eventually(() => presses).toBe(2)
    await cell.ends("done")
    expect(await deck.current()).toBe("using-it")
  })

  it("an arrow on the focused Run button still turns the slide", async () => {
    await open("using-it")
    await deck.cell("uses.ts").runButton.focus()
    await deck.page.keyboard.press("ArrowDown")
    await eventually(() => deck.current()).toBe("one-after-the-other")
    await deck.slide("using-it")
    await deck.cell("uses.ts").runButton.focus()
    await deck.page.keyboard.press("ArrowRight")
    await eventually(() => deck.current()).toBe("a-box-for-later")
  })

  it("Ctrl+Enter in the code runs it", async () => {
    await open("using-it")
    const cell = deck.cell("uses.ts")
    await cell.code.focus()
    await deck.page.keyboard.press("Control+Enter")
    await cell.ends("done")
    expect(await cell.output()).toBe(USES)
    expect(await deck.current()).toBe("using-it")
  })

  it("Shift+Enter runs it, and goes to the next cell, on the next slide", async () => {
    await open("using-it")
    const cell = deck.cell("uses.ts")
    await cell.code.focus()
    await deck.page.keyboard.press("Shift+Enter")
    await eventually(() => deck.current()).toBe("one-after-the-other")
    await eventually(() =>
      deck.page.evaluate(() => document.activeElement?.closest("mirage-cell")?.getAttribute("file")),
    ).toBe("chain.ts")
    await eventually(() => cell.status()).toBe("done")
  })

  it("the arrows of the choice of pace choose, and do not turn the slide", async () => {
    await open("sleep-and-run")
    const pace = deck.cell("naps.ts").root.getByLabel("How simulated time passes")
    await pace.focus()
    await deck.page.keyboard.press("ArrowDown")
    expect(await pace.inputValue()).toBe("10")
    await deck.page.keyboard.press("m")
    expect(await pace.inputValue()).toBe("max")
    expect(await deck.current()).toBe("sleep-and-run")
  })

  it("the tabs of a cell are moved through by arrows", async () => {
    await open("boot-it")
    const cell = deck.cell("www/config.ts")
    await cell.tab("config.ts").focus()
    await deck.page.keyboard.press("ArrowRight")
    await eventually(() => deck.focused()).toContain("unikernel.ts")
    await eventually(() => cell.code.innerText()).toContain("Http.listen(http, { callback, connClosed })")
    await deck.page.keyboard.press("End")
    await eventually(() => cell.code.innerText()).toContain("open Mirage")
    expect(await deck.current()).toBe("boot-it")
  })
})

describe("the element's public face", () => {
  it("run() settles at the end, with the events and the status of the contract on the way", async () => {
    await open("using-it")
    const seen = await deck.cell("uses.ts").root.evaluate(async (e) => {
      const cell = e as MirageCell
      const events: string[] = []
      document.addEventListener("mirage-run", (event) => events.push(`run ${(event as CustomEvent).detail.file}`))
      document.addEventListener("mirage-status", (event) => {
        const { status } = (event as CustomEvent).detail
        events.push(status === cell.getAttribute("status") ? status : `${status}, but the attribute differs`)
      })
      const before = cell.getAttribute("status")
      await cell.run()
      return { before, events, output: cell.output, file: cell.file }
    })
    expect(seen).toEqual({
      before: "idle",
      events: ["run uses.ts", "compiling", "running", "done"],
      output: USES,
      file: "uses.ts",
    })
  })

  it("tells printed text as it comes", async () => {
    await open("finding-your-way")
    const texts = await deck.cell("hello.ts").root.evaluate(async (e) => {
      const heard: string[] = []
      document.addEventListener("mirage-output", (event) => heard.push((event as CustomEvent).detail.text))
      await (e as MirageCell).run()
      return heard
    })
    expect(texts.join("")).toBe("Hello from Mirage!\n")
  })

  it("value is the text, and can be set; reset() takes it back, and can be undone", async () => {
    await open("finding-your-way")
    const cell = deck.cell("hello.ts")
    const starting = await cell.value()
    expect(starting).toMatch(/^const tutorial = .*\n\nconsole\.log\(`Hello from \$\{tutorial\.name\}!`\)$/)

    await cell.setValue(`console.log("as set")`)
    await eventually(() => cell.code.innerText()).toContain("as set")
    await cell.root.evaluate((e) => (e as MirageCell).run())
    expect(await cell.output()).toBe("as set")
    await cell.root.locator(".badge.edited").waitFor()

    await cell.root.evaluate((e) => (e as MirageCell).reset())
    expect(await cell.value()).toBe(starting)
    await deck.toasts.getByRole("button", { name: "Undo" }).click()
    expect(await cell.value()).toBe(`console.log("as set")`)
  })

  it("stop() ends a run, and run() settles then", async () => {
    await open("finding-your-way")
    const cell = deck.cell("hello.ts")
    await cell.setValue("for (;;);")
    const statuses = await cell.root.evaluate(async (e) => {
      const it = e as MirageCell
      const heard: string[] = []
      it.addEventListener("mirage-status", (event) => {
        heard.push((event as CustomEvent).detail.status)
        if (heard.at(-1) === "running") void it.stop()
      })
      await it.run()
      return heard
    })
    expect(statuses).toEqual(["compiling", "running", "stopped"])
    expect(await cell.status()).toBe("stopped")
  })

  it("a second run takes the place of the first", async () => {
    await open("finding-your-way")
    const cell = deck.cell("hello.ts")
    await cell.setValue("for (;;);")
    const first = cell.root.evaluate((e) => (e as MirageCell).run())
    await eventually(() => cell.status()).toBe("running")
    await cell.setValue(`console.log("the second")`)
    await cell.root.evaluate((e) => (e as MirageCell).run())
    await first
    expect(await cell.output()).toBe("the second")
    expect(await cell.status()).toBe("done")
  })

  it("run() settles when a unikernel is up, and shell() types on the learner's machine", async () => {
    await open("boot-it")
    const cell = deck.cell("www/config.ts")
    await cell.root.evaluate((e) => (e as MirageCell).run())
    expect(await cell.status()).toBe("running")
    expect(await cell.shell("curl -i http://10.0.0.2/")).toMatch(
      /^HTTP\/1\.1 200 OK\n[^]*<h1>Hello from a unikernel<\/h1>/,
    )
    await cell.root.evaluate((e) => (e as MirageCell).stop())
    expect(await cell.status()).toBe("stopped")
    await expect(cell.shell("ping 10.0.0.2")).rejects.toThrow("Nothing is running: press Run first.")
  })
})

describe("a cell that belongs to no project of the page", () => {
  it("runs the text in it", async () => {
    await open("finding-your-way")
    await deck.page.evaluate(() => {
      const cell = document.createElement("mirage-cell")
      cell.innerHTML = `<div class="cell-code" data-file="own.ts"><pre><code>const six = 2 * 3</code></pre></div>`
      document.querySelector(".slides section.present section.present")?.append(cell)
    })
    const seen = await deck.page
      .locator("mirage-cell")
      .filter({ hasText: "const six" })
      .evaluate(async (e) => {
        const cell = e as MirageCell
        await cell.run()
        return [cell.file, cell.value, cell.output]
      })
    expect(seen).toEqual(["own.ts", "const six = 2 * 3", "val six = 6"])
  })
})
