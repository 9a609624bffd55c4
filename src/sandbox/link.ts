// Linking: a module's code with its imports pointing at the URLs of the modules they mean; in the entry, a report after
// every statement that binds a name at the top level; and a look at what is given to `yield*`, because what engines say of
// something that is no promise differs, and helps nobody. Nothing is put on a line of its own, so that lines stay, and what
// moved within a line is remembered, so that an error's column can be moved back.

import type { CompiledModule } from "../toolchain/compiled-module.ts"
import type { LibraryModule } from "./protocol.ts"

/** A module that can be imported, and the way back from its code to the compiled one's. */
export interface LinkedModule {
  readonly name: string
  readonly code: string
  /** Line and column, from 1, of the compiled module's code for those of this code. */
  unlink(line: number, column: number): { readonly line: number; readonly column: number }
}

/** Some text of `code` replaced by another. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Modules whose functions are called from what is linked, by their URLs. */
export interface Helpers {
  /** For the entry: its export `report` is called with the name and the value of every top-level binding. */
  readonly reporter?: string | undefined
  /** Its export `awaitable` is called with what is given to `yield*`, and gives that back, or throws. */
  readonly host?: string | undefined
}

/** Link `module`. `urlOf` knows the URL of each specifier. */
export function linkModule(
  module: CompiledModule,
  urlOf: (specifier: string) => string,
  { reporter, host }: Helpers = {},
): LinkedModule {
  const edits: Edit[] = module.imports.map(({ specifier, start, end }) => ({ start, end, text: urlOf(specifier) }))
  const put = (at: number, text: string): void => void edits.push({ start: at, end: at, text })
  const helper = (name: string, url: string): string => {
    // A name that the module cannot be using.
    let own = `mirage_${name}`
    while (module.code.includes(own)) own += "_"
    put(0, `import{${name} as ${own}}from${JSON.stringify(url)};`)
    return own
  }
  if (reporter !== undefined && module.bindings.length > 0) {
    const report = helper("report", reporter)
    for (const { name, after } of module.bindings) put(after, `;${report}(${JSON.stringify(name)},${name});`)
  }
  if (host !== undefined && module.delegates !== undefined) {
    const awaitable = helper("awaitable", host)
    for (const { start, end } of module.delegates) {
      // Twice, for what has commas in it: the parentheses around that are not its own.
      put(start, `${awaitable}((`)
      put(end, "))")
    }
  }
  // The sort is stable: reports of one statement stay in the order of its names.
  edits.sort((a, b) => a.start - b.start)
  return { name: module.name, code: apply(module.code, edits), unlink: unlinker(module.code, edits) }
}

function apply(code: string, edits: readonly Edit[]): string {
  let result = ""
  let from = 0
  for (const { start, end, text } of edits) {
    result += code.slice(from, start) + text
    from = end
  }
  return result + code.slice(from)
}

function unlinker(code: string, edits: readonly Edit[]): LinkedModule["unlink"] {
  return (line, column) => {
    const lineStart = offsetOfLine(code, line)
    const lineEnd = offsetOfLine(code, line + 1)
    let moved = 0
    for (const { start, end, text } of edits) {
      if (start < lineStart) continue
      if (start >= lineEnd) break
      const editColumn = start - lineStart + 1 + moved
      if (column < editColumn) break
      // Inside what was put in: the nearest that the author wrote.
      if (column < editColumn + text.length) return { line, column: start - lineStart + 1 }
      moved += text.length - (end - start)
    }
    return { line, column: column - moved }
  }
}

function offsetOfLine(code: string, line: number): number {
  let offset = 0
  for (let n = 1; n < line; n++) {
    const next = code.indexOf("\n", offset)
    if (next === -1) return code.length + 1
    offset = next + 1
  }
  return offset
}

// `import x, { y as z } from "name";`, `import "name";` or `export { y } from "name";`, after what has been matched before.
const LIBRARY_IMPORT =
  /\s*(?:import\s*(?:[\w$*{][^"';]*?\bfrom\s*|[{][^"';]*[}]\s*from\s*)?|export\s*[{*][^"';]*?\bfrom\s*)(["'])([^"'\n]+)\1\s*;?/dy

/** Link a module of the library: only the imports at its beginning, where a bundler puts them, are looked at. */
export function linkLibraryModule({ code }: LibraryModule, urlOf: (specifier: string) => string): string {
  const edits: Edit[] = []
  LIBRARY_IMPORT.lastIndex = 0
  for (let match = LIBRARY_IMPORT.exec(code); match !== null; match = LIBRARY_IMPORT.exec(code)) {
    const [start, end] = match.indices![2]!
    edits.push({ start, end, text: urlOf(match[2]!) })
  }
  return apply(code, edits)
}

/** The names that a module of the library imports. */
export function libraryImports(module: LibraryModule): readonly string[] {
  const names: string[] = []
  linkLibraryModule(module, (name) => {
    names.push(name)
    return name
  })
  return names
}
