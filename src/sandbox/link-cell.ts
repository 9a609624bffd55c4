// Linking a module of the reader's, so that what it throws is found in it again.

import type { CompiledModule } from "../toolchain/compiled-module.ts"
import type { Errors } from "./guest-errors.ts"
import { type Helpers, linkModule } from "./link.ts"

/** What linking needs of where the module is to run. */
export interface CellLinker extends Helpers {
  /** Is told of the module, and of what it imports. */
  readonly errors: Errors
  /** The URL of the module that a specifier means. */
  urlOf(specifier: string): string
  /** Make `code` importable, and say at which URL. */
  put(name: string, code: string): string
}

/** Link `module`; gives the URL at which it can be imported. */
export function linkCell(module: CompiledModule, { errors, urlOf, put, ...helpers }: CellLinker): string {
  const known = (specifier: string): string => {
    const url = urlOf(specifier)
    errors.knowImport(module, specifier, url)
    return url
  }
  const linked = linkModule(module, known, helpers)
  // The name that the library OS knows the reader's files by: where in config.ts a device was made is said with it.
  const sourceUrl = `mirage://cell/${encodeURI(module.name)}`
  const url = put(module.name, `${linked.code}\n//# sourceURL=${sourceUrl}`)
  errors.know(url, sourceUrl, linked)
  return url
}
