// Monaco in a cell in a scaled slide: every trap of putting an editor into reveal.js, sprung by real keys and clicks.

import type { Page } from "playwright-core"
import { describe, expect, it } from "vitest"
import { type Cell, type Deck, type DeckOptions, eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

async function open(slide: string, options: DeckOptions = {}): Promise<Deck> {
  deck = await tutorial.open({ slide, ...options })
  return deck
}

/** A cell whose editor has the caret. */
async function edit(slide: string, file: string, options: DeckOptions = {}): Promise<Cell> {
  await open(slide, options)
  const cell = deck.cell(file)
  await cell.edit()
  return cell
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where `text`, of line `line`, is on the screen in the cell's editor. */
function place(cell: Cell, line: number, text: string): Promise<Box> {
  return cell.root.evaluate(
    (root, [number, wanted]) => {
      const lines = [...root.querySelectorAll<HTMLElement>(".cell-editor .view-line")]
      lines.sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
      const on = lines[number - 1]
      const from = on?.textContent?.replaceAll("\u00a0", " ").indexOf(wanted) ?? -1
      if (on === undefined || from < 0) throw new Error(`no ${wanted} on line ${number}: ${on?.textContent}`)
      const range = document.createRange()
      const walker = document.createTreeWalker(on, NodeFilter.SHOW_TEXT)
      let seen = 0
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const length = node.textContent?.length ?? 0
        if (from >= seen && from < seen + length) range.setStart(node, from - seen)
        const end = from + wanted.length
        if (end > seen && end <= seen + length) range.setEnd(node, end - seen)
        seen += length
      }
      const { x, y, width, height } = range.getBoundingClientRect()
      return { x, y, width, height }
    },
    [line, text] as const,
  )
}

/** Hover over a place until a card with `text` is there: TypeScript may still be starting, and a card is asked for once. */
async function hover(at: Box, text: string): Promise<Box> {
  const card = deck.page.locator(".monaco-hover:visible").filter({ hasText: text })
  const { x, y } = { x: at.x + at.width / 2, y: at.y + at.height / 2 }
  await eventually(async () => {
    if ((await card.count()) > 0) return true
    if ((await deck.page.locator(".monaco-hover:visible").count()) === 0) {
      await deck.page.mouse.move(x, y - 60)
      await deck.page.mouse.move(x, y)
    }
    return card
      .first()
      .waitFor({ timeout: 1500 })
      .then(
        () => true,
        () => false,
      )
  }).toBe(true)
  return (await card.first().boundingBox()) as Box
}

async function box(page: Page, selector: string): Promise<Box> {
  const found = page.locator(selector).first()
  await found.waitFor()
  const at = await found.boundingBox()
  if (at === null) throw new Error(`${selector} cannot be seen`)
  return at
}

/** Windows with their scales: a slide is written for 1280 by 720. */
const WINDOWS = [
  { scale: 0.64, viewport: { width: 819, height: 461 } },
  { scale: 1, viewport: { width: 1280, height: 720 } },
  { scale: 1.5, viewport: { width: 1920, height: 1080 } },
  { scale: 1.6, viewport: { width: 2048, height: 1152 } },
] as const

describe("keys", () => {
  for (const { scale, viewport } of WINDOWS.slice(1, 3)) {
    it(`typed into the editor are the editor's, at scale ${scale}`, async () => {
      const cell = await edit("using-it", "uses.ts", { viewport })
      const { keyboard } = deck.page
      await keyboard.press("ControlOrMeta+A")
      await keyboard.press("Delete")
      await keyboard.type("// hbnosf? jkl pg. HBN ")
      await eventually(() => cell.shown()).toBe("// hbnosf? jkl pg. HBN")
      for (const key of ["ArrowLeft", "ArrowUp", "ArrowDown", "ArrowRight", "Home", "End", "PageDown", "PageUp"]) {
        await keyboard.press(key)
      }
      expect(await deck.current()).toBe("using-it")
      expect(await deck.page.locator(".reveal.paused, .reveal.overview, dialog[open]").count()).toBe(0)
    })
  }

  it("typed into a text area in a shadow tree stay in it", async () => {
    await open("using-it")
    await deck.page.evaluate(() => {
      const host = document.createElement("div")
      host.attachShadow({ mode: "open" }).innerHTML = "<textarea id=deep></textarea>"
      document.querySelector(".slides section.present section.present")?.append(host)
    })
    const area = deck.page.locator("#deep")
    await area.focus()
    await deck.page.keyboard.type("hbn osf?")
    expect(await area.inputValue()).toBe("hbn osf?")
    expect(await deck.current()).toBe("using-it")
  })

  it("outside of it are the show's again", async () => {
    const cell = await edit("using-it", "uses.ts")
    await deck.page.keyboard.press("Escape")
    await eventually(() => deck.focused()).toMatch(/^button\.run/)
    await deck.page.keyboard.press("n")
    await eventually(() => deck.current()).toBe("one-after-the-other")
    expect(await cell.value()).toContain("const c = Option.bind(")
  })

  it("Tab indents, and after Ctrl+M moves on", async () => {
    const cell = await edit("using-it", "uses.ts")
    const { keyboard } = deck.page
    await cell.paste("x")
    await keyboard.press("Home")
    await keyboard.press("Tab")
    await eventually(() => cell.value()).toBe("  x")
    await keyboard.press("Control+m")
    await keyboard.press("Tab")
    await eventually(() => deck.page.locator(".monaco-editor.focused").count()).toBe(0)
    expect(await cell.value()).toBe("  x")
    expect(await deck.current()).toBe("using-it")
  })

  it("Escape closes what the editor has open, and then leaves it for the Run button", async () => {
    const cell = await edit("using-it", "uses.ts")
    const { keyboard } = deck.page
    await keyboard.press("ControlOrMeta+f")
    await deck.page.locator(".find-widget.visible").waitFor()
    await keyboard.press("Escape")
    await eventually(() => deck.page.locator(".find-widget.visible").count()).toBe(0)
    await cell.hasCaret()
    await keyboard.press("Escape")
    await eventually(() => deck.focused()).toMatch(/^button\.run/)
    expect(await deck.page.locator(".reveal.overview").count()).toBe(0)
  })

  it("Ctrl+Enter runs the text as it is, and leaves the caret where it is", async () => {
    const cell = await edit("using-it", "uses.ts")
    await cell.paste("const sum = 40 + 2")
    await deck.page.keyboard.press("Control+Enter")
    await cell.ends("done")
    await eventually(() => cell.output()).toBe("val sum : number = 42")
    await cell.hasCaret()
    expect(await cell.value()).toBe("const sum = 40 + 2")
  })

  it("Shift+Enter runs it and goes to the next cell", async () => {
    const cell = await edit("using-it", "uses.ts")
    await deck.page.keyboard.press("Shift+Enter")
    await eventually(() => deck.current()).toBe("one-after-the-other")
    await eventually(() => cell.status()).toBe("done")
    expect(await cell.value()).not.toContain("\n\n\n")
  })

  it("Undo takes typing back, not the slide", async () => {
    const cell = await edit("using-it", "uses.ts")
    const before = await cell.value()
    await deck.page.keyboard.type("zz")
    await eventually(() => cell.value()).not.toBe(before)
    await deck.page.keyboard.press("ControlOrMeta+z")
    await eventually(() => cell.value()).toBe(before)
    await cell.root.locator(".badge.edited").waitFor({ state: "detached" })
  })
})

describe("places", () => {
  for (const { scale, viewport } of WINDOWS) {
    it(`a click puts the caret exactly there, at scale ${scale}`, async () => {
      const cell = await edit("sleep-and-run", "naps.ts", { viewport })
      const line = (await cell.value()).split("\n")[4] as string
      for (const text of [".map", "console", "turn over"]) {
        const from = line.indexOf(text)
        const first = await place(cell, 5, line.slice(from, from + 1))
        // Between two characters, nearer to the left one's edge.
        await deck.page.mouse.click((await place(cell, 5, text)).x + first.width * 0.1, first.y + first.height / 2)
        await deck.page.keyboard.insertText("§")
        await eventually(async () => (await cell.value()).split("\n")[4]).toBe(
          `${line.slice(0, from)}§${line.slice(from)}`,
        )
        await deck.page.keyboard.press("Backspace")
        await eventually(async () => (await cell.value()).split("\n")[4]).toBe(line)
      }
    })

    it(`the hover card lies at its word and says the type, at scale ${scale}`, async () => {
      const cell = await edit("sleep-and-run", "naps.ts", { viewport })
      const word = await place(cell, 6, "sleep")
      const card = await hover(word, "sleep(seconds: number): Lwt.t<void>")
      const gap = Math.min(Math.abs(card.y + card.height - word.y), Math.abs(word.y + word.height - card.y))
      expect(gap).toBeLessThan(word.height / 2)
      expect(card.x).toBeLessThanOrEqual(word.x + word.width)
      expect(card.x + card.width).toBeGreaterThanOrEqual(word.x)
    })

    it(`the context menu opens where the click was, at scale ${scale}`, async () => {
      const cell = await edit("sleep-and-run", "naps.ts", { viewport })
      const word = await place(cell, 4, "sleep")
      const x = word.x + word.width / 2
      const y = word.y + word.height / 2
      await deck.page.mouse.click(x, y, { button: "right" })
      const menu = await box(deck.page, ".monaco-menu")
      expect(Math.abs(menu.x - x)).toBeLessThan(6)
      // Under the pointer, or above it where there is no room beneath.
      expect(Math.min(Math.abs(menu.y - y), Math.abs(menu.y + menu.height - y))).toBeLessThan(6)
      await deck.page.getByRole("menuitem", { name: /Go to Definition/ }).waitFor()
      await deck.page.keyboard.press("Escape")
    })

    it(`suggestions appear at the caret, at scale ${scale}`, async () => {
      const cell = await edit("using-it", "uses.ts", { viewport })
      await cell.paste(`import { Lwt } from "mirage"\n\nLwt`)
      await deck.page.keyboard.type(".")
      const list = await box(deck.page, ".suggest-widget.visible")
      // The first of the alphabet: the list draws no more rows than it shows.
      await deck.page.locator(".suggest-widget.visible .monaco-list-row").filter({ hasText: "abandonPaused" }).waitFor()
      const caret = await place(cell, 3, "Lwt.")
      const right = caret.x + caret.width
      expect(list.x).toBeLessThanOrEqual(right + 4)
      expect(list.x).toBeGreaterThan(right - 80 * scale)
      const gap = Math.min(Math.abs(list.y - caret.y - caret.height), Math.abs(list.y + list.height - caret.y))
      expect(gap).toBeLessThan(caret.height)
    })
  }

  it("a click on the highlighted text puts the caret of the coming editor there", async () => {
    await open("using-it")
    const cell = deck.cell("uses.ts")
    const at = await cell.code.evaluate((code) => {
      const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const from = node.textContent?.indexOf("const c") ?? -1
        const found = from >= 0 ? from : (node.textContent?.indexOf(" c = ") ?? -1)
        if (found < 0) continue
        const range = document.createRange()
        range.setStart(node, found + 1)
        range.setEnd(node, found + 2)
        const { x, y, height } = range.getBoundingClientRect()
        return { x, y: y + height / 2 }
      }
      throw new Error("no such text")
    })
    await deck.page.mouse.click(at.x + 1, at.y)
    await cell.hasCaret()
    await deck.page.keyboard.insertText("§")
    await eventually(() => cell.value()).toContain("const §c = Option.bind(")
  })

  it("typing never moves anything on the slide", async () => {
    const cell = await edit("using-it", "uses.ts")
    const boxes = () =>
      deck.page.evaluate(() =>
        [...document.querySelectorAll(".slides section.present section.present > *, .deck-bar")].map((e) => {
          const { x, y, width, height } = e.getBoundingClientRect()
          return [e.localName, x, y, width, height]
        }),
      )
    const before = await boxes()
    await deck.page.keyboard.press("ControlOrMeta+End")
    for (let i = 0; i < 12; i++) await deck.page.keyboard.press("Enter")
    await deck.page.keyboard.type("Option")
    await eventually(() => cell.shown()).toMatch(/Option$/)
    expect(await boxes()).toEqual(before)
    // The line with the caret can be seen.
    const caret = await box(deck.page, ".cell-editor .cursor")
    const host = await box(deck.page, ".cell-editor")
    expect(caret.y).toBeGreaterThanOrEqual(host.y)
    expect(caret.y + caret.height).toBeLessThanOrEqual(host.y + host.height)
  })

  it("the editor stands where the text stood", async () => {
    await open("using-it")
    const cell = deck.cell("uses.ts")
    const text = await box(deck.page, `mirage-cell[file="uses.ts"] .cell-code`)
    await cell.edit()
    const editor = await box(deck.page, `mirage-cell[file="uses.ts"] .cell-editor`)
    expect(editor.y).toBeCloseTo(text.y, 0)
    expect(Math.abs(editor.height - text.height)).toBeLessThanOrEqual(2)
  })
})

describe("what the editor knows", () => {
  it("completes the members of Lwt, and takes the chosen one", async () => {
    const cell = await edit("using-it", "uses.ts")
    await cell.paste(`import { Lwt } from "mirage"\n\nLwt.failW`)
    await deck.page.keyboard.press("Control+Space")
    await deck.page
      .locator(".suggest-widget.visible .monaco-list-row")
      .filter({ hasText: "failWith" })
      .first()
      .waitFor()
    await deck.page.keyboard.press("Enter")
    await eventually(() => cell.value()).toMatch(/Lwt\.failWith$/)
    expect(await deck.current()).toBe("using-it")
  })

  it("underlines an error as you type, and no longer when it is mended", async () => {
    const cell = await edit("using-it", "uses.ts")
    await cell.paste("const n: number = 1")
    await deck.page.keyboard.press("End")
    await deck.page.keyboard.press("Backspace")
    await deck.page.keyboard.type('"one')
    await cell.root.locator(".squiggly-error").first().waitFor()
    for (let i = 0; i < 5; i++) await deck.page.keyboard.press("Backspace")
    await deck.page.keyboard.type(" 1")
    await eventually(() => cell.root.locator(".squiggly-error").count()).toBe(0)
  })

  it("has no error in any untouched cell that is not wrong on purpose", async () => {
    const cell = await edit("using-it", "uses.ts")
    // The worker has answered when it knows a type.
    await hover(await place(cell, 3, "bind"), "bind")
    expect(await cell.root.locator(".squiggly-error").count()).toBe(0)
  })

  it("knows the reader's text of another cell", async () => {
    const cell = await edit("using-it", "uses.ts")
    await deck.cell("option-monad.ts").setValue("export const pear = 'a pear'\n")
    await cell.paste(`import * as Option from "./option-monad.ts"\n\nconst it = Option.pear`)
    await deck.page.keyboard.press("Control+Enter")
    await cell.ends("done")
    await eventually(() => cell.output()).toBe(`val it : string = "a pear"`)
  })

  it("shows the run's error as a squiggle, and its link moves the caret there", async () => {
    const cell = await edit("using-it", "uses.ts")
    await cell.paste(`const weigh = (x: unknown): number => {
  throw new Error("no scales")
}

weigh(1)`)
    await cell.run("failed")
    await cell.root.locator(".squiggly-error").first().waitFor()
    await cell.root.getByRole("button", { name: "Go to uses.ts:2:9" }).first().click()
    await cell.hasCaret()
    await deck.page.keyboard.insertText("§")
    await eventually(() => cell.value()).toContain('  throw §new Error("no scales")')
    // A changed text has no error until it is run again.
    await eventually(() => cell.root.locator(".squiggly-error").count()).toBe(0)
  })

  it("F12 on a name of another cell goes to that cell", async () => {
    const cell = await edit("using-it", "uses.ts")
    const word = await place(cell, 3, "bind")
    await deck.page.mouse.click(word.x + 4, word.y + word.height / 2)
    await deck.page.keyboard.press("F12")
    await eventually(() => deck.current()).toBe("the-option-monad")
    await deck.cell("option-monad.ts").hasCaret()
    await deck.page.keyboard.insertText("§")
    await eventually(() => deck.cell("option-monad.ts").value()).toContain("export const §bind = ")
  })

  it("F12 on a name of the library OS opens the source that runs, and goes on from there", async () => {
    const cell = await edit("sleep-and-run", "naps.ts")
    const word = await place(cell, 10, "run")
    await deck.page.mouse.click(word.x + 4, word.y + word.height / 2)
    await deck.page.keyboard.press("F12")
    const dialog = deck.page.locator("dialog.mirage-source[open]")
    await dialog.waitFor()
    await eventually(() => dialog.locator("h2").innerText()).toBe("mirage/os/os.ts")
    const source = dialog.locator(".view-line")
    await eventually(() => source.filter({ hasText: "export" }).count()).toBeGreaterThan(0)
    // From inside `run` to what it calls.
    const call = source.filter({ hasText: /engine\(\)\.run|\.run\(/ }).first()
    await call.locator("span", { hasText: /run/ }).last().click()
    await deck.page.keyboard.press("F12")
    await eventually(() => dialog.locator("h2").innerText()).toBe("mirage/os/engine.ts")
    await dialog.getByRole("button", { name: "Back" }).click()
    await eventually(() => dialog.locator("h2").innerText()).toBe("mirage/os/os.ts")
    // Read only, and its keys are not the show's.
    await deck.page.keyboard.type("nb")
    await deck.page.keyboard.press("Escape")
    await eventually(() => dialog.count()).toBe(0)
    expect(await deck.current()).toBe("sleep-and-run")
    await cell.hasCaret()
  })
})

describe("for assistive technology", () => {
  it("the slides are no application, and those that are not shown are inert", async () => {
    await open("using-it")
    expect(await deck.page.locator("[role=application]").count()).toBe(0)
    const reachable = await deck.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".slides > section > section")]
        .filter((slide) => slide.closest("[inert], [hidden]") === null && getComputedStyle(slide).display !== "none")
        .map((slide) => slide.id),
    )
    expect(reachable).toEqual(["using-it"])
  })

  it("the editor says what it is and how to leave it", async () => {
    await edit("using-it", "uses.ts")
    expect(await deck.focused()).toContain("Code, uses.ts. Escape leaves the editor")
  })
})

describe("when Monaco cannot be fetched", () => {
  const withoutMonaco = async (page: Page): Promise<void> => {
    await page.route(/assets\/(editor|ts\.worker|tsMode|mirage-sources)[^/]*$/, (route) => route.abort())
  }

  it("Run works", async () => {
    await open("using-it", { prepare: withoutMonaco })
    expect(await deck.cell("uses.ts").run()).toContain("val a : Option.t<number> = Some 2")
  })

  it("an edit is made in a plain text area, which runs like any other", async () => {
    await open("using-it", { prepare: withoutMonaco })
    const cell = deck.cell("uses.ts")
    await cell.code.click()
    const area = cell.root.locator(".mirage-plain-editor textarea")
    await area.waitFor()
    await deck.toasts.filter({ hasText: "A plain editor is used here" }).waitFor()
    await area.fill("const six = 2 * 3")
    await deck.page.keyboard.press("Control+Enter")
    await cell.ends("done")
    expect(await cell.output()).toBe("val six = 6")
    await area.press("h")
    await area.press("n")
    expect(await deck.current()).toBe("using-it")
    await area.press("Escape")
    await eventually(() => deck.focused()).toMatch(/^button\.run/)
    // Chromium reports the chunk that was refused; nothing else may be wrong.
    expect(deck.complaints.filter((c) => !/ERR_FAILED|Failed to fetch dynamically/.test(c))).toEqual([])
    deck.complaints.length = 0
  })
})
