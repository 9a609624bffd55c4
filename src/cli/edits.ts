// A unikernel is linked once, and what is edited while it runs counts from the next start. Whoever edits is told so.

import { watch } from "node:fs"
import { basename, dirname } from "node:path"

/** Tell of the first edit of each of `files`, absolute paths. Returns what ends the watching. */
export function watchEdits(files: readonly string[], tell: (file: string) => void): () => void {
  const waiting = new Set(files)
  // Editors put a new file in the place of the old one, which only its folder notices.
  const watchers = [...new Set(files.map((file) => dirname(file)))].flatMap((folder) => {
    const inside = new Map(files.filter((file) => dirname(file) === folder).map((file) => [basename(file), file]))
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        const file = name === null ? undefined : inside.get(name)
        if (file !== undefined && waiting.delete(file)) tell(file)
      })
      watcher.on("error", () => watcher.close())
      return [watcher]
    } catch {
      // A host that has no way to watch: its reader knows what has been edited.
      return []
    }
  })
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}
