// The deck's OCaml, block by block, as its Markdown has it.

import { parseFence } from "../../../src/content/fence.ts"

/** A block of OCaml on a slide. */
export interface OcamlBlock {
  /** `slides/08-monads.md:12`, the line of the fence. */
  readonly at: string
  /** The heading of its slide. */
  readonly slide: string
  readonly text: string
  /** It is meant to be refused by the type checker. */
  readonly wrong: boolean
  /** The cell that it is the equivalent of, and what that prints besides its values. */
  readonly of?: string
  readonly printed?: string
  /** What the slide says that the toplevel answers: an `ocaml-output` fence after the block. */
  readonly answer?: string
}

interface FenceText {
  readonly line: number
  readonly info: string
  readonly text: string
  readonly slide: string
}

/** Every fence at the left margin. Speaker's notes have none that is run. */
function fences(markdown: string): FenceText[] {
  const found: FenceText[] = []
  let slide = ""
  let open: { ticks: string; info: string; line: number; lines: string[] } | undefined
  for (const [i, line] of markdown.split("\n").entries()) {
    const fence = /^(`{3,})(.*)$/.exec(line)
    if (open !== undefined) {
      if (fence?.[1] === open.ticks && fence[2]?.trim() === "") {
        found.push({ line: open.line, info: open.info, text: open.lines.join("\n"), slide })
        open = undefined
      } else open.lines.push(line)
    } else if (fence !== null) open = { ticks: fence[1] as string, info: fence[2] as string, line: i + 1, lines: [] }
    else slide = /^#+ (.*)$/.exec(line)?.[1] ?? slide
  }
  return found
}

/** The blocks of a column, in order. */
export function ocamlBlocks(file: string, markdown: string): OcamlBlock[] {
  const all = fences(markdown)
  const refuse = (message: string) => {
    throw new Error(`${file}: ${message}`)
  }
  const outputs = new Map<string, string>()
  for (const { info, text } of all) {
    const fence = parseFence(info, refuse)
    if (fence.kind === "output") outputs.set(fence.of, withoutValues(text))
  }
  const blocks: OcamlBlock[] = []
  for (const { info, text, line, slide } of all) {
    const fence = parseFence(info, refuse)
    const last = blocks.at(-1)
    if (fence.kind === "code" && fence.language === "ocaml-output") {
      if (last === undefined) throw new Error(`${file}:${line}: there is no OCaml before this output`)
      blocks[blocks.length - 1] = { ...last, answer: text }
    } else if (fence.kind === "ocaml" || (fence.kind === "code" && fence.language === "ocaml")) {
      const of = fence.kind === "ocaml" ? fence.of : undefined
      const printed = of === undefined ? undefined : outputs.get(of)
      blocks.push({
        at: `${file}:${line}`,
        slide,
        text,
        wrong: / wrong\b/.test(info),
        ...(of === undefined ? {} : { of }),
        ...(printed === undefined ? {} : { printed }),
      })
    }
  }
  return blocks
}

/** What a cell prints comes after its values, one a line. */
function withoutValues(output: string): string {
  const lines = output.split("\n")
  const first = lines.findIndex((line) => !line.startsWith("val "))
  return first < 0 ? "" : lines.slice(first).join("\n")
}
