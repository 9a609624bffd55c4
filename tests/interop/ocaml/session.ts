// Blocks of OCaml in one session of OCaml's toplevel, as a lecturer would type them.

import { execFileSync, spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { OcamlBlock } from "./blocks.ts"

/** What OCaml did with a block. */
export interface Answered {
  /** What the toplevel says: `val x : int = 1`, or an error. */
  readonly answer: string
  /** What the program printed. */
  readonly printed: string
  /** The error, on one line, without its place. */
  readonly error: string | undefined
}

const MARK = "@@@ block "
const END = "@@@ end"
const PRELUDE = join(import.meta.dirname, "prelude.ml")

/**
 * Run `blocks` one after another. `scenery` is OCaml that they stand on beyond the prelude: what comes first is run at the
 * beginning, and what follows a line `(* before: Start *)` before the first block of the slide of that heading.
 */
export function session(blocks: readonly OcamlBlock[], scenery: string): Answered[] {
  const lwt = execFileSync("ocamlfind", ["query", "lwt"], { encoding: "utf8" }).trim()
  const script = [
    `#use ${JSON.stringify(PRELUDE)};;`,
    // Values and errors go to one channel, what is printed to another.
    "let () = Format.pp_set_formatter_out_channel Format.std_formatter stderr;;",
    ...sectionOf(scenery, undefined),
    ...blocks.flatMap((block, i) => [
      ...(blocks.findIndex((b) => b.slide === block.slide) === i ? sectionOf(scenery, block.slide) : []),
      `let () = OS.reset (); flush stdout; prerr_endline "${MARK}${i}"; print_endline "${MARK}${i}";;`,
      // A piece that a slide leaves out is an expression of any type.
      block.text.replaceAll("…", "(raise Left_out)"),
      ";;",
      `let () = flush stdout; prerr_endline "${END}"; print_endline "${END}";;`,
    ]),
    "",
  ].join("\n")
  const run = spawnSync("ocaml", ["-noinit", "-noprompt", "-nopromptcont", "-I", lwt, join(lwt, "lwt.cma")], {
    input: script,
    encoding: "utf8",
  })
  if (run.error !== undefined) throw run.error
  const answers = parts(run.stderr, blocks.length)
  const printed = parts(run.stdout, blocks.length)
  const before = errorIn(answers.before)
  if (before !== undefined) throw new Error(`what the blocks stand on is wrong: ${answers.before}`)
  return blocks.map((_, i) => {
    const answer = answers.blocks[i] as string
    return { answer, printed: printed.blocks[i] as string, error: errorIn(answer) }
  })
}

function sectionOf(scenery: string, slide: string | undefined): string[] {
  const sections = scenery.split(/^\(\* before: (.*) \*\)$/m)
  if (slide === undefined) return [`${sections[0] ?? ""};;`]
  const i = sections.findIndex((name, k) => k % 2 === 1 && name === slide)
  return i < 0 ? [] : [`${sections[i + 1] ?? ""};;`]
}

/** The headings that a scenery has sections for. */
export function sectionsOf(scenery: string): string[] {
  return [...scenery.matchAll(/^\(\* before: (.*) \*\)$/gm)].map((m) => m[1] as string)
}

function parts(text: string, count: number): { before: string; blocks: string[] } {
  const [before = "", ...blocks] = text.split(new RegExp(`^${MARK}\\d+\\n`, "m"))
  if (blocks.length !== count) throw new Error(`OCaml answered ${blocks.length} of ${count} blocks:\n${text}`)
  return { before, blocks: blocks.map((block) => (block.split(`${END}\n`)[0] ?? "").trimEnd()) }
}

function errorIn(answer: string): string | undefined {
  const m = /^(?:Error:|Exception:|Fatal error:)[^]*/m.exec(answer)
  // To run into a piece that was left out is no error of the slide's.
  if (m === null || m[0].startsWith("Exception: Left_out")) return undefined
  return m[0].replaceAll(/\s+/g, " ").trim()
}

/** The scenery of a column, if it has any. */
export function sceneryOf(column: string): string {
  try {
    return readFileSync(join(import.meta.dirname, `${column}.ml`), "utf8")
  } catch {
    return ""
  }
}
