// A unikernel as a process of the page's WebContainer: typed into its shell, shown in its panel.

import type { Browser } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest"
import { launch } from "../../support/browser.ts"
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
beforeEach(async () => {
  deck = await ContainerDeck.openWith(browser, site, double, { slide: "boot-it", runtime: "webcontainer" })
  await deck.openShell()
})
afterEach(() => deck.close())
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await double?.close()
})

/** Type a line into the shell. */
async function type(line: string): Promise<void> {
  await deck.dock.locator(".xterm-helper-textarea").focus()
  await deck.page.keyboard.type(line)
  await deck.page.keyboard.press("Enter")
}

it("a unikernel on the container's own sockets is served, and shown in the panel", async () => {
  await type("npx mirage run -f www/config.ts --net socket --port 8080")
  const frame = deck.dock.frameLocator('iframe[data-port="8080"]')
  await frame.getByRole("heading", { name: "Hello from a unikernel" }).waitFor()
  await deck.dock.getByRole("tab", { name: "Shell" }).click()
  await deck.dock.locator(".xterm-helper-textarea").focus()
  await deck.page.keyboard.press("Control+C")
  await deck.dock.getByText("(stopped)").waitFor({ state: "attached" })
  expect(await deck.page.evaluate(() => crossOriginIsolated)).toBe(true)
})
