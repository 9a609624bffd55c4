// What the reader has typed is theirs: it survives a reload, a crash, another tab, and an author who changes the text under
// it; and the page goes on when the network does not.

import type { BrowserContext, Page } from "playwright-core"
import { describe, expect, it } from "vitest"
import { hash } from "../../src/ui/edits.ts"
import { newPage } from "../support/browser.ts"
import { type Cell, Deck, type DeckOptions, eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

async function open(options: DeckOptions = {}): Promise<Cell> {
  deck = await tutorial.open({ slide: "finding-your-way", ...options })
  return deck.cell("hello.ts")
}

/** What is stored of a file, by any page. */
function stored(page: Page, file: string): Promise<string | undefined> {
  return page.evaluate(
    (name) =>
      new Promise<string | undefined>((resolve, reject) => {
        const opening = indexedDB.open("mirage-tutorial")
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const db = opening.result
          const all = db.transaction("edits").objectStore("edits").getAll()
          all.onerror = () => reject(all.error)
          all.onsuccess = () => {
            db.close()
            resolve((all.result as { file: string; text: string }[]).find((edit) => edit.file === name)?.text)
          }
        }
      }),
    file,
  )
}

/** A second page of the same browser, with the same storage. */
async function another(context: BrowserContext): Promise<Deck> {
  const page = await context.newPage()
  const second = new Deck(page)
  await page.goto(`${tutorial.site.url}#/finding-your-way`)
  await second.alive()
  return second
}

describe("an edit", () => {
  it("is there after a reload, with its badge", async () => {
    const cell = await open()
    await cell.edit()
    await cell.paste(`console.log("mine")`)
    await cell.root.locator(".badge.edited").waitFor()
    // At once: the journal has what the database has not.
    await deck.page.reload()
    await deck.alive()
    await cell.root.locator(".badge.edited").waitFor()
    await eventually(() => cell.code.innerText()).toBe(`console.log("mine")`)
    expect(await cell.run()).toBe("mine")
  })

  it("typed key by key is there after a reload that comes with the last key, and is written", async () => {
    const cell = await open()
    await cell.edit()
    await deck.page.keyboard.press("ControlOrMeta+Home")
    await deck.page.keyboard.type("// mine")
    await deck.page.reload()
    await deck.alive()
    await eventually(() => cell.value()).toMatch(/^\/\/ mine/)
    await eventually(() => stored(deck.page, "hello.ts")).toMatch(/^\/\/ mine/)
    expect(await deck.toasts.count()).toBe(0)
  })

  it("is there after a crash", async () => {
    const cell = await open()
    await cell.setValue(`console.log("before the crash")`)
    await eventually(() => stored(deck.page, "hello.ts")).toBe(`console.log("before the crash")`)
    const { page } = deck
    const context = page.context()
    const crashed = page.waitForEvent("crash")
    const session = await context.newCDPSession(page)
    void session.send("Page.crash").catch(() => undefined)
    await crashed
    await page.close()
    const again = await another(context)
    await eventually(() => again.cell("hello.ts").value()).toBe(`console.log("before the crash")`)
    deck = again
  })

  it("is taken back by Reset, and Undo brings it again", async () => {
    const cell = await open()
    const starting = await cell.value()
    await cell.setValue("const mine = 1")
    await cell.root.getByRole("button", { name: "Reset" }).click()
    await eventually(() => cell.value()).toBe(starting)
    await eventually(() => cell.code.innerText()).toContain("const tutorial")
    await cell.root.locator(".badge.edited").waitFor({ state: "detached" })
    await deck.toasts.getByRole("button", { name: "Undo" }).click()
    await eventually(() => cell.value()).toBe("const mine = 1")
    await cell.root.getByRole("button", { name: "Reset" }).click()
    await eventually(() => stored(deck.page, "hello.ts")).toBe(undefined)
    await deck.page.reload()
    await deck.alive()
    expect(await cell.value()).toBe(starting)
  })

  it("is undone in the editor itself, too, after Reset", async () => {
    const cell = await open()
    await cell.edit()
    await cell.paste("const mine = 1")
    await cell.root.getByRole("button", { name: "Reset" }).click()
    await eventually(() => cell.shown()).toContain("const tutorial")
    await cell.monaco.locator(".view-lines").click()
    await deck.page.keyboard.press("ControlOrMeta+Z")
    await eventually(() => cell.value()).toBe("const mine = 1")
  })

  it("of a cell that another imports is seen by that one", async () => {
    await open({ slide: "using-it" })
    await deck.cell("option-monad.ts").setValue(`export type t<A> = A[]
const return_ = <A>(x: A): t<A> => [x]
export { return_ as return }
export const None: t<never> = []
export const bind = <A, B>(u: t<A>, f: (x: A) => t<B>): t<B> => u.flatMap(f)
`)
    expect(await deck.cell("uses.ts").run()).toMatch(/val a .*= \[2\]\nval b .*= \[\]\nval c .*= \[3\]/)
  })

  it("of a tab that is not shown is kept with its group", async () => {
    deck = await tutorial.open({ slide: "boot-it" })
    const cell = deck.cell("www/config.ts")
    await cell.tab("htdocs/style.css").click()
    await eventually(() => cell.code.innerText()).toContain("max-width: 36rem")
    await cell.edit()
    await cell.paste("body { color: red }")
    await cell.tab("config.ts").click()
    await eventually(() => stored(deck.page, "www/htdocs/style.css")).toBe("body { color: red }")
    await deck.page.reload()
    await deck.alive()
    await cell.root.locator(".badge.edited").waitFor()
    await cell.tab("htdocs/style.css").click()
    await eventually(() => cell.code.innerText()).toBe("body { color: red }")
  })
})

describe("two tabs of one browser", () => {
  it("follow each other", async () => {
    const cell = await open()
    const second = await another(deck.page.context())
    await cell.setValue(`console.log("from the first")`)
    await eventually(() => second.cell("hello.ts").value()).toBe(`console.log("from the first")`)
    await eventually(() => second.cell("hello.ts").code.innerText()).toBe(`console.log("from the first")`)
    await second.cell("hello.ts").setValue(`console.log("from the second")`)
    await eventually(() => cell.value()).toBe(`console.log("from the second")`)
    expect(second.complaints).toEqual([])
  })
})

const OLDER = `console.log("an older starting text")`

describe("a starting text that has changed", () => {
  /** As a page of an older edition of the deck has left it: an edit under the hash of the text that it knew. */
  async function seed(page: Page, older: string, mine: string): Promise<void> {
    await page.evaluate(
      ([base, text]) =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open("mirage-tutorial")
          opening.onupgradeneeded = () => opening.result.createObjectStore("edits")
          opening.onerror = () => reject(opening.error)
          opening.onsuccess = () => {
            const db = opening.result
            const edit = { deck: "deck", file: "hello.ts", base, basedOn: base, text, at: 1, writer: "an older page" }
            const writing = db.transaction("edits", "readwrite")
            writing.objectStore("edits").put(edit, ["deck", "hello.ts", base])
            writing.onerror = () => reject(writing.error)
            writing.oncomplete = () => {
              db.close()
              resolve()
            }
          }
        }),
      [hash(older), mine] as const,
    )
  }

  /** Whether the edit is stored under a starting text that its reader knows of, and that is not the old one. */
  function acknowledged(page: Page): Promise<boolean> {
    return page.evaluate(
      (old) =>
        new Promise<boolean>((resolve, reject) => {
          const opening = indexedDB.open("mirage-tutorial")
          opening.onerror = () => reject(opening.error)
          opening.onsuccess = () => {
            const db = opening.result
            const all = db.transaction("edits").objectStore("edits").getAll()
            all.onerror = () => reject(all.error)
            all.onsuccess = () => {
              db.close()
              const edits = all.result as { base: string; basedOn: string }[]
              resolve(edits.some(({ base, basedOn }) => base === basedOn && base !== old))
            }
          }
        }),
      hash(OLDER),
    )
  }

  async function openStale(): Promise<Cell> {
    const page = await newPage(tutorial.browser, { viewport: { width: 1280, height: 720 } })
    deck = tutorial.adopt(page)
    await page.goto(`${tutorial.site.url}#/finding-your-way`)
    await deck.alive()
    const cell = deck.cell("hello.ts")
    // The page makes the database when it first looks.
    await cell.value()
    await eventually(() => stored(page, "hello.ts").catch(() => "no database yet")).toBe(undefined)
    await seed(page, OLDER, `console.log("mine, of old")`)
    await page.reload()
    await deck.alive()
    await cell.root.getByText("The starting text of hello.ts has changed since you edited it. Yours is kept.").waitFor()
    return cell
  }

  it("leaves the reader theirs, tells them, and lets them look at the new one", async () => {
    const cell = await openStale()
    expect(await cell.value()).toBe(`console.log("mine, of old")`)
    await cell.root.getByRole("button", { name: "See the new one" }).click()
    await eventually(() => cell.code.innerText()).toContain("const tutorial")
    await cell.root.getByRole("button", { name: "See mine" }).click()
    await eventually(() => cell.code.innerText()).toBe(`console.log("mine, of old")`)
    expect(await cell.run()).toBe("mine, of old")
  })

  it("is not told of again when they keep theirs", async () => {
    const cell = await openStale()
    await cell.root.getByRole("button", { name: "Keep mine" }).click()
    await cell.root.locator(".told").waitFor({ state: "detached" })
    await deck.page.reload()
    await deck.alive()
    await eventually(() => acknowledged(deck.page)).toBe(true)
    await cell.root.locator(".badge.edited").waitFor()
    expect(await cell.value()).toBe(`console.log("mine, of old")`)
    expect(await cell.root.locator(".told").count()).toBe(0)
  })

  it("can be taken, and undone", async () => {
    const cell = await openStale()
    await cell.root.getByRole("button", { name: "Take the new one" }).click()
    await eventually(() => cell.value()).toMatch(/^const tutorial/)
    await deck.toasts.getByRole("button", { name: "Undo" }).click()
    await eventually(() => cell.value()).toBe(`console.log("mine, of old")`)
  })
})

describe("without a network", () => {
  it("after the page has been loaded, cells run, are edited and boot", async () => {
    const cell = await open()
    // What a reader has done before the Wi-Fi went: pressed Run and opened an editor once.
    await cell.edit()
    await cell.paste(`console.log("first")`)
    await deck.page.keyboard.press("Control+Enter")
    await cell.ends("done")
    await deck.page.context().setOffline(true)

    await cell.paste(`console.log("offline")`)
    await deck.page.keyboard.press("Control+Enter")
    await eventually(() => cell.output()).toBe("offline")
    await deck.slide("using-it")
    await deck.cell("uses.ts").edit()
    await deck.cell("uses.ts").paste("const six = 2 * 3")
    await deck.cell("uses.ts").run()
    await eventually(() => deck.cell("uses.ts").output()).toBe("val six : number = 6")
    await deck.slide("boot-it")
    await deck.cell("www/config.ts").boot()
    await deck.cell("www/config.ts").root.getByRole("button", { name: "Open a terminal" }).click()
    await deck.cell("www/config.ts").root.getByRole("button", { name: "curl -i http://10.0.0.2/" }).click()
    await eventually(() =>
      deck.cell("www/config.ts").root.getByRole("log", { name: "Terminal" }).innerText(),
    ).toContain("Hello from a unikernel")
    // Chromium asks for the icon again, and says that it did not get it.
    expect(deck.complaints.filter((c) => !c.includes("favicon.svg"))).toEqual([])
    deck.complaints.length = 0
  })

  it("what cannot be fetched is said, and got when it can be", async () => {
    await open()
    await deck.page.context().setOffline(true)
    await deck.slide("using-it")
    const cell = deck.cell("uses.ts")
    await cell.runButton.click()
    await eventually(() => cell.status()).toMatch(/done|failed/)
    if ((await cell.status()) === "failed") {
      expect(await cell.output()).toMatch(/could not be fetched|Check the connection/)
    }
    await deck.page.context().setOffline(false)
    expect(await cell.run()).toContain("val a : Option.t<number> = Some 2")
    // Chromium reports what it could not get.
    expect(deck.complaints.filter((c) => !/ERR_INTERNET_DISCONNECTED/.test(c))).toEqual([])
    deck.complaints.length = 0
  })
})
