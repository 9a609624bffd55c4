// Every cell of the deck and of the notebooks in a real Chromium, in the page's own sandbox and in a WebContainer: it tells
// there what it tells under Node, where tests/content compares it with what its slide says.

import { join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { DeckBuilder, notebooksOf, tutorialDeck, tutorialNotebook } from "../../src/content/build-deck.ts"
import { buildLibrary, doorsOf } from "../../src/content/library.ts"
import { buildPackage } from "../../src/content/package.ts"
import type { Cell, Deck } from "../../src/content/project.ts"
import { nodeSandbox } from "../../src/sandbox/node.ts"
import { program } from "../../src/sandbox/program.ts"
import type { Sandbox } from "../../src/sandbox/sandbox.ts"
import { launch } from "../support/browser.ts"
import { type Double, startDouble } from "../support/webcontainer/double.ts"
import { serveContainerHarness } from "./chromium-container.ts"
import { bridge, type HarnessHost, openHarness, serveHarness } from "./chromium-sandbox.ts"
import { buildNodeGuest, buildWorkerGuest } from "./guests.ts"
import { start } from "./sandbox-suite.ts"

const root = join(import.meta.dirname, "../..")
const decks = [await new DeckBuilder(tutorialDeck(root), "deck").build()]
for (const name of notebooksOf(root)) decks.push(await new DeckBuilder(tutorialNotebook(root, name), name).build())

const hosts: HarnessHost[] = []
let browser: Browser
let double: Double
let embedded: Sandbox
let webcontainer: Sandbox
let node: Sandbox

beforeAll(async () => {
  const library = await buildLibrary(doorsOf(root))
  const [worker, process, installed] = await Promise.all([
    buildWorkerGuest(),
    buildNodeGuest(),
    buildPackage(root, library),
  ])
  double = await startDouble()
  hosts.push(await serveHarness({ guest: worker, library }))
  hosts.push(await serveContainerHarness(double, installed))
  browser = await launch()
  embedded = await bridge(await openHarness(browser, hosts[0]!))
  webcontainer = await bridge(await openHarness(browser, hosts[1]!, { allows: double.owns }), "webcontainer")
  node = nodeSandbox({ load: async () => ({ guest: process, library }) })
})

afterAll(async () => {
  await Promise.all([embedded?.dispose(), webcontainer?.dispose(), node?.dispose()])
  await browser?.close()
  for (const host of hosts) host.close()
  await double?.close()
})

/** All that a cell tells until it has ended or serves, and then what curl says to it. */
async function told(sandbox: Sandbox, deck: Deck, cell: Cell): Promise<unknown> {
  const made = await program(deck, {}, cell.entry, { pace: "max" })
  if (!made.ok) throw new Error(JSON.stringify(made.error))
  const transcript = start(sandbox, made.value)
  const end = await Promise.race([
    transcript.run.done,
    transcript.until(() => transcript.machines.length > 0).catch(() => transcript.run.done),
  ])
  // What has been printed so far: what it prints when curl has gone may or may not be here before we look.
  const out = transcript.text("out")
  const curl = end === undefined ? await transcript.run.shell("curl -i http://10.0.0.2/") : undefined
  await transcript.run.stop()
  const { values, machines, errors } = transcript
  return { end, values, machines, errors, out, err: transcript.text("err"), curl }
}

describe.each(decks.map((deck) => [deck.name, deck] as const))(
  "every cell of %s tells what it tells under Node",
  (_, deck) => {
    const cells = deck.cells.filter((cell) => cell.files.every((name) => deck.files[name]!.errors === undefined))

    it.each(cells.map((cell) => [cell.entry, cell] as const))("%s", async (_entry, cell) => {
      const expected = await told(node, deck, cell)
      expect(await told(embedded, deck, cell), "in the page").toEqual(expected)
      expect(await told(webcontainer, deck, cell), "in a WebContainer").toEqual(expected)
    })
  },
)
