// Every block of OCaml in the deck, given to the real OCaml, a session for each column: it compiles, or is refused if it is
// meant to be; it answers what the slide says; and it prints what the cell prints that it is the equivalent of.

import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { describe, expect, it } from "vitest"
import { ocamlBlocks } from "./ocaml/blocks.ts"
import { sceneryOf, sectionsOf, session } from "./ocaml/session.ts"

const slides = join(import.meta.dirname, "../../slides")
const columns = readdirSync(slides).filter((name) => /^\d+-.*\.md$/.test(name))

const found = spawnSync("ocamlfind", ["query", "lwt"]).status === 0 && spawnSync("ocaml", ["-version"]).status === 0
const inCi = process.env["CI"] === "true"
if (!found && !inCi) {
  console.warn(
    "skipped: OCaml and its Lwt are not installed (apt-get install ocaml-nox ocaml-findlib liblwt-ocaml-dev)",
  )
}

/** Cells whose OCaml prints something else, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "echo.ts": "OCaml's random numbers are not ours",
  "console/config.ts": "config.ml describes; what mirage writes boots it, two slides on",
  "applications.ts": "the applications are written by the mirage command, and not by config.ml",
  "functoria.ts": "the twin has a language of its own, of three constructors",
  "describe.ts": "the outline is printed by the mirage command, and not by config.ml",
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim()

describe.skipIf(!found && !inCi)("OCaml on the slides", () => {
  for (const name of columns) {
    const blocks = ocamlBlocks(`slides/${name}`, readFileSync(join(slides, name), "utf8"))
    if (blocks.length === 0) continue
    const column = name.replace(/\.md$/, "")

    it(`of ${column} is what OCaml takes`, () => {
      const scenery = sceneryOf(column)
      const headings = new Set(blocks.map((b) => b.slide))
      expect(sectionsOf(scenery).filter((heading) => !headings.has(heading))).toEqual([])
      const answers = session(blocks, scenery)
      for (const [i, block] of blocks.entries()) {
        const { answer, printed, error } = answers[i] as (typeof answers)[number]
        const told = `${block.at} (${block.slide})\n${answer}`
        if (block.wrong) {
          expect.soft(error, `${block.at} is meant to be wrong`).toBeDefined()
          const said = /\(\* (Error: [^]*?) (?:…|\*\))/.exec(block.text)?.[1]
          if (said !== undefined) expect.soft(oneLine(error ?? ""), block.at).toContain(oneLine(said))
          continue
        }
        expect.soft(error, told).toBeUndefined()
        if (block.answer !== undefined) {
          expect.soft([answer, printed].filter((s) => s !== "").join("\n"), block.at).toBe(block.answer)
        }
        if (block.printed !== undefined && DIFFERENT[block.of ?? ""] === undefined) {
          expect.soft(stripVTControlCharacters(printed), told).toBe(block.printed)
        }
      }
    })
  }

  it("is there to be checked", () => {
    const all = columns.flatMap((name) => ocamlBlocks(name, readFileSync(join(slides, name), "utf8")))
    expect(all.length).toBeGreaterThan(60)
    expect(all.filter((b) => b.wrong)).not.toEqual([])
    expect(all.filter((b) => b.answer !== undefined)).not.toEqual([])
    expect(Object.keys(DIFFERENT).filter((of) => !all.some((b) => b.of === of))).toEqual([])
  })
})
