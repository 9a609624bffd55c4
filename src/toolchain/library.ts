// The library OS as its guest receives it: JavaScript modules, with their imports found when they were built, because
// nothing can be told about the text of an import without a parser.

import { parse } from "acorn"
import { importSource, walk } from "./syntax-tree.ts"

/** An import of another library module; the text between `start` and `end` of the code is the specifier. */
export interface LibraryImport {
  readonly specifier: string
  readonly start: number
  readonly end: number
}

/** Find the imports, static or dynamic with a fixed name, of a built module. Throws if `code` is not a module. */
export function libraryImports(code: string): readonly LibraryImport[] {
  const imports: LibraryImport[] = []
  walk(parse(code, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
    const source = importSource(node)
    if (source?.type === "Literal" && "value" in source && typeof source.value === "string") {
      imports.push({ specifier: source.value, start: source.start + 1, end: source.end - 1 })
    }
  })
  return imports
}
