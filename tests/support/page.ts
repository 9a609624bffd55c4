// The built tutorial in a real page: how tests open it, find its parts, and hear what it complains of.

import { existsSync } from "node:fs"
import type { Browser, Locator, Page } from "playwright-core"
import { expect } from "vitest"
import type { MirageCell } from "../../src/ui/cell/mirage-cell.ts"
import { newPage, type NewPageOptions } from "./browser.ts"
import { type HostOptions, type StaticHost, staticHost } from "./static-host.ts"

/** The folder that is tested. `MIRAGE_DIST` names a build other than the usual one. */
const DIST = process.env["MIRAGE_DIST"] ?? new URL("../../dist", import.meta.url).pathname

/** Where the site lies on its host: under a path, as on many a host. */
export const SUB_PATH = "/some/where/deep/"

/** Serve the build, by a host that does no more than `options` says. Fails if there is none. */
export function builtSite(options: HostOptions = {}): Promise<StaticHost> {
  if (!existsSync(`${DIST}/index.html`)) {
    throw new Error(`There is no build in ${DIST}: run "npm run build" first ("npm test" does).`)
  }
  return staticHost(DIST, SUB_PATH, options)
}

/** Wait for something to become so. Long, since it costs nothing when all is well and the machine may be busy. */
export function eventually<A>(look: () => A | Promise<A>, timeout = 30_000): ReturnType<typeof expect.poll<A>> {
  return expect.poll(look, { timeout, interval: 40 })
}

/** How a deck is opened. */
export interface DeckOptions extends NewPageOptions {
  /** The slide's name in the address; the first one if not given. */
  readonly slide?: string
  /** Runs in the page before any script of its own. */
  readonly before?: () => void
  /** The page after the site's address: `?runtime=worker`. */
  readonly query?: string
  /** Look at the page before it goes anywhere: to block requests, say. */
  readonly prepare?: (page: Page) => Promise<void>
}

/** A page of the deck, in a context of its own. */
export class Deck {
  readonly page: Page
  /** What the page has written to its console as an error, thrown, or not got. */
  readonly complaints: string[] = []

  constructor(page: Page) {
    this.page = page
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`${message.text()} (${message.location().url})`)
    })
    page.on("pageerror", (error) => this.complaints.push(String(error.stack ?? error)))
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()} for ${response.url()}`)
    })
  }

  /** Open the deck at a slide, and wait until its cells are alive. */
  static async open<D extends Deck>(
    this: new (
      page: Page,
    ) => D,
    browser: Browser,
    site: StaticHost,
    options: DeckOptions = {},
  ): Promise<D> {
    const { slide, before, query = "", prepare, ...context } = options
    const page = await newPage(browser, { viewport: { width: 1280, height: 720 }, ...context })
    const deck = new this(page)
    if (before !== undefined) await page.addInitScript(before)
    await prepare?.(page)
    await page.goto(`${site.url}${query}${slide === undefined ? "" : `#/${slide}`}`)
    await deck.alive()
    return deck
  }

  /** Wait until the slides are a show, or a page to scroll, and the cells are elements. */
  async alive(): Promise<void> {
    await this.page.locator(".reveal.ready").waitFor()
    await this.page.waitForFunction(() => customElements.get("mirage-cell") !== undefined)
  }

  /** Go to a slide by its address, as a link in the deck does. */
  async slide(id: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash
    }, `#/${id}`)
    await eventually(() => this.current()).toBe(id)
  }

  /** The name of the slide that is shown. */
  current(): Promise<string | undefined> {
    return this.page.evaluate(() => document.querySelector(".slides > section.present > section.present")?.id)
  }

  cell(file: string): Cell {
    return new Cell(this.page, this.page.locator(`mirage-cell[file="${file}"]`))
  }

  /** Messages in the page's corner. */
  get toasts(): Locator {
    return this.page.locator("mirage-toasts .toast")
  }

  /** Where the keyboard is: the innermost focused element, through shadow roots, as `button.run`. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      let at = document.activeElement
      while (at?.shadowRoot?.activeElement != null) at = at.shadowRoot.activeElement
      if (at === null) return ""
      const name = at.getAttribute("aria-label") ?? at.textContent?.trim() ?? ""
      return [at.localName, ...at.classList].join(".") + (name === "" ? "" : ` "${name.slice(0, 60)}"`)
    })
  }

  /** Close the page; it must not have complained. */
  async close(): Promise<void> {
    await this.page.context().close()
    expect(this.complaints).toEqual([])
  }
}

/** One live cell. */
export class Cell {
  readonly page: Page
  readonly root: Locator

  constructor(page: Page, root: Locator) {
    this.page = page
    this.root = root
  }

  /** Run, which is Stop while it runs. */
  get runButton(): Locator {
    return this.root.locator("button.run")
  }

  /** The region with values, printed text and errors. */
  get outputRegion(): Locator {
    return this.root.locator(".output")
  }

  /** The highlighted text that is there before an editor is. */
  get code(): Locator {
    return this.root.locator(".cell-code:visible")
  }

  get monaco(): Locator {
    return this.root.locator(".cell-editor .monaco-editor").first()
  }

  tab(name: string): Locator {
    return this.root.getByRole("tab", { name, exact: true })
  }

  status(): Promise<string | null> {
    return this.root.getAttribute("status")
  }

  /** The element's own `output`. */
  output(): Promise<string> {
    return this.root.evaluate((cell) => (cell as MirageCell).output)
  }

  value(): Promise<string> {
    return this.root.evaluate((cell) => (cell as MirageCell).value)
  }

  /** Put a text into the cell without an editor, as an embedder would. */
  async setValue(text: string): Promise<void> {
    await this.root.evaluate((cell, value) => {
      ;(cell as MirageCell).value = value
    }, text)
    await eventually(() => this.value()).toBe(text)
  }

  /** Press Run and wait for the end. */
  async run(end: "done" | "failed" = "done"): Promise<string> {
    await this.runButton.click()
    await this.ends(end)
    return this.output()
  }

  /** Wait for a status, which must not be another end. */
  async ends(status: "done" | "failed" | "stopped" | "idle"): Promise<void> {
    await eventually(async () => {
      const now = await this.status()
      return now === "compiling" || now === "running" ? "busy" : now
    }).toBe(status)
  }

  /** Run, and wait until a unikernel is up. */
  async boot(): Promise<void> {
    await this.runButton.click()
    await this.root.locator(".serving").waitFor()
  }

  /** Type a command on the learner's machine. */
  shell(line: string): Promise<string> {
    return this.root.evaluate((cell, typed) => (cell as MirageCell).shell(typed), line)
  }

  /** Click into the code, and wait for Monaco to have the caret. `text` is a piece of the line to be clicked on. */
  async edit(text?: string): Promise<void> {
    if (text === undefined) await this.code.click({ position: { x: 20, y: 20 } })
    else await this.code.locator("code .line, code").filter({ hasText: text }).last().click()
    await this.hasCaret()
  }

  /** Wait until the editor has the keyboard. */
  async hasCaret(): Promise<void> {
    await this.root.locator(".cell-editor .monaco-editor.focused").first().waitFor({ timeout: 30_000 })
  }

  /** Replace what is in the focused editor by pasting. */
  async paste(text: string): Promise<void> {
    await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
    await this.page.keyboard.press("ControlOrMeta+A")
    await this.page.keyboard.press("ControlOrMeta+V")
    // Its beginning may have been scrolled away.
    await eventually(async () => {
      const shown = await this.shown()
      return shown !== "" && text.trimEnd().endsWith(shown) ? text : shown
    }).toBe(text)
  }

  /** The text that Monaco shows, as far as it can be seen. */
  async shown(): Promise<string> {
    const lines = this.root.locator(".cell-editor .view-line")
    const placed = await lines.evaluateAll((all) =>
      all.map((line) => [Number.parseFloat((line as HTMLElement).style.top), line.textContent ?? ""] as const),
    )
    // Monaco draws blanks as no-break spaces, and its lines in any order.
    const texts = placed.sort(([a], [b]) => a - b).map(([, text]) => text.replaceAll("\u00a0", " "))
    return texts.join("\n").trimEnd()
  }
}
