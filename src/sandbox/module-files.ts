// Code as files, since those are what Node imports.

import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

/** What makes code importable: each module becomes a file of `folder`, and its URL is given. Its name is for people who debug. */
export function moduleFiles(folder: string): (name: string, code: string) => string {
  let count = 0
  return (name, code) => {
    const path = join(folder, `${count++}-${name.replace(/[^\w.-]/g, "_")}.mjs`)
    writeFileSync(path, code)
    return pathToFileURL(path).href
  }
}
