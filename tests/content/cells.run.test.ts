// Every cell of the deck, as it stands in the Markdown, run under Node: it prints what its slide says it prints.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { DeckBuilder, tutorialDeck } from "../../src/content/build-deck.ts"
import type { Cell, ProjectFile } from "../../src/content/project.ts"
import { root, runCell, useNodeSandbox } from "./node-cells.ts"

// Building is the first test: every cell type-checks, or this throws with all that does not.
const deck = await new DeckBuilder(tutorialDeck(root), "deck").build()
const sandbox = useNodeSandbox()

const file = (name: string) => deck.files[name] as ProjectFile
const isWrong = (cell: Cell) => cell.files.some((name) => file(name).errors !== undefined)
// What is plugged into a network waits there for somebody to call.
const serves = (cell: Cell) => cell.group !== undefined && file(cell.entry).text.includes("tap0")

for (const cell of deck.cells.filter((c) => !isWrong(c))) {
  if (serves(cell)) {
    it(`${cell.entry} serves, and answers on its network`, async () => {
      const { run, text, end } = await runCell(sandbox, deck, cell)
      expect(end, text).toMatchObject({ address: "10.0.0.2" })
      if (cell.output !== undefined) expect(text).toBe(cell.output)
      expect(await run.shell("ping -c 1 10.0.0.2")).toContain("1 received")
      expect(await run.shell("curl -i http://10.0.0.2/")).toMatch(/^HTTP\/1\.1 200 OK\n/)
      await run.stop()
      expect(await run.done).toEqual({ tag: "stopped" })
    })
  } else if (cell.output === undefined) {
    it(`${cell.entry} ends without an error`, async () => {
      const { text, end } = await runCell(sandbox, deck, cell)
      expect(end, text).toEqual({ tag: "done" })
    })
  } else {
    it(`${cell.entry} prints what its slide says`, async () => {
      expect((await runCell(sandbox, deck, cell)).text).toBe(cell.output)
    })
  }
}

describe("the deck", () => {
  it("has cells that run, that serve, and that are wrong on purpose", () => {
    const some = expect.arrayContaining([expect.anything()])
    expect(deck.cells.filter((cell) => cell.output !== undefined)).toEqual(some)
    expect(deck.cells.filter(serves)).toEqual(some)
    expect(deck.cells.filter(isWrong)).toEqual(some)
  })

  it("shows the samples as they are", () => {
    const sources = readFileSync(join(root, "src/unikernels/static-website/unikernel.ts"), "utf8")
    expect(file("www/unikernel.ts").text).toBe(sources.trimEnd())
    const texts = Object.values(deck.files).map((f) => f.text)
    for (const sample of ["console", "static-website", "custom-stack"]) {
      const config = readFileSync(join(root, "src/unikernels", sample, "config.ts"), "utf8")
      expect(texts, sample).toContain(config.trimEnd())
    }
  })
})
