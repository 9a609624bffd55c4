// What is wrong with the Markdown, gathered: an author sees every mistake of a build at once, each with file and line.

import type { Diagnostic } from "../toolchain/compiled-module.ts"

/** Thrown once by a build, with all that was found. */
export class ContentError extends Error {
  readonly problems: readonly Diagnostic[]
  constructor(problems: readonly Diagnostic[]) {
    const lines = problems.map((p) => `${p.file}:${p.line}:${p.column}: ${p.message}`)
    super(`${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`} in the content\n${lines.join("\n")}`)
    this.name = "ContentError"
    this.problems = problems
  }
}

/** Collects mistakes while reading goes on. */
export class Problems {
  readonly #found: Diagnostic[] = []

  add(file: string, line: number, message: string, column: number = 1): void {
    this.#found.push({ file, line, column, message })
  }

  get found(): readonly Diagnostic[] {
    return this.#found
  }

  /** Throws a ContentError, in the order of files and lines, if anything was found. */
  throwIfAny(): void {
    if (this.#found.length === 0) return
    const order = (a: Diagnostic, b: Diagnostic) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
    throw new ContentError(this.#found.toSorted(order))
  }
}

/** ` Did you mean \`entry\`?`, or nothing if no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  let best: string | undefined
  // A third of the letters may differ: enough for a slip, too little for another word.
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best === undefined ? "" : ` Did you mean \`${best}\`?`
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, (before[j - 2] as number) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] as number
}
