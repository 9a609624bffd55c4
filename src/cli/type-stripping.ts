// A hook for a Node that cannot run TypeScript by itself: a file's types are erased when it is imported, by the compiler
// that the cells have, so that `node option-monad.ts` runs what the page runs. register.mjs of the package installs it.

import { readFile } from "node:fs/promises"
import type { LoadHook } from "node:module"
import { fileURLToPath } from "node:url"
import { compile } from "../toolchain/compile.ts"

/** Node's `load` hook. A file that cannot be compiled is a SyntaxError at its place. */
export const load: LoadHook = async (url, context, nextLoad) => {
  if (!/^file:.*\.ts$/.test(url)) return nextLoad(url, context)
  const path = fileURLToPath(url)
  const compiled = compile(path, await readFile(path, "utf8"))
  if (!compiled.ok) {
    const { line, column, message } = compiled.error
    throw new SyntaxError(`${path}:${line}:${column}: ${message}`)
  }
  return { format: "module", source: compiled.value.code, shortCircuit: true }
}
