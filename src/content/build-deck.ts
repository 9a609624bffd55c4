// From a folder of Markdown to a deck: read, checked, compiled and rendered.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import { compile } from "../toolchain/compile.ts"
import type { CompiledModule, Diagnostic } from "../toolchain/compiled-module.ts"
import type { CellFile, ExerciseScript } from "./cells.ts"
import { Highlighter } from "./highlight.ts"
import { CELL_DOORS, CHECK_DOORS, circles, wrongImport } from "./imports.ts"
import { doorsOf } from "./library.ts"
import { Problems } from "./problems.ts"
import type { Cell, Deck, ProjectFile } from "./project.ts"
import { type MarkdownFile, type ReadDeck, readDeck } from "./read.ts"
import { renderColumns } from "./render.ts"
import { CellChecker, type CheckedFile, type Doors } from "./types.ts"

/** Where a deck's parts are. Paths are absolute. */
export interface DeckPlaces {
  /** The repository: `src=` starts here, and messages name files from here. */
  readonly root: string
  /** The folder of Markdown. */
  readonly folder: string
  /** Which of its files are the columns, in the order of their names; `08-monads.md` and its like if not given. */
  readonly columns?: RegExp
  /** The folder that the page's pictures are in. */
  readonly assets: string
  readonly doors: Doors
  /** Declarations that the library's files rely on. */
  readonly ambient: readonly string[]
}

/** The tutorial's deck, in the repository `root`. */
export function tutorialDeck(root: string): DeckPlaces {
  return { ...commonPlaces(root), folder: join(root, "slides") }
}

/** The notebook `name`, `notebooks/lwt.md`: a deck of one column, whose slides are the sections of a page. */
export function tutorialNotebook(root: string, name: string): DeckPlaces {
  return { ...commonPlaces(root), folder: join(root, "notebooks"), columns: new RegExp(`^${name}\\.md$`) }
}

/** The names of all notebooks. */
export function notebooksOf(root: string): string[] {
  const folder = join(root, "notebooks")
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.flatMap((file) => /^([\w-]+)\.md$/.exec(file)?.[1] ?? []).toSorted()
}

function commonPlaces(root: string): Pick<DeckPlaces, "root" | "assets" | "doors" | "ambient"> {
  const doors = Object.fromEntries(CHECK_DOORS.map((door) => [door, doorsOf(root)[door] as string]))
  return { root, assets: join(root, "public"), doors, ambient: [join(root, "src/mirage/globals.d.ts")] }
}

/** One for the deck and all notebooks: its grammars are slow to make. */
let highlighter: Promise<Highlighter> | undefined

/** Builds a deck as often as it changes, and does again only what a change asks for. */
export class DeckBuilder {
  readonly #places: DeckPlaces
  readonly #name: string
  readonly #checker: CellChecker
  readonly #compiled = new Map<string, { readonly text: string; readonly result: ReturnType<typeof compile> }>()
  #sources = new Set<string>()

  /** `name` is what the page calls the project: `deck`. */
  constructor(places: DeckPlaces, name: string) {
    this.#places = places
    this.#name = name
    this.#checker = new CellChecker(places.root, places.doors, places.ambient)
  }

  /** Files outside of the deck's folder that the last build took cells from, absolute. */
  get sources(): ReadonlySet<string> {
    return this.#sources
  }

  /** Build. Throws one ContentError with every mistake. */
  async build(): Promise<Deck> {
    const problems = new Problems()
    this.#sources = new Set()
    const deck = readDeck(
      this.#markdown(),
      { readSource: (p) => this.#source(p), hasAsset: (p) => this.#hasAsset(p) },
      problems,
    )
    const checked = this.#checkTypes(deck, problems)
    const compiled = this.#compile(deck, checked, problems)
    problems.throwIfAny()
    highlighter ??= Highlighter.create()
    const columns = renderColumns(deck, this.#name, await highlighter)
    const files = Object.fromEntries(
      [...deck.files.values()].map((file) => [
        file.name,
        projectFile(file, compiled.get(file.name), checked.get(file.name)),
      ]),
    )
    return { name: this.#name, files, cells: withChecks(deck, compiled), columns }
  }

  #markdown(): MarkdownFile[] {
    const { root, folder, columns = /^\d+-.*\.md$/ } = this.#places
    const names = readdirSync(folder).filter((name) => columns.test(name))
    return names.toSorted().map((name) => {
      const path = join(folder, name)
      return { name: relative(root, path), text: readFileSync(path, "utf8") }
    })
  }

  #source(path: string): string | undefined {
    const { root } = this.#places
    const full = join(root, path)
    if (relative(root, full).startsWith("..") || !existsSync(full) || !statSync(full).isFile()) return undefined
    this.#sources.add(full)
    return readFileSync(full, "utf8")
  }

  #hasAsset(path: string): boolean {
    return existsSync(join(this.#places.assets, path))
  }

  #checkTypes(deck: ReadDeck, problems: Problems): ReadonlyMap<string, CheckedFile> {
    const scripts = typeScriptOf(deck)
    const checked = this.#checker.check(new Map(scripts.map((file) => [file.name, file.text])))
    const names = new Set(deck.files.keys())
    for (const file of scripts) {
      const { errors, imports } = checked.get(file.name) as CheckedFile
      for (const { specifier, line, column } of imports) {
        const wrong = wrongImport(specifier, file.name, names, file.kind === "check" ? CHECK_DOORS : CELL_DOORS)
        if (wrong !== undefined) addAt(problems, file, { line, column, message: wrong })
      }
      if (!isWrong(file)) for (const error of errors) addAt(problems, file, error)
      else if (errors.length === 0) {
        const { file: markdown, line } = deck.files.get(file.name)?.source ?? file.origin
        problems.add(markdown, line, "The cell is said to be `wrong`, and has no type error.")
      }
    }
    for (const { path, by } of circles(new Map([...checked].map(([name, { imports }]) => [name, imports])))) {
      const message = `Cells import each other in a circle: ${path.map((name) => `\`${name}\``).join(", ")}.`
      addAt(problems, scripts.find((one) => one.name === by.file) as Script, { ...by.at, message })
    }
    return checked
  }

  #compile(
    deck: ReadDeck,
    checked: ReadonlyMap<string, CheckedFile>,
    problems: Problems,
  ): ReadonlyMap<string, CompiledModule> {
    const modules = new Map<string, CompiledModule>()
    for (const file of typeScriptOf(deck)) {
      let known = this.#compiled.get(file.name)
      if (known?.text !== file.text) {
        known = { text: file.text, result: compile(file.name, file.text) }
        this.#compiled.set(file.name, known)
      }
      const { result } = known
      if (result.ok) modules.set(file.name, result.value)
      // TypeScript has said it already, unless its saying so was what the cell is for.
      else if (isWrong(file) || checked.get(file.name)?.errors.length === 0) addAt(problems, file, result.error)
    }
    return modules
  }
}

/** A text that is checked and compiled: a file of a cell, or a part of an exercise. */
type Script = Pick<CellFile, "name" | "text" | "origin"> & {
  readonly fence?: CellFile["fence"]
  readonly kind?: ExerciseScript["kind"]
}

function typeScriptOf(deck: ReadDeck): Script[] {
  const files = [...deck.files.values()].filter((f) => f.language === "typescript" && f.name.endsWith(".ts"))
  return [...files, ...deck.scripts]
}

const isWrong = (file: Script): boolean => file.fence?.wrong === true

/** The cells of exercises with their checks compiled. */
function withChecks(deck: ReadDeck, compiled: ReadonlyMap<string, CompiledModule>): Cell[] {
  return deck.cells.map((cell) => {
    const script = deck.scripts.find((one) => one.kind === "check" && one.of === cell.entry)
    const compiledCheck = script === undefined ? undefined : compiled.get(script.name)
    if (cell.exercise === undefined || compiledCheck === undefined) return cell
    return { ...cell, exercise: { ...cell.exercise, compiledCheck } }
  })
}

/** A mistake in a cell's text, where that text stands. */
function addAt(problems: Problems, file: Script, { line, column, message }: Omit<Diagnostic, "file">): void {
  problems.add(file.origin.file, file.origin.line + line, message, column)
}

function projectFile(
  file: CellFile,
  compiled: CompiledModule | undefined,
  checked: CheckedFile | undefined,
): ProjectFile {
  const { name, label, language, text, hidden, source, fence } = file
  return {
    name,
    label,
    language,
    text,
    source,
    ...(hidden === undefined ? {} : { hidden }),
    ...(compiled === undefined ? {} : { compiled }),
    ...(checked === undefined ? {} : { types: checked.types }),
    ...(fence.wrong && checked !== undefined ? { errors: checked.errors } : {}),
  }
}
