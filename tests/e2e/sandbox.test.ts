// Bad programs in a real page: each gets a message that says what, where and what to do, and the rest of the page goes on.

import { describe, expect, it } from "vitest"
import type { MirageCell } from "../../src/ui/cell/mirage-cell.ts"
import { type Cell, type Deck, type DeckOptions, eventually } from "../support/page.ts"
import { useTutorial } from "../support/tutorial.ts"

const tutorial = useTutorial()
let deck: Deck

async function open(slide: string, options: DeckOptions = {}): Promise<Deck> {
  deck = await tutorial.open({ slide, ...options })
  return deck
}

/** The first cell of the deck with a text of ours. */
async function hello(text: string): Promise<Cell> {
  if (deck?.page.isClosed() !== false) await open("finding-your-way")
  const cell = deck.cell("hello.ts")
  await cell.setValue(text)
  return cell
}

/** That the page answers: another cell runs, and its slide can be gone to. */
async function pageGoesOn(): Promise<void> {
  await deck.slide("a-box-that-may-be-empty")
  expect(await deck.cell("option.ts").run()).toContain(`val fruit : option<string> = Some "apple"`)
}

describe("a program without end", () => {
  it("is stopped, and the page lives all the while", async () => {
    const cell = await hello("let n = 0\nfor (;;) n++")
    await cell.runButton.click()
    await eventually(() => cell.status()).toBe("running")

    // The page is alive: it turns a slide and runs another cell while the loop goes on.
    await pageGoesOn()
    await deck.slide("finding-your-way")
    expect(await cell.status()).toBe("running")
    await cell.root.getByText("No sign of life for two seconds: an endless loop? Stop ends it at once.").waitFor()

    const took = await cell.root.evaluate(async (e) => {
      const begun = performance.now()
      await (e as MirageCell).stop()
      return performance.now() - begun
    })
    expect(await cell.status()).toBe("stopped")
    // The aim is 50 ms; a test machine may have other things to do.
    expect(took).toBeLessThan(2000)
    await cell.root
      .locator(".says")
      .filter({ hasText: /^Stopped after \d/ })
      .waitFor()
  })

  it("is stopped by a click, too, and can be run again", async () => {
    const cell = await hello("while (true) {}")
    await cell.runButton.click()
    await eventually(() => cell.status()).toBe("running")
    await cell.root.getByRole("button", { name: /^Stop/ }).click()
    await cell.ends("stopped")
    await cell.setValue(`console.log("alive")`)
    expect(await cell.run()).toBe("alive")
  })
})

describe("a flood of output", () => {
  it("neither freezes the page nor fills it, and the cell says what was left out", async () => {
    const cell = await hello("for (let i = 1; i <= 1_000_000; i++) console.log(`line ${i}`)")
    await deck.page.evaluate(() => {
      // The longest time between two turns of the page's own loop.
      const page = globalThis as unknown as { longest: number }
      page.longest = 0
      let last = performance.now()
      const turn = () => {
        const now = performance.now()
        page.longest = Math.max(page.longest, now - last)
        last = now
        setTimeout(turn, 0)
      }
      turn()
    })
    await cell.runButton.click()
    await eventually(() => cell.status()).toBe("running")
    const help = deck.page.getByRole("button", { name: /^Help/ })
    await help.click()
    await deck.page.locator("dialog.deck-help[open]").waitFor()
    await deck.page.keyboard.press("Escape")
    await cell.ends("done")

    const lines = await cell.root.locator(".printed > .line").count()
    expect(lines).toBeLessThanOrEqual(2100)
    expect(await cell.outputRegion.innerText()).toMatch(/not shown|left out|cut|not kept/)
    expect(await deck.page.evaluate(() => (globalThis as unknown as { longest: number }).longest)).toBeLessThan(1500)
    await pageGoesOn()
  })

  it("that never ends is stopped", async () => {
    const cell = await hello("for (let i = 1; ; i++) console.log(`line ${i}`)")
    await cell.runButton.click()
    await eventually(() => cell.root.locator(".printed > .line").count()).toBeGreaterThan(100)
    await cell.root.getByRole("button", { name: /^Stop/ }).click()
    await cell.ends("stopped")
    await pageGoesOn()
  })
})

describe("an error", () => {
  it("that is thrown has its message, its place in the TypeScript, and the way there", async () => {
    const cell = await hello(`interface Apple {
  readonly weight: number
}

const weigh = (apple: Apple | undefined): number => apple!.weight

weigh({ weight: 100 } as Apple); weigh(undefined)
`)
    expect(await cell.run("failed")).toMatch(
      /hello\.ts:5:\d+: TypeError: Cannot read properties of undefined \(reading 'weight'\)$/,
    )
    const at = cell.root.getByRole("button", { name: /^Go to hello\.ts:5:/ }).first()
    await at.waitFor()
    // Under it, who called: the same line of the file that the reader sees, in the right column.
    await cell.root.getByRole("button", { name: "Go to hello.ts:7:34" }).waitFor()
    await pageGoesOn()
  })

  it("in a file that is imported is told by that file's name", async () => {
    await open("one-after-the-other")
    await deck.cell("option-monad.ts").setValue(`export type t<A> = A
export const Some = <A>(value: A): t<A> => value
export const bind = (): never => {
  throw new RangeError("no more boxes")
}
const return_ = <A>(x: A): t<A> => x
export { return_ as return }
`)
    const output = await deck.cell("chain.ts").run("failed")
    expect(output).toContain("option-monad.ts:4:9: RangeError: no more boxes")
  })

  it("of a promise that nobody waits for ends the run, as under Node, and is told with its place", async () => {
    const cell = await hello(`console.log("before")
Promise.reject(new Error("left alone"))
await new Promise((resolve) => setTimeout(resolve, 60_000))
`)
    expect(await cell.run("failed")).toBe("before\nhello.ts:2:16: unhandled rejection: Error: left alone")
    await pageGoesOn()
  })

  it("that is no Error at all is shown as what it is", async () => {
    const cell = await hello(`throw { apples: 3 }`)
    expect(await cell.run("failed")).toContain("{apples = 3}")
  })

  it("of a unikernel says that it is the unikernel's, and where", async () => {
    await open("hello-unikernel")
    const cell = deck.cell("console/config.ts")
    await cell.tab("unikernel.ts").click()
    await eventually(() => cell.code.innerText()).toContain("export const Main")
    await cell.edit()
    await cell.paste(`import { type CONSOLE, Lwt } from "mirage"

export const Main = <C>(C: CONSOLE<C>) => ({
  start: (c: C): Lwt.t<void> => {
    C.log(c, "about to fail")
    return Lwt.failWith("no more memory")
  },
})
`)
    const output = await cell.run("failed")
    expect(output).toContain("about to fail")
    expect(output).toMatch(/unikernel\.ts:6:\d+: .*no more memory/)
    await pageGoesOn()
  })
})

describe("a program that cannot be run", () => {
  const cases: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ["a syntax error", "const a = 1\nconst b = (2 +\n", /^error, hello\.ts:\d+:\d+: .+/],
    [
      "an import of a cell that does not exist",
      `import { bind } from "./option-nomad.ts"\n\nconsole.log(bind)`,
      /^error, hello\.ts:1:22: There is no cell .*option-nomad\.ts.* Did you mean .*option-monad\.ts/,
    ],
    [
      "an import of a package that is not there",
      `import { readFile } from "node:fs"\nconsole.log(readFile)`,
      /^error, hello\.ts:1:26: .*node:fs.*mirage/,
    ],
    [
      "a circular import",
      `import { chain } from "./chain.ts"\nexport const one = chain`,
      /^error, .*circle|^error, .*circular/i,
    ],
  ]
  for (const [what, text, message] of cases) {
    it(`because of ${what} says so at the line`, async () => {
      const cell = await hello(text)
      if (what === "a circular import") {
        await deck.cell("chain.ts").setValue(`import { one } from "./hello.ts"\nexport const chain = one`)
      }
      await cell.runButton.click()
      await cell.ends("failed")
      expect(await cell.output()).toMatch(message)
      // In the page, not only in the property.
      expect((await cell.outputRegion.innerText()).trim()).toMatch(/hello\.ts:\d+|chain\.ts:\d+/)
      await pageGoesOn()
    })
  }

  it("because a name it imports is missing says which", async () => {
    const cell = await hello(`import { bnid } from "./option-monad.ts"\n\nconsole.log(bnid)`)
    expect(await cell.run("failed")).toMatch(/bnid/)
    expect(await cell.output()).toMatch(/option-monad\.ts/)
  })
})

describe("a type error", () => {
  it("is said before the program runs, and the program runs all the same", async () => {
    await open("finding-your-way")
    const cell = deck.cell("hello.ts")
    // Types of edited text come from the editor's TypeScript.
    await cell.edit()
    await cell.paste(`const n: number = "three"\n\nconsole.log("ran")`)
    await cell.runButton.click()
    await cell.ends("done")
    await eventually(() => cell.output()).toMatch(
      /^type error, hello\.ts:1:7: Type 'string' is not assignable to type 'number'\.\nval n : number = "three"\nran$/,
    )
    await cell.root.getByRole("button", { name: "Go to hello.ts:1:7" }).waitFor()
  })

  it("of a device of the wrong type is one in the editor, and clear when it runs", async () => {
    await open("hello-unikernel")
    const cell = deck.cell("console/config.ts")
    await cell.edit()
    await cell.paste(`import { console, fn, foreign, job, register, tap0 } from "mirage/config"

const main = foreign("Unikernel.Main", fn(console, job))

register("console", [main.$(tap0)])
`)
    await cell.runButton.click()
    await cell.ends("failed")
    await eventually(() => cell.output()).toMatch(/^type error, config\.ts:5:29: .*network/)
    expect(await cell.output()).toMatch(
      /\nconfig\.ts:5:\d+: .*tap0.*network.*console|\nconfig\.ts:5:\d+: .*console.*network/s,
    )
  })
})

describe("a browser", () => {
  it("without workers shows the deck, and says at Run what is missing", async () => {
    await open("finding-your-way", {
      before: () => {
        Reflect.deleteProperty(globalThis, "Worker")
      },
    })
    const cell = deck.cell("hello.ts")
    await cell.runButton.click()
    await cell.ends("failed")
    expect(await cell.output()).toContain("This browser has no Web Workers, or they are switched off")
    await deck.slide("using-it")
    await deck.page.keyboard.press("ArrowDown")
    await eventually(() => deck.current()).toBe("one-after-the-other")
  })

  it("that denies storage is told so once, and everything else works", async () => {
    await open("finding-your-way", {
      before: () => {
        const denied = () => {
          throw new DOMException("denied by the test", "SecurityError")
        }
        Object.defineProperty(globalThis, "indexedDB", { get: denied })
        Object.defineProperty(globalThis, "localStorage", { get: denied })
      },
    })
    const cell = deck.cell("hello.ts")
    await cell.setValue(`console.log("from memory")`)
    expect(await cell.run()).toBe("from memory")
    await deck.slide("a-box-that-may-be-empty")
    await deck.cell("option.ts").setValue("export const five = 5")
    expect(await deck.cell("option.ts").run()).toBe("val five = 5")
    await eventually(() => deck.toasts.filter({ hasText: "does not let the page keep your edits" }).count()).toBe(1)
    await deck.page.getByRole("button", { name: /^Theme/ }).click()
    await eventually(() => deck.page.evaluate(() => document.documentElement.dataset["theme"])).toBe("light")
  })

  it("with an unknown runtime asked for uses the one there is, and its badge says why", async () => {
    await open("finding-your-way", { query: "?runtime=docker" })
    const cell = deck.cell("hello.ts")
    await cell.run()
    await cell.root.locator("button.runtime").click()
    await deck.page.getByRole("dialog").getByText(`There is no runtime named "docker"`).waitFor()
  })

  it("with a WebContainer asked for that its host makes impossible runs in the page, and says what the host should do", async () => {
    await open("finding-your-way", { query: "?runtime=webcontainer" })
    const cell = deck.cell("hello.ts")
    await cell.run()
    await cell.root.locator("button.runtime").click()
    const menu = deck.page.getByRole("dialog")
    await menu.getByText("its host does not send the headers").first().waitFor()
    await menu.getByText("Programs run in this page").waitFor()
  })
})
