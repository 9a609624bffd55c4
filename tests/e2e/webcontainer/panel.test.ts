// The panel: a shell in the container, and the pages of its servers.

import { describe, expect, it } from "vitest"
import { eventually } from "../../support/page.ts"
import type { ContainerDeck } from "../../support/webcontainer/deck.ts"
import { type ContainerDeckOptions, useContainerTutorial } from "../../support/webcontainer/tutorial.ts"

const tutorial = useContainerTutorial()
let deck: ContainerDeck

async function open(options: ContainerDeckOptions = {}): Promise<ContainerDeck> {
  deck = await tutorial.open({ slide: "using-it", runtime: "webcontainer", ...options })
  return deck
}

const type = async (line: string): Promise<void> => {
  await deck.page.keyboard.type(line)
  await deck.page.keyboard.press("Enter")
}
const SERVER = `node -e 'require("http").createServer((q, s) => s.end("<h1>page " + process.pid + "</h1>")).listen(8080)'`
const tab = (name: string) => deck.dock.getByRole("tab", { name: new RegExp(`^${name}`) })
const preview = () => deck.dock.frameLocator("iframe")
const announced = () => deck.dock.locator(`.unseen[role="status"]`).innerText()

describe("the shell", () => {
  it("is in the project's folder, where the files are as the reader has them", async () => {
    await open()
    await deck.openShell()
    await deck.cell("uses.ts").setValue("console.log('edited before')")
    await deck.shows("deck")
    await eventually(async () => {
      await type("clear; cat uses.ts; echo")
      return deck.dock.locator(".xterm-rows").innerText()
    }).toContain("edited before")
    // Reset is an edit, too.
    await deck.cell("uses.ts").root.locator("button.reset").click()
    await deck.dock.locator(".xterm").click()
    await eventually(async () => {
      await type("clear; cat uses.ts")
      return deck.dock.locator(".xterm-rows").innerText()
    }).toContain("Option.bind")
  })

  it("runs the reader's TypeScript with Node, as it stands", async () => {
    await open()
    await deck.openShell()
    const text =
      'import { Lwt } from "mirage"\nconst a: number = 21\nLwt.map((n: number) => console.log(`it is ${n * 2}`), Lwt.return(a))'
    await deck.cell("uses.ts").setValue(text)
    await eventually(async () => {
      await type("clear; node uses.ts")
      return deck.dock.locator(".xterm-rows").innerText()
    }).toContain("it is 42")
  })

  it("has all keys but the one that leads out, which is told", async () => {
    await open()
    await deck.openShell()
    await deck.dock.getByText("Ctrl+M leaves the shell").waitFor()
    await type("echo nhlb? /g")
    await deck.shows("nhlb? /g")
    await deck.page.keyboard.press("Escape")
    await deck.page.keyboard.press("ArrowRight")
    expect(await deck.current()).toBe("using-it")
    expect(await deck.page.locator("dialog[open], .reveal.overview").count()).toBe(0)
    await deck.page.keyboard.press("Control+m")
    expect(await deck.focused()).toBe(`button "Shell"`)
    await deck.page.keyboard.press("Tab")
    expect(await deck.focused()).toBe(`button "Fold"`)
  })

  it("copies a selection with Control C, and pastes", async () => {
    await open()
    await deck.page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    await deck.openShell()
    await type("echo copy-$((40+2))")
    await deck.shows("copy-42")
    const word = (await deck.dock.locator(".xterm-rows").getByText("copy-42").last().boundingBox())!
    await deck.page.mouse.dblclick(word.x + 30, word.y + word.height / 2)
    await deck.page.keyboard.press("Control+c")
    await eventually(() => deck.page.evaluate(() => navigator.clipboard.readText())).toContain("42")
    await deck.page.evaluate(() => navigator.clipboard.writeText("echo pasted-$((1+1))"))
    await deck.page.keyboard.press("Control+v")
    await deck.page.keyboard.press("Enter")
    await deck.shows("pasted-2")
    // Without one it interrupts.
    await type("node -e 'console.log(`runs-${6*7}`); setInterval(Object, 1e6)'")
    await deck.shows("runs-42")
    await deck.page.keyboard.press("Control+c")
    await type("echo again-$((2+2))")
    await deck.shows("again-4")
  })

  it("is the same when the panel is opened again, and another one when it has ended", async () => {
    await open()
    await deck.openShell()
    await type("mine=kept-$((6*7))")
    await deck.dock.getByRole("button", { name: "Close" }).click()
    await eventually(() => deck.dock.count()).toBe(0)
    await deck.shellButton.click()
    await deck.shellHasKeys()
    await type("echo $mine")
    await deck.shows("kept-42")
    await type("exit 3")
    await deck.dock.getByText("The shell has ended with exit code 3.").first().waitFor()
    await eventually(announced).toContain("The shell has ended with exit code 3.")
    await deck.dock.getByRole("button", { name: "New shell" }).click()
    await deck.shellHasKeys()
    await type("echo new-$((3+4)) $mine.")
    await deck.shows("new-7 .")
  })

  it("has a terminal of the panel's size, which is kept, and changed by keyboard and by pointer", async () => {
    await open()
    await deck.openShell()
    const lines = async (): Promise<number> => {
      await type("clear; stty size | sed 's/^/size: /'")
      const text = await deck.dock.locator(".xterm-rows").innerText()
      return Number(/size: (\d+)/.exec(text)?.[1] ?? 0)
    }
    await eventually(lines).toBeGreaterThan(3)
    const before = await lines()
    const handle = deck.dock.getByRole("separator", { name: "Height of the panel" })
    await handle.focus()
    const height = Number(await handle.getAttribute("aria-valuenow"))
    for (let i = 0; i < 5; i++) await deck.page.keyboard.press("ArrowUp")
    await eventually(async () => Number(await handle.getAttribute("aria-valuenow"))).toBeGreaterThan(height + 60)
    expect(await deck.current()).toBe("using-it")
    await deck.dock.locator(".xterm").click()
    await eventually(lines).toBeGreaterThan(before)

    const box = (await handle.boundingBox())!
    await deck.page.mouse.move(640, box.y + 5)
    await deck.page.mouse.down()
    await deck.page.mouse.move(640, 500)
    await deck.page.mouse.up()
    const given = async () => Number(await handle.getAttribute("aria-valuenow"))
    await eventually(given).toBeLessThan(240)
    const kept = await given()
    await deck.page.reload()
    await deck.alive()
    await deck.openShell()
    expect(await given()).toBe(kept)
  })

  it("leaves the slide its room: nothing of it lies under the panel", async () => {
    await open()
    await deck.openShell()
    const under = async () => {
      const slide = await deck.page.locator("#using-it").boundingBox()
      const dock = await deck.dock.boundingBox()
      return slide!.y + slide!.height - dock!.y
    }
    // reveal.js rounds its scale to hundredths.
    await eventually(under).toBeLessThan(4)
    await deck.dock.getByRole("button", { name: "Fold" }).click()
    await eventually(async () => (await deck.dock.boundingBox())!.height).toBeLessThan(60)
    await eventually(under).toBeLessThan(4)
    await deck.dock.getByRole("button", { name: "Close" }).click()
    await eventually(async () => (await deck.page.locator("#using-it").boundingBox())!.height).toBe(720)
  })
})

describe("a server in the container", () => {
  it("has its page shown, once, and says so; and a shell that was typed into keeps the keyboard near", async () => {
    await open()
    await deck.openShell()
    await type(SERVER)
    await preview().getByText("page").waitFor()
    await eventually(announced).toContain("A server is up on port 8080.")
    expect(await tab("Preview 8080").getAttribute("aria-selected")).toBe("true")
    expect(await deck.focused()).toBe(`button "Preview 8080"`)
    expect(await deck.dock.locator("iframe").getAttribute("title")).toBe("The page of the server on port 8080")
    const link = deck.dock.getByRole("link", { name: "Open in a new tab" })
    expect(await link.getAttribute("href")).toBe(await deck.dock.locator("iframe").getAttribute("src"))
    expect(await deck.dock.locator(".address code").innerText()).toBe(await link.getAttribute("href"))
  })

  it("is shown as stopped when it stops, and again when it is started again", async () => {
    await open()
    await deck.openShell()
    await type(SERVER)
    const first = await preview().locator("h1").innerText()
    await deck.page.keyboard.press("ArrowLeft")
    await deck.dock.locator(".xterm").click()
    await deck.page.keyboard.press("Control+c")
    await eventually(() => tab("Preview 8080").innerText()).toContain("stopped")
    await tab("Preview 8080").click()
    await deck.dock.getByText("The server on port 8080 has stopped. Its page comes back").waitFor()
    expect(await deck.dock.getByRole("button", { name: "Reload" }).isDisabled()).toBe(true)
    await tab("Shell").click()
    await deck.dock.locator(".xterm").click()
    await type(SERVER)
    await eventually(() => tab("Preview 8080").innerText()).not.toContain("stopped")
    // Who looks at the shell goes on looking at it.
    expect(await tab("Shell").getAttribute("aria-selected")).toBe("true")
    await tab("Preview 8080").click()
    await eventually(() => preview().locator("h1").innerText()).not.toBe(first)
  })

  it("is loaded again by Reload", async () => {
    await open()
    await deck.openShell()
    await type(
      `node -e 'let n = 0; require("http").createServer((q, s) => s.end("<h1>visit " + (q.url === "/" ? ++n : n) + "</h1>")).listen(8081)'`,
    )
    await eventually(() => preview().locator("h1").innerText()).toMatch(/^visit \d+$/)
    const visits = async () => Number((await preview().locator("h1").innerText()).split(" ")[1])
    const before = await visits()
    await deck.dock.getByRole("button", { name: "Reload" }).click()
    await eventually(visits).toBeGreaterThan(before)
  })
})

it("a container that goes takes its shell, and the page and its text go on", async () => {
  await open()
  await deck.openShell()
  await deck.cell("uses.ts").setValue("console.log('mine')")
  tutorial.double.die("with-error")
  await deck.dock
    .getByText(/The WebContainer went away/)
    .first()
    .waitFor()
  await deck.cell("uses.ts").run()
  expect(await deck.cell("uses.ts").output()).toBe("mine")
  // It is booted again by itself.
  await deck.containerUp()
  await deck.dock.getByRole("button", { name: "New shell" }).click()
  await deck.shellHasKeys()
  // The text has no end of line, and a prompt begins at the beginning of one.
  await type("cat uses.ts; echo")
  await deck.shows("mine")
})
