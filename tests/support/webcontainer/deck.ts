// A deck whose containers come from a double, and the parts of it that have to do with them.

import type { Browser, Locator } from "playwright-core"
import { Deck, type DeckOptions } from "../page.ts"
import type { StaticHost } from "../static-host.ts"
import type { Double } from "./double.ts"

/** A page of the deck that may ask `double` for a container. */
export class ContainerDeck extends Deck {
  /** Open the deck, as a reader who has chosen `runtime` on an earlier visit; who has not chosen, if it is not given. */
  static openWith(
    browser: Browser,
    site: StaticHost,
    double: Double,
    { runtime, ...options }: DeckOptions & { readonly runtime?: string } = {},
  ): Promise<ContainerDeck> {
    return ContainerDeck.open(browser, site, {
      allows: (origin) => double.owns(origin),
      ...options,
      async prepare(page) {
        await options.prepare?.(page)
        if (runtime === undefined) return
        await page.addInitScript((name) => {
          if (top === self && localStorage.getItem("mirage-runtime") === null)
            localStorage.setItem("mirage-runtime", name)
        }, runtime)
      },
    })
  }

  /** The badge's menu. */
  get menu(): Locator {
    return this.page.getByRole("dialog", { name: "Where programs run" })
  }

  badge(file: string): Locator {
    return this.cell(file).root.locator("button.runtime")
  }

  /** The panel. */
  get dock(): Locator {
    return this.page.getByRole("region", { name: "WebContainer" })
  }

  /** Wait until the container is up, as the page's bar tells. */
  async containerUp(): Promise<void> {
    await this.shellButton.waitFor()
  }

  get shellButton(): Locator {
    return this.page.getByRole("button", { name: "Shell in the WebContainer" })
  }

  /** Open a shell, and wait for its prompt. */
  async openShell(): Promise<void> {
    await this.containerUp()
    await this.shellButton.click()
    await this.shellHasKeys()
    await this.shows("$")
  }

  /** Wait until what is typed goes to the shell. */
  async shellHasKeys(): Promise<void> {
    await this.dock.locator(".xterm-helper-textarea:focus").waitFor({ state: "attached" })
  }

  /** Wait until the terminal shows a text. */
  async shows(text: string): Promise<void> {
    await this.dock.locator(".xterm-rows").getByText(text).first().waitFor()
  }
}
