// What a file of end-to-end tests with WebContainers begins and ends with: the built site on a host that isolates it, a double on
// another origin, a Chromium, and pages that may not complain.

import type { Browser } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest"
import { launch } from "../browser.ts"
import type { StaticHost } from "../static-host.ts"
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
  const opened: ContainerDeck[] = []
  let up: { readonly site: StaticHost; readonly double: Double; readonly browser: Browser } | undefined

  beforeAll(async () => {
    const double = await startDouble()
    settings.origin = double.origin
    up = { double, site: await siteOf(settings), browser: await launch() }
  })
  beforeEach(() => {
    settings.use = "ask"
    running().double.fault = undefined
  })
  afterEach(async () => {
    const decks = opened.splice(0)
    for (const deck of decks) await deck.page.context().close()
    expect(decks.flatMap((deck) => deck.complaints)).toEqual([])
  })
  afterAll(async () => {
    await up?.browser.close()
    await up?.site.close()
    await up?.double.close()
  })

  function running(): NonNullable<typeof up> {
    if (up === undefined) throw new Error("The tutorial is up while tests run, not while they are collected.")
    return up
  }

  return {
    settings,
    get site() {
      return running().site
    },
    get double() {
      return running().double
    },
    async open(options) {
      const { browser, site, double } = running()
      const deck = await ContainerDeck.openWith(browser, site, double, options)
      opened.push(deck)
      return deck
    },
  }
}
