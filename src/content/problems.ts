// What is wrong with the Markdown, gathered: an author sees every mistake of a build at once, each with file and line.

import type { Diagnostic } from "../toolchain/compiled-module.ts"
import { nearest } from "../toolchain/nearest.ts"

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
  const near = nearest(word, candidates)
  return near === undefined ? "" : ` Did you mean \`${near}\`?`
}
