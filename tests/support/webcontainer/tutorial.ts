// What a file of end-to-end tests with WebContainers begins and ends with: the built site on a host that isolates it, a double on
// another origin, a Chromium, and pages that may not complain.

import { beforeEach } from "vitest"
import { launch } from "../browser.ts"
import { duringTests } from "../during-tests.ts"
import type { StaticHost } from "../static-host.ts"
import { useDecks } from "../tutorial.ts"
import { ContainerDeck } from "./deck.ts"
import { type Double, startDouble } from "./double.ts"
import { type OwnersSettings, siteOf } from "./site.ts"

/** How a deck is opened. */
export type ContainerDeckOptions = NonNullable<Parameters<typeof ContainerDeck.openWith>[3]>

/** The site and its double, for the tests of a file. */
export interface ContainerTutorial {
  readonly site: StaticHost
  readonly double: Double
  /** What the site's owner has decided; `ask` before each test. They count from the next page on. */
  readonly settings: OwnersSettings
  /** Open the deck. After the test it is closed, and must not have complained. */
  open(options?: ContainerDeckOptions): Promise<ContainerDeck>
}

/** Have it up from before the first test of a file until after the last; each test begins without a fault. */
export function useContainerTutorial(): ContainerTutorial {
  const settings: OwnersSettings = {}
  const up = duringTests(async (keep) => {
    const double = await keep(startDouble())
    settings.origin = double.origin
    return { double, site: await keep(siteOf(settings)), browser: await keep(launch()) }
  })
  const adopt = useDecks()
  beforeEach(() => {
    settings.use = "ask"
    up().double.fault = undefined
  })
  return {
    settings,
    get site() {
      return up().site
    },
    get double() {
      return up().double
    },
    async open(options) {
      const { browser, site, double } = up()
      return adopt(await ContainerDeck.openWith(browser, site, double, options))
    },
  }
}
