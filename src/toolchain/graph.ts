// Which files a program is made of, and in which order they are evaluated: the imports of its modules, followed.

import { error, ok, type Result } from "../mirage/result.ts"
import type { CompiledModule, Diagnostic, ModuleImport } from "./compiled-module.ts"
import { nearest } from "./nearest.ts"

/** The modules of the library OS that a cell may import. */
export const LIBRARY_DOORS: readonly string[] = ["mirage", "mirage/config"]

/** One more, for the checks of exercises. It is not suggested to the reader, and does no harm in a cell. */
export const CHECK_DOOR = "mirage/check"

/** Where a specifier leads: to a file of the project (whether it exists or not), into the library, or nowhere. */
export type Target =
  | { readonly tag: "file"; readonly name: string }
  | { readonly tag: "library"; readonly name: string }
  | { readonly tag: "unknown" }

/** What `specifier` means in the file `from`. */
export function resolveImport(from: string, specifier: string): Target {
  if (LIBRARY_DOORS.includes(specifier) || specifier === CHECK_DOOR) return { tag: "library", name: specifier }
  if (!/^\.\.?\//.test(specifier)) return { tag: "unknown" }
  const path = from.split("/").slice(0, -1)
  for (const step of specifier.split("/")) {
    if (step === "..") {
      // Above the project there is nothing, and so nothing to find.
      if (path.length === 0) return { tag: "file", name: specifier }
      path.pop()
    } else if (step !== "." && step !== "") path.push(step)
  }
  return { tag: "file", name: path.join("/") }
}

/**
 * The files that `entries` reach, each after those it imports: the order of evaluation, and the order in which they can
 * be linked. Every import that leads nowhere is a diagnostic, and so is the first circle; `known` are the names that
 * exist, for a suggestion.
 */
export function evaluationOrder(
  entries: readonly string[],
  lookup: (name: string) => CompiledModule | undefined,
  known: readonly string[],
): Result<readonly string[], readonly Diagnostic[]> {
  const order: string[] = []
  const diagnostics: Diagnostic[] = []
  const finished = new Set<string>()
  const path: string[] = []

  const visit = (module: CompiledModule): void => {
    path.push(module.name)
    for (const one of module.unused ?? []) follow(module, one, (name) => known.includes(name) || undefined)
    for (const one of module.imports) {
      const target = follow(module, one, lookup)
      if (target === undefined || finished.has(target.name)) continue
      if (path.includes(target.name)) diagnostics.push(circle(path.slice(path.indexOf(target.name)), one))
      else visit(target)
    }
    path.pop()
    finished.add(module.name)
    order.push(module.name)
  }
  const follow = <A>(module: CompiledModule, one: Import, find: (name: string) => A | undefined): A | undefined => {
    const target = resolveImport(module.name, one.specifier)
    if (target.tag === "library") return undefined
    const found = target.tag === "file" ? find(target.name) : undefined
    if (found === undefined) diagnostics.push(missing(module.name, one, target, known))
    return found
  }

  for (const entry of entries) {
    if (finished.has(entry)) continue
    const module = lookup(entry)
    if (module !== undefined) visit(module)
  }
  return diagnostics.length === 0 ? ok(order) : error(diagnostics)
}

/**
 * The file that `foreign("Name.Main")` in `config` means: OCaml's `Name` is `name.ts`, one of `files` and beside it. Case
 * and hyphens do not count.
 */
export function fileOfModule(moduleName: string, config: string, files: readonly string[]): string | undefined {
  const folder = config.replace(/[^/]*$/, "")
  const plain = (name: string): string => name.replace(/[-_]/g, "").toLowerCase()
  return files.find((one) => one.startsWith(folder) && plain(one.slice(folder.length)) === `${plain(moduleName)}.ts`)
}

type Import = Pick<ModuleImport, "specifier" | "at">

function at({ specifier, at }: Import, message: string): Diagnostic {
  return { ...at, endLine: at.line, endColumn: at.column + specifier.length + 2, message }
}

function circle(names: readonly string[], closing: Import): Diagnostic {
  if (names.length === 1) return at(closing, `${names[0]} imports itself. What it exports it can use by its name.`)
  const [first, ...rest] = [...names, names[0]!]
  return at(
    closing,
    `A circle of imports: ${first} imports ${rest.join(", which imports ")}. Move what they share to a file that imports none of them.`,
  )
}

function missing(from: string, one: Import, target: Target, known: readonly string[]): Diagnostic {
  const { specifier } = one
  const wanted = target.tag === "file" ? target.name : specifier
  const write = (name: string): string => JSON.stringify(relative(from, name))
  if (target.tag === "unknown" && (known.includes(specifier) || known.includes(`${specifier}.ts`))) {
    const name = known.includes(specifier) ? specifier : `${specifier}.ts`
    return at(one, `Another cell is imported by its path: write ${write(name)} instead of "${specifier}".`)
  }
  if (target.tag === "file" && known.includes(`${wanted}.ts`)) {
    return at(one, `The ending of the file belongs to its name: write ${write(`${wanted}.ts`)}.`)
  }
  if (target.tag === "file" && known.includes(wanted.replace(/\.js$/, ".ts"))) {
    return at(one, `A cell is imported as TypeScript: write ${write(wanted.replace(/\.js$/, ".ts"))}.`)
  }
  const doors = LIBRARY_DOORS.map((door) => `"${door}"`).join(" and ")
  if (target.tag === "unknown") {
    const door = nearest(specifier, LIBRARY_DOORS)
    const suggestion = door === undefined ? "" : ` Did you mean "${door}"?`
    return at(
      one,
      `There is no "${specifier}" here.${suggestion} A cell can import ${doors}, and other cells by their path, "./name.ts".`,
    )
  }
  const others = known.filter((name) => name !== from)
  const name = nearest(wanted, others)
  const suggestion = name === undefined ? "" : ` Did you mean ${write(name)}?`
  return at(one, `There is no cell ${JSON.stringify(wanted)}.${suggestion}${list(others)}`)
}

function list(names: readonly string[]): string {
  if (names.length === 0) return " There is no other cell to import."
  const shown = names.slice(0, 12).join(", ")
  return ` The cells are ${shown}${names.length > 12 ? ` and ${names.length - 12} more` : ""}.`
}

/** The path that leads from the file `from` to the file `to`, as an import spells it. */
function relative(from: string, to: string): string {
  const here = from.split("/").slice(0, -1)
  const there = to.split("/")
  let common = 0
  while (common < here.length && here[common] === there[common]) common++
  const up = "../".repeat(here.length - common)
  return (up === "" ? "./" : up) + there.slice(common).join("/")
}
