// Programs to be measured, each in one file, built as the product builds what runs on Node.

import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { buildScript } from "../../src/content/library.ts"

const FROM = join(import.meta.dirname, "lwt")

/** Bundle `tests/bench/lwt/<entry>.mjs` as `<to>/<name>.mjs`. Resolves to the path of that. */
export async function bundle(entry, to, name, plugins = []) {
  mkdirSync(to, { recursive: true })
  const path = join(to, `${name}.mjs`)
  writeFileSync(path, await buildScript(join(FROM, `${entry}.mjs`), "es", plugins))
  return path
}
