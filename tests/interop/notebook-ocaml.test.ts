// Every block of OCaml in the notebooks, given to the real OCaml and its Lwt, a session for each notebook: it compiles, and
// it prints what the cell prints that it is the equivalent of. The OCaml of an exercise is its solution: it is compiled.

import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { notebooksOf } from "../../src/content/build-deck.ts"
import { ocamlBlocks } from "./ocaml/blocks.ts"
import { session } from "./ocaml/session.ts"

const root = join(import.meta.dirname, "../..")
const found = spawnSync("ocamlfind", ["query", "lwt"]).status === 0 && spawnSync("ocaml", ["-version"]).status === 0
const inCi = process.env["CI"] === "true"
if (!found && !inCi) {
  console.warn(
    "skipped: OCaml and its Lwt are not installed (apt-get install ocaml-nox ocaml-findlib liblwt-ocaml-dev)",
  )
}

describe.skipIf(!found && !inCi)("OCaml in the notebooks", () => {
  it.each(notebooksOf(root))("of %s is what OCaml takes, and does the same", (name) => {
    const blocks = ocamlBlocks(`notebooks/${name}.md`, readFileSync(join(root, "notebooks", `${name}.md`), "utf8"))
    const answers = session(blocks, "")
    for (const [i, block] of blocks.entries()) {
      const { answer, printed, error } = answers[i] as (typeof answers)[number]
      expect.soft(error, `${block.at} (${block.slide})\n${answer}`).toBeUndefined()
      if (block.printed !== undefined) expect.soft(printed, block.at).toBe(block.printed)
    }
    expect(blocks.filter((block) => block.printed !== undefined).length).toBeGreaterThan(8)
  })
})
