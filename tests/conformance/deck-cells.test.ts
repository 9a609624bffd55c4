// Every cell of the deck in a real Chromium: it tells there what it tells under Node, where tests/content compares it with
// what its slide says.

import { join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { DeckBuilder, tutorialDeck } from "../../src/content/build-deck.ts"
import { buildLibrary, doorsOf } from "../../src/content/library.ts"
import type { Cell } from "../../src/content/project.ts"
import { nodeSandbox } from "../../src/sandbox/node.ts"
import { program } from "../../src/sandbox/program.ts"
import type { Sandbox } from "../../src/sandbox/sandbox.ts"
import { launch } from "../support/browser.ts"
import { bridge, type HarnessHost, openHarness, serveHarness } from "./chromium-sandbox.ts"
import { buildNodeGuest, buildWorkerGuest } from "./guests.ts"
import { start } from "./sandbox-suite.ts"

const root = join(import.meta.dirname, "../..")
const deck = await new DeckBuilder(tutorialDeck(root), "deck").build()
const cells = deck.cells.filter((cell) => cell.files.every((name) => deck.files[name]!.errors === undefined))

let browser: Browser
let host: HarnessHost
let embedded: Sandbox
let node: Sandbox

beforeAll(async () => {
  const library = await buildLibrary(doorsOf(root))
  const [guest, nodeGuest] = await Promise.all([buildWorkerGuest(), buildNodeGuest()])
  host = await serveHarness({ guest, library })
  browser = await launch()
  embedded = await bridge(await openHarness(browser, host))
  node = nodeSandbox({ load: async () => ({ guest: nodeGuest, library }) })
})

afterAll(async () => {
  await Promise.all([embedded?.dispose(), node?.dispose()])
  await browser?.close()
  host?.close()
})

/** All that a cell tells until it has ended or serves, and then what curl says to it. */
async function told(sandbox: Sandbox, cell: Cell): Promise<unknown> {
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

describe("every cell tells in Chromium what it tells under Node", () => {
  it.each(cells.map((cell) => [cell.entry, cell] as const))("%s", async (_entry, cell) => {
    expect(await told(embedded, cell)).toEqual(await told(node, cell))
  })
})
