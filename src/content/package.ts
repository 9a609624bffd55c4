// The library OS as a package for Node: what `npm install mirage` would leave in `node_modules`.

import { readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { linkLibraryModule } from "../sandbox/link.ts"
import type { LibraryModule } from "../sandbox/protocol.ts"
import { buildScript } from "./library.ts"

/** What goes into the package. */
export interface PackageParts {
  readonly version: string
  readonly library: readonly LibraryModule[]
  /** guest-stream.ts as one module. */
  readonly guest: string
  /** The `mirage` command as one module that imports the package. */
  readonly command: string
  /** The hook with which Node runs TypeScript, as one module. */
  readonly typeStripping: string
}

const COMMAND = "bin/mirage.mjs"
const HOOK = "type-stripping.mjs"
const REGISTER = `import { register } from "node:module"\nregister("./${HOOK}", import.meta.url)\n`
// npm would make a link; a file needs no file system that has them.
const BIN = `#!/usr/bin/env node\nimport("../mirage/${COMMAND}")\n`

/** The package of the repository `root`, whose modules are `library`. */
export async function buildPackage(root: string, library: readonly LibraryModule[]): Promise<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }
  const [guest, command, typeStripping] = await Promise.all([
    buildScript(join(root, "src/sandbox/webcontainer/guest-stream.ts"), "es"),
    buildScript(join(root, "src/cli/main.ts"), "es"),
    buildScript(join(root, "src/cli/type-stripping.ts"), "es"),
  ])
  return packageFiles({ version, library, guest, command, typeStripping })
}

/** The package's files, and what makes its command known, by paths from the folder that `node_modules` is in. */
export function packageFiles(parts: PackageParts): Record<string, string> {
  const { version, library, guest, command, typeStripping } = parts
  // What is shared between doors is not for others.
  const doors = library.filter(({ name }) => !name.startsWith("mirage/shared/"))
  const json = {
    name: "mirage",
    version,
    type: "module",
    exports: Object.fromEntries(doors.map(({ name }) => [name.replace("mirage", "."), `./${fileOf(name)}`])),
    bin: { mirage: COMMAND },
  }
  const modules = library.map((module) => [fileOf(module.name), relativeImports(module)] as const)
  const files = {
    "package.json": `${JSON.stringify(json, null, 2)}\n`,
    ...Object.fromEntries(modules),
    "guest.mjs": guest,
    [COMMAND]: command,
    "register.mjs": REGISTER,
    [HOOK]: typeStripping,
  }
  return {
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`node_modules/mirage/${path}`, text])),
    "node_modules/.bin/mirage": BIN,
  }
}

/** `mirage` is `mirage.js`, `mirage/shared/lwt` is `shared/lwt.js`. */
function fileOf(name: string): string {
  return `${name.replace(/^mirage\//, "")}.js`
}

function relativeImports(module: LibraryModule): string {
  const folder = posix.dirname(fileOf(module.name))
  return linkLibraryModule(module, (name) => {
    const path = posix.relative(folder, fileOf(name))
    return path.startsWith(".") ? path : `./${path}`
  })
}
