// Cells of the built deck in a WebContainer: the double is on another origin, behind the real client.

import { describe, expect, it } from "vitest"
import { Cell, eventually } from "../../support/page.ts"
import type { ContainerDeck } from "../../support/webcontainer/deck.ts"
import { type ContainerDeckOptions, useContainerTutorial } from "../../support/webcontainer/tutorial.ts"

const tutorial = useContainerTutorial()
let deck: ContainerDeck

/** The deck of a reader who has chosen a WebContainer, which is up. */
async function open(options: ContainerDeckOptions = {}): Promise<void> {
  deck = await tutorial.open({
    slide: "finding-your-way",
    runtime: "webcontainer",
    ...options,
  })
  await deck.containerUp()
}

const HELLO = "hello.ts"
const SAID = `val tutorial : { name: string; year: number; } = {name = "Mirage"; year = 2014}\nHello from Mirage!`

const spawned = (): number => tutorial.double.calls.filter(({ name }) => name === "run").length

describe("a cell in a WebContainer", () => {
  it("prints what its slide says, and its badge says where it ran", async () => {
    await open()
    const before = spawned()
    expect(await deck.cell(HELLO).run()).toBe(SAID)
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
    expect(spawned()).toBeGreaterThan(before)
    await deck.badge(HELLO).click()
    await deck.menu.getByText(`In a WebContainer: Node ${process.versions.node}, running in this browser.`).waitFor()
  })

  it("boots a unikernel, which answers the learner's machine", async () => {
    await open({ slide: "boot-it" })
    const cell = deck.cell("www/config.ts")
    await cell.boot()
    expect(await deck.badge("www/config.ts").innerText()).toBe("WebContainer")
    expect(await cell.shell("curl http://10.0.0.2/")).toContain("<h1>Hello from a unikernel</h1>")
    await cell.runButton.click()
    await cell.ends("stopped")
  })

  it("is stopped in an endless loop", async () => {
    await open()
    const cell = deck.cell(HELLO)
    await cell.setValue(`console.log("in")\nfor (;;);`)
    await cell.runButton.click()
    await eventually(() => cell.output()).toBe("in")
    const ms = await cell.root.evaluate(async (element) => {
      const stopped = new Promise<void>((resolve) => {
        element.addEventListener("mirage-status", () => element.getAttribute("status") === "stopped" && resolve())
      })
      const before = performance.now()
      element.shadowRoot?.querySelector<HTMLElement>("button.run")?.click()
      await stopped
      return performance.now() - before
    })
    console.log(`an endless loop in a WebContainer was stopped in ${Math.round(ms)} ms`)
    expect(ms).toBeLessThan(1500)
  })

  it("tells the same through a service that cuts its output into bytes", async () => {
    tutorial.double.fault = { tag: "one-byte-chunks" }
    await open()
    const cell = deck.cell(HELLO)
    expect(await cell.run()).toBe(SAID)
    await cell.setValue(`export const camel = "\u{1f42b}"\nconsole.log("na\u00efve \u20ac")`)
    expect(await cell.run()).toContain(`val camel = "\u{1f42b}"\nna\u00efve \u20ac`)
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })

  it("is there again after a reload, with its edits", async () => {
    await open()
    await deck.cell(HELLO).setValue(`console.log("edited")`)
    await deck.page.reload()
    await deck.alive()
    await deck.containerUp()
    expect(await deck.cell(HELLO).run()).toBe("edited")
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })

  it("has a container of its own in a second tab", async () => {
    await open()
    const first = deck.cell(HELLO)
    await first.setValue(`console.log(process.cwd())`)
    const page = await deck.page.context().newPage()
    await page.goto(`${tutorial.site.url}#/finding-your-way`)
    await page.getByRole("button", { name: "Shell in the WebContainer" }).waitFor()
    const second = new Cell(page, page.locator(`mirage-cell[file="${HELLO}"]`))
    await second.setValue(`console.log(process.cwd())`)
    const folders = [await first.run(), await second.run()]
    expect(new Set(folders).size).toBe(2)
    for (const folder of folders) expect(folder).toMatch(/\/home\/mirage\/deck$/)
  })
})

describe("a page that comes to its container later", () => {
  it("runs in the page at once while the service is slow, and in the container when it is up", async () => {
    tutorial.settings.use = "on"
    let arrive = (): void => {}
    tutorial.double.fault = { tag: "slow", until: new Promise<void>((resolve) => (arrive = resolve)) }
    deck = await tutorial.open({ slide: "finding-your-way" })
    expect(await deck.cell(HELLO).run()).toBe(SAID)
    expect(await deck.badge(HELLO).innerText()).toBe("embedded")
    arrive()
    await deck.containerUp()
    expect(await deck.cell(HELLO).run()).toBe(SAID)
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })

  it("runs in the page without a network, says so, and boots again when the network is there", async () => {
    await open()
    tutorial.double.die("with-error")
    // Before the next attempt, which comes in two seconds.
    await deck.page.context().setOffline(true)
    const before = tutorial.double.requests.length
    await deck.badge(HELLO).click()
    await deck.menu.getByText("There is no network, and a WebContainer is fetched").first().waitFor()
    await deck.page.keyboard.press("Escape")
    expect(await deck.cell(HELLO).run()).toBe(SAID)
    expect(await deck.badge(HELLO).innerText()).toBe("embedded")
    expect(tutorial.double.requests.length).toBe(before)
    await deck.page.context().setOffline(false)
    await deck.containerUp()
    expect(await deck.cell(HELLO).run()).toBe(SAID)
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })
})
