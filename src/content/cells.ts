// The cells of a project, put together from their fences.

import type { CellPartFence, FileFence } from "./fence.ts"
import { languageOf } from "./fence.ts"
import { didYouMean, type Problems } from "./problems.ts"
import type { Cell, ProjectFile } from "./project.ts"

/** Where a fence stands. */
export interface Place {
  readonly file: string
  /** The line of the opening fence. */
  readonly line: number
}

/** A file as its fence has it, before it is compiled. */
export interface CellFile extends Omit<ProjectFile, "compiled" | "types" | "errors"> {
  readonly fence: FileFence
  /** Where its text's lines are: line `n` of the text is line `line + n` of `file`. */
  readonly origin: Place
}

/** TypeScript that belongs to an exercise, as a file of its own: so it is checked, and its errors have a place. */
export interface ExerciseScript {
  readonly kind: "check" | "solution"
  /** The entry of the cell. */
  readonly of: string
  /** Beside the entry, whose imports it may have as they stand there. */
  readonly name: string
  readonly text: string
  readonly origin: Place
}

/** What fences have said so far. */
export class CellCollector {
  readonly #problems: Problems
  readonly #readSource: (path: string) => string | undefined
  readonly #files = new Map<string, CellFile>()
  readonly #parts: { readonly fence: CellPartFence; readonly text: string; readonly at: Place }[] = []
  readonly #scripts: ExerciseScript[] = []
  readonly #groups = new Map<string, { readonly files: CellFile[]; readonly at: Place }>()

  /** `readSource` reads a file of the repository, for `src=`. */
  constructor(problems: Problems, readSource: (path: string) => string | undefined) {
    this.#problems = problems
    this.#readSource = readSource
  }

  /** A file of a cell. Returns whether the cell is to be shown here. */
  addFile(fence: FileFence, body: string, at: Place): boolean {
    const { name, group } = fence
    const other = this.#files.get(name)
    if (other !== undefined) {
      const { file, line } = other.source
      this.#problems.add(at.file, at.line, `There is a cell \`${name}\` already, at ${file}:${line}.`)
      return false
    }
    const { text, origin } = this.#text(fence, body, at)
    const language = languageOf(name, fence.language)
    const hidden = fence.hidden ? { hidden: true as const } : {}
    const file: CellFile = { name, label: fence.label, language, text, ...hidden, source: at, fence, origin }
    this.#files.set(name, file)
    if (language !== "typescript" || !name.endsWith(".ts")) {
      const runs = fence.entry || (group === undefined && !fence.hidden)
      const what = runs ? "A cell that runs" : language === "typescript" ? "A TypeScript file" : undefined
      if (what !== undefined) this.#problems.add(at.file, at.line, `${what} has a name that ends in \`.ts\`.`)
      if (fence.wrong) this.#problems.add(at.file, at.line, "`wrong` goes with TypeScript: nothing else is checked.")
    }
    if (group === undefined) return !fence.hidden
    const known = this.#groups.get(group)
    if (known !== undefined) {
      known.files.push(file)
      return false
    }
    this.#groups.set(group, { files: [file], at })
    return true
  }

  /** What a cell prints, its OCaml, or a part of an exercise. */
  addPart(fence: CellPartFence, text: string, at: Place): void {
    this.#parts.push({ fence, text, at })
  }

  /** Every file, and every cell in the order of the Markdown. */
  finish(): {
    readonly files: ReadonlyMap<string, CellFile>
    readonly cells: readonly Cell[]
    readonly scripts: readonly ExerciseScript[]
  } {
    const cells: Cell[] = []
    for (const file of this.#files.values()) {
      const group = file.fence.group
      if (group === undefined) {
        if (!file.fence.hidden) cells.push({ entry: file.name, files: [file.name] })
      } else if (this.#groups.get(group)?.files[0] === file) {
        const entry = this.#entryOf(group)
        const files = (this.#groups.get(group)?.files ?? []).map((f) => f.name)
        if (entry !== undefined) cells.push({ entry, files, group })
      }
    }
    return { files: this.#files, cells: this.#withParts(cells), scripts: this.#scripts }
  }

  /** The cell that is shown where its file or group was first met. */
  static shownAs(fence: FileFence): string {
    return fence.group === undefined ? `file:${fence.name}` : `group:${fence.group}`
  }

  #text(fence: FileFence, body: string, at: Place): { readonly text: string; readonly origin: Place } {
    if (fence.src === undefined) return { text: body, origin: at }
    if (body.trim() !== "") {
      this.#problems.add(at.file, at.line, "A fence with `src=` takes its text from there: it has to be empty itself.")
    }
    const text = this.#readSource(fence.src)
    if (text === undefined)
      this.#problems.add(at.file, at.line, `\`src=${fence.src}\` names no file of the repository.`)
    return { text: (text ?? "").replaceAll("\r\n", "\n").trimEnd(), origin: { file: fence.src, line: 0 } }
  }

  #entryOf(group: string): string | undefined {
    const { files, at } = this.#groups.get(group) as { readonly files: CellFile[]; readonly at: Place }
    const entries = files.filter((f) => f.fence.entry)
    if (entries.length === 0) {
      this.#problems.add(at.file, at.line, `No fence of \`group=${group}\` is the \`entry\`, the file that runs.`)
    }
    for (const second of entries.slice(1)) {
      const { file, line } = second.source
      this.#problems.add(file, line, `\`group=${group}\` has an \`entry\` already, \`${entries[0]?.label}\`.`)
    }
    return entries[0]?.name
  }

  #addScript(kind: ExerciseScript["kind"], of: string, text: string, at: Place): void {
    const name = of.replace(/\.ts$/, `.${kind}.ts`)
    const other = this.#files.get(name)
    if (other === undefined) this.#scripts.push({ kind, of, name, text, origin: at })
    else
      this.#problems.add(other.source.file, other.source.line, `\`${name}\` is the name of the ${kind} of \`${of}\`.`)
  }

  #withParts(cells: readonly Cell[]): Cell[] {
    const byFile = new Map(cells.flatMap((cell) => cell.files.map((name) => [name, cell.entry] as const)))
    const parts = new Map<string, CellParts>()
    for (const { fence, text, at } of this.#parts) {
      const entry = byFile.get(fence.of)
      if (entry === undefined) {
        // A file of a group that lost its cell to another mistake is not a second mistake.
        if (this.#files.get(fence.of)?.fence.group !== undefined) continue
        const hint = this.#files.has(fence.of) ? " It is hidden." : didYouMean(fence.of, byFile.keys())
        this.#problems.add(at.file, at.line, `\`of=${fence.of}\` names no cell.${hint}`)
        continue
      }
      const known = parts.get(entry) ?? { hints: [] }
      parts.set(entry, known)
      const { kind } = fence
      if ((kind === "check" || kind === "hint" || kind === "solution") && fence.of !== entry) {
        this.#problems.add(at.file, at.line, `An exercise is about the file that runs: write \`of=${entry}\`.`)
      }
      if (kind === "hint") known.hints.push(text)
      else if (known[kind] === undefined) {
        known[kind] = kind === "output" ? text.trimEnd() : text
        if (kind === "check" || kind === "solution") this.#addScript(kind, entry, text, at)
      } else this.#problems.add(at.file, at.line, `The cell \`${entry}\` has its \`${fence.kind}\` already.`)
    }
    return cells.map((cell) => ({
      ...cell,
      ...(parts.has(cell.entry) ? partsOf(parts.get(cell.entry) as CellParts) : {}),
    }))
  }
}

interface CellParts {
  output?: string
  ocaml?: string
  check?: string
  solution?: string
  readonly hints: string[]
}

function partsOf({ output, ocaml, check, solution, hints }: CellParts): Partial<Cell> {
  const isExercise = check !== undefined || solution !== undefined || hints.length > 0
  return {
    ...(output === undefined ? {} : { output }),
    ...(ocaml === undefined ? {} : { ocaml }),
    ...(isExercise
      ? {
          exercise: {
            ...(check === undefined ? {} : { check }),
            hints,
            ...(solution === undefined ? {} : { solution }),
          },
        }
      : {}),
  }
}
