// Programs to be measured, each in one file, built as the library is for a page (library.ts).

import { join } from "node:path"
import { build } from "vite"

const FROM = join(import.meta.dirname, "lwt")

/** Bundle `tests/bench/lwt/<entry>.mjs` as `<to>/<name>.mjs`. Resolves to the path of that. */
export async function bundle(entry, to, name, plugins = []) {
  const output = { entryFileNames: `${name}.mjs`, format: "es", topLevelVar: false }
  const rolldownOptions = { input: join(FROM, `${entry}.mjs`), output }
  await build({
    configFile: false,
    logLevel: "error",
    plugins,
    publicDir: false,
    ssr: { noExternal: true },
    build: { ssr: true, outDir: to, emptyOutDir: false, target: "node20", minify: false, rolldownOptions },
  })
  return join(to, `${name}.mjs`)
}
