// A unikernel as a process of the page's WebContainer: typed into its shell, shown in its panel.

import { beforeEach, expect, it } from "vitest"
import type { ContainerDeck } from "../../support/webcontainer/deck.ts"
import { useContainerTutorial } from "../../support/webcontainer/tutorial.ts"

const tutorial = useContainerTutorial()
let deck: ContainerDeck

beforeEach(async () => {
  deck = await tutorial.open({ slide: "boot-it", runtime: "webcontainer" })
  await deck.openShell()
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
