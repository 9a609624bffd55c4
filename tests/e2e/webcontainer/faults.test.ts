// Each way in which a WebContainer fails: cells go on, the badge says why, and edits are kept.

import type { Browser } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { launch } from "../../support/browser.ts"
import { eventually } from "../../support/page.ts"
import type { StaticHost } from "../../support/static-host.ts"
import { ContainerDeck } from "../../support/webcontainer/deck.ts"
import { type Double, startDouble } from "../../support/webcontainer/double.ts"
import { type OwnersSettings, siteOf } from "../../support/webcontainer/site.ts"

let browser: Browser
let site: StaticHost
let double: Double
let deck: ContainerDeck
const settings: OwnersSettings = {}

beforeAll(async () => {
  double = await startDouble()
  settings.origin = double.origin
  site = await siteOf(settings)
  browser = await launch()
})
beforeEach(() => {
  settings.use = "ask"
  double.fault = undefined
})
afterEach(() => deck.close())
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await double?.close()
})

const HELLO = "hello.ts"
const SAID = "Hello from Mirage!"

describe("a WebContainer that cannot be had", () => {
  it.each(["404", "no-corp", "no-coep", "never-answers"] as const)(
    "because of %s: cells run in the page, and the badge says why",
    async (tag) => {
      settings.use = "on"
      double.fault = { tag }
      const before = double.requests.length
      deck = await ContainerDeck.openWith(browser, site, double, {
        slide: "finding-your-way",
        // Its fifteen seconds are not waited for.
        prepare: (page) => page.clock.install(),
      })
      await eventually(() => double.requests.slice(before).map(({ path }) => path)).toContain("/headless")
      await deck.page.clock.fastForward(15_000)
      expect(await deck.cell(HELLO).run()).toContain(SAID)
      expect(await deck.badge(HELLO).innerText()).toBe("embedded")
      await deck.badge(HELLO).click()
      const host = new URL(double.origin).host
      await deck.menu
        .getByText(
          `The WebContainer did not answer within 15 seconds: the connection is slow, or this network or browser keeps ${host} from being loaded.`,
        )
        .first()
        .waitFor()
      // What the browser says of it is no complaint of ours.
      deck.complaints.length = 0
    },
  )

  it("because it is refused: the badge says what it was told", async () => {
    settings.use = "on"
    double.fault = { tag: "refuses", message: "this key is for another site" }
    deck = await ContainerDeck.openWith(browser, site, double, { slide: "finding-your-way" })
    expect(await deck.cell(HELLO).run()).toContain(SAID)
    await deck.badge(HELLO).click()
    await deck.menu.getByText("The WebContainer could not be started: this key is for another site").first().waitFor()
    expect(await deck.badge(HELLO).innerText()).toBe("embedded")
  })

  it("because it dies as soon as it is asked for something: cells run in the page", async () => {
    settings.use = "on"
    double.fault = { tag: "dies-after-boot", how: "with-error" }
    const before = double.calls.length
    deck = await ContainerDeck.openWith(browser, site, double, { slide: "finding-your-way" })
    await eventually(() => double.calls.slice(before).map(({ name }) => name)).toContain("run")
    expect(await deck.cell(HELLO).run()).toContain(SAID)
    expect(await deck.badge(HELLO).innerText()).toBe("embedded")
  })
})

const EDIT = `console.log("half")
await new Promise((resolve) => setTimeout(resolve, 60_000))
`

/** A run that is in the middle, in a WebContainer. */
async function half(): Promise<void> {
  deck = await ContainerDeck.openWith(browser, site, double, { slide: "finding-your-way", runtime: "webcontainer" })
  await deck.containerUp()
  const cell = deck.cell(HELLO)
  await cell.setValue(EDIT)
  await cell.runButton.click()
  await eventually(() => cell.output()).toBe("half")
  expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
}

describe("a run in the middle", () => {
  it("whose container dies fails with a clear word, keeps the edits, and the next one runs", async () => {
    await half()
    double.die("with-error")
    const cell = deck.cell(HELLO)
    await cell.ends("failed")
    expect(await cell.output()).toMatch(
      /^half\n.*The WebContainer went away \(it told of an error: the double died\)\. Your text is kept\./,
    )
    expect(await cell.value()).toBe(EDIT)
    await cell.setValue(`console.log("whole")`)
    expect(await cell.run()).toBe("whole")
    // It comes back by itself, and runs are there again.
    await deck.containerUp()
    expect(await cell.run()).toBe("whole")
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })

  it("whose container falls silent ends when it is stopped, and so does the container", async () => {
    await half()
    double.die("silent")
    const cell = deck.cell(HELLO)
    await cell.runButton.click()
    await cell.ends("stopped")
    // What cannot be killed is thrown away.
    await deck.shellButton.waitFor({ state: "hidden" })
    await cell.setValue(`console.log("whole")`)
    expect(await cell.run()).toBe("whole")
  })

  it("whose process is killed fails and says so, and the next one runs in the container", async () => {
    await half()
    double.killProcesses()
    const cell = deck.cell(HELLO)
    await cell.ends("failed")
    expect(await cell.output()).toMatch(/^half\n.*The process that ran the program ended with code 137\./)
    expect(await cell.value()).toBe(EDIT)
    await cell.setValue(`console.log("whole")`)
    expect(await cell.run()).toBe("whole")
    expect(await deck.badge(HELLO).innerText()).toBe("WebContainer")
  })
})
