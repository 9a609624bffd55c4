// From a project as it stands, with the reader's edits, to the program of one cell.
//
// Untouched files bring the JavaScript made at build time. The compiler is fetched only when a file of the program has
// been edited, so that a reader who only presses Run never pays for it.

import { error, ok, type Result } from "../mirage/result.ts"
import type { CompiledModule, Diagnostic } from "../toolchain/compiled-module.ts"
import { evaluationOrder, resolveImport } from "../toolchain/graph.ts"
import type { Pace, Program } from "./protocol.ts"

/** What is needed of a project: `ProjectData` of the content has it. */
export interface ProgramSource {
  readonly files: Readonly<Record<string, SourceFile>>
  readonly cells: readonly { readonly entry: string; readonly files: readonly string[]; readonly group?: string }[]
}

/** A file with its starting text. */
export interface SourceFile {
  readonly language: string
  readonly text: string
  readonly compiled?: CompiledModule
}

/** How to run it. */
export interface ProgramOptions {
  /** Seeds the simulation's random draws; 1 if not given, so that a run can be repeated. */
  readonly seed?: number
  /** Real time if not given. */
  readonly pace?: Pace
  /** Tell what becomes of promises. */
  readonly trace?: boolean
}

/**
 * The program of the cell whose entry is `entry`: the entry, the files of its group, all that these import, and the
 * group's data with the group's folder left out of the names. `edits` are the current texts of edited files, by name.
 * Every mistake that keeps it from running is in the error: of syntax, or an import that leads nowhere.
 */
export async function program(
  project: ProgramSource,
  edits: Readonly<Record<string, string>>,
  entry: string,
  options: ProgramOptions = {},
): Promise<Result<Program, readonly Diagnostic[]>> {
  const cell = project.cells.find((one) => one.entry === entry)
  const own = cell?.files ?? [entry]
  const isModule = (name: string): boolean => project.files[name]?.language === "typescript"
  const group = own.filter(isModule)
  const roots = [entry, ...group.filter((name) => name !== entry)]
  if (!isModule(entry)) {
    return error([{ file: entry, line: 1, column: 1, message: `There is no cell ${JSON.stringify(entry)} to run.` }])
  }
  const compiled = await compileReachable(project, edits, roots)
  const diagnostics: Diagnostic[] = []
  const modules = new Map<string, CompiledModule>()
  for (const [name, result] of compiled) {
    if (result.ok) modules.set(name, result.value)
    else diagnostics.push(result.error)
  }
  const known = Object.keys(project.files).filter(isModule)
  // A file that does not compile is there all the same: its own mistake is enough said about it.
  const lookup = (name: string): CompiledModule | undefined => modules.get(name) ?? stub(compiled, name)
  const order = evaluationOrder(roots, lookup, known)
  if (!order.ok) diagnostics.push(...order.error)
  if (!order.ok || diagnostics.length > 0) return error(diagnostics)
  return ok({
    entry,
    modules: order.value.map((name) => modules.get(name)!),
    files: dataFiles(project, edits, own, cell?.group),
    group,
    seed: options.seed ?? 1,
    pace: options.pace ?? 1,
    ...(options.trace === true ? { trace: true } : {}),
  })
}

type Compiled = ReadonlyMap<string, Result<CompiledModule, Diagnostic>>

/** Compile `roots` and what they import, as far as it exists. */
async function compileReachable(
  project: ProgramSource,
  edits: Readonly<Record<string, string>>,
  roots: readonly string[],
): Promise<Compiled> {
  const results = new Map<string, Result<CompiledModule, Diagnostic>>()
  const waiting = [...roots]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const file = project.files[name]
    if (results.has(name) || file === undefined || file.language !== "typescript") continue
    const text = edits[name] ?? file.text
    let result: Result<CompiledModule, Diagnostic>
    if (file.compiled !== undefined && text === file.text) result = ok(file.compiled)
    else {
      const { compile } = await import("../toolchain/compile.ts")
      result = compile(name, text)
    }
    results.set(name, result)
    if (!result.ok) continue
    for (const { specifier } of result.value.imports) {
      const target = resolveImport(name, specifier)
      if (target.tag === "file") waiting.push(target.name)
    }
  }
  return results
}

function stub(compiled: Compiled, name: string): CompiledModule | undefined {
  return compiled.has(name) ? { name, code: "", imports: [], bindings: [], mappings: "" } : undefined
}

function dataFiles(
  project: ProgramSource,
  edits: Readonly<Record<string, string>>,
  own: readonly string[],
  group: string | undefined,
): Record<string, string> {
  const files: Record<string, string> = {}
  for (const name of own) {
    const file = project.files[name]
    if (file === undefined || file.language === "typescript") continue
    const inGroup = group !== undefined && name.startsWith(`${group}/`)
    files[inGroup ? name.slice(group.length + 1) : name] = edits[name] ?? file.text
  }
  return files
}
