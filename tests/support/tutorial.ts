// What a file of end-to-end tests begins and ends with: the built site on a host, a Chromium, and pages that may not complain.

import type { Browser, Page } from "playwright-core"
import { afterEach, expect } from "vitest"
import { launch } from "./browser.ts"
import { duringTests } from "./during-tests.ts"
import { builtSite, Deck, type DeckOptions } from "./page.ts"
import type { HostOptions, StaticHost } from "./static-host.ts"

/** The built tutorial, for the tests of a file. */
export interface Tutorial {
  readonly site: StaticHost
  readonly browser: Browser
  /** Open the deck. After the test it is closed, and must not have complained. */
  open(options?: DeckOptions): Promise<Deck>
  /** The same for a page that goes its own way. */
  adopt(page: Page): Deck
}

/** Have it up from before the first test of a file, or of a `describe`, until after the last. */
export function useTutorial(options?: HostOptions): Tutorial {
  const up = duringTests(async (keep) => ({ site: await keep(builtSite(options)), browser: await keep(launch()) }))
  const adopt = useDecks()
  return {
    get site() {
      return up().site
    },
    get browser() {
      return up().browser
    },
    open: async (deckOptions) => adopt(await Deck.open(up().browser, up().site, deckOptions)),
    adopt: (page) => adopt(new Deck(page)),
  }
}

/** A deck that the returned function has been given is closed after the test, and must not have complained. */
export function useDecks(): <D extends Deck>(deck: D) => D {
  const opened: Deck[] = []
  afterEach(async () => {
    const decks = opened.splice(0)
    for (const deck of decks) await deck.page.context().close()
    expect(decks.flatMap((deck) => deck.complaints)).toEqual([])
  })
  return (deck) => {
    opened.push(deck)
    return deck
  }
}
