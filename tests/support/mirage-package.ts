// The package `mirage` in a folder of its own, as a reader's project has it.

import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { buildLibrary, doorsOf } from "../../src/content/library.ts"
import { buildPackage } from "../../src/content/package.ts"

const ROOT = join(import.meta.dirname, "../..")

/** A folder with `node_modules/mirage`, copies of our unikernels, and a `tmp` for whatever runs there. */
export interface PackageFolder {
  readonly path: string
  /** The command, to be run by Node. */
  readonly command: string
  /** Write files below the folder `name`; gives its path. */
  project(name: string, files: Readonly<Record<string, string | Uint8Array>>): string
  remove(): void
}

/** Build the package, and a folder around it that everybody may read. */
export async function packageFolder(): Promise<PackageFolder> {
  const path = mkdtempSync(join(tmpdir(), "mirage-package-"))
  // Whoever is not an administrator has to be able to read it, too.
  chmodSync(path, 0o755)
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true, mode: 0o755 })
    writeFileSync(join(path, name), content)
  }
  const files = await buildPackage(ROOT, await buildLibrary(doorsOf(ROOT)))
  for (const [name, text] of Object.entries(files)) write(name, text)
  mkdirSync(join(path, "tmp"))
  chmodSync(join(path, "tmp"), 0o777)
  cpSync(join(ROOT, "src/unikernels"), join(path, "unikernels"), { recursive: true })
  return {
    path,
    command: join(path, "node_modules/mirage/bin/mirage.mjs"),
    project(name, files) {
      for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content)
      return join(path, name)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
