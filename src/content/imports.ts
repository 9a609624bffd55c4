// What cells import: each other, and the library OS. TypeScript would notice most of this too, but not say it so well.

import { posix } from "node:path"
import { didYouMean } from "./problems.ts"
import type { CellImport } from "./types.ts"

/** What of the library OS a cell may import. */
export const CELL_DOORS: readonly string[] = ["mirage", "mirage/config"]

/** What the checks of an exercise import beside that. */
export const CHECK_DOORS: readonly string[] = [...CELL_DOORS, "mirage/check"]

/** What is wrong with an import in the file `from`; `undefined` if nothing is. `files` are those of the project. */
export function wrongImport(
  specifier: string,
  from: string,
  files: ReadonlySet<string>,
  doors: readonly string[] = CELL_DOORS,
): string | undefined {
  if (!/^\.{1,2}\//.test(specifier)) {
    if (doors.includes(specifier)) return undefined
    const hint =
      didYouMean(specifier, CELL_DOORS) || (files.has(`${specifier}.ts`) ? ` Did you mean \`./${specifier}.ts\`?` : "")
    return `\`${specifier}\` cannot be imported: a cell imports "mirage", "mirage/config" and other cells.${hint}`
  }
  const target = targetOf(specifier, from)
  if (files.has(target)) {
    return target.endsWith(".ts") ? undefined : `\`${specifier}\` cannot be imported: it is not TypeScript.`
  }
  if (files.has(`${target}.ts`)) return `\`${specifier}\` wants its extension: \`${specifier}.ts\`.`
  const near = didYouMean(
    target,
    [...files].filter((name) => name.endsWith(".ts")),
  )
  return `There is no cell \`${target}\` to import.${near}`
}

/** The project's file that a relative import means. */
export function targetOf(specifier: string, from: string): string {
  return posix.join(posix.dirname(from), specifier)
}

/** A circle of imports: the files in order, the first again at the end, and the import that closes it. */
export interface Circle {
  readonly path: readonly string[]
  readonly by: { readonly file: string; readonly at: CellImport }
}

/** Each circle once, with the import by which a file reaches one that has not finished. */
export function circles(imports: ReadonlyMap<string, readonly CellImport[]>): Circle[] {
  const found: Circle[] = []
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    if (finished.has(file)) return
    for (const at of imports.get(file) ?? []) {
      if (!at.eager || !at.specifier.startsWith(".")) continue
      const target = targetOf(at.specifier, file)
      const here = [...path, file]
      const begin = here.indexOf(target)
      if (begin >= 0) found.push({ path: [...here.slice(begin), target], by: { file, at } })
      else visit(target, here)
    }
    finished.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return found
}
