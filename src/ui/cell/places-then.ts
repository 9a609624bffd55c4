// A place that a run has told of, in the text as it is by now. An error and a row of the timeline know where something stood
// in the program that ran; the reader, another tab or Reset may have changed the text since, in whatever editor. So nobody
// follows the changes: the two texts are compared when somebody wants to go there.

import { diffArrays } from "diff"
import type { Position } from "../../toolchain/compiled-module.ts"
import type { ProjectStore } from "../project-store.ts"

/** The texts of a moment that differ from the author's, by file: what `ProjectStore.changed` has given. */
export type TextsThen = Readonly<Record<string, string>>

/** Where a place is by now. */
export interface PlaceNow {
  readonly at: Position
  /** Its line is still there. If not, `at` is where it was. */
  readonly kept: boolean
}

/** Where `at`, a place in the texts of `then`, is in the present texts of `store`. */
export function placeNow(at: Position, then: TextsThen, store: Pick<ProjectStore, "text" | "starting">): PlaceNow {
  const before = then[at.file] ?? store.starting(at.file)
  const after = store.text(at.file)
  if (before === after) return { at, kept: true }
  const [were, are] = [before.split("\n"), after.split("\n")]
  const { index, kept } = follow(at.line - 1, were, are)
  const line = index + 1
  if (!kept) return { at: { file: at.file, line, column: 1 + blanks(are[index]) }, kept }
  // A line that was moved to the right takes its columns with it.
  const column = Math.max(1, at.column + blanks(are[index]) - blanks(were[at.line - 1]))
  return { at: { file: at.file, line, column }, kept }
}

/** Where the line `index` of `were` is in `are`; if it is not there any more, the line that is in its place, or the last. */
function follow(
  index: number,
  were: readonly string[],
  are: readonly string[],
): { readonly index: number; readonly kept: boolean } {
  // Blanks around a line are no change of it: whoever puts code into a block moves it to the right.
  const comparator = (a: string, b: string): boolean => a.trim() === b.trim()
  // A line that there is once is known wherever it is. A comparison alone might rather keep a few braces.
  const only = (lines: readonly string[]): number => {
    const found = lines.flatMap((line, i) => (comparator(line, were[index] ?? "") ? [i] : []))
    return found.length === 1 ? found[0]! : -1
  }
  if (only(were) === index && only(are) >= 0) return { index: only(are), kept: true }
  let [old, now] = [0, 0]
  for (const { added, removed, count } of diffArrays([...were], [...are], { comparator })) {
    if (added) now += count
    else {
      if (index < old + count) {
        return removed
          ? { index: Math.min(now, are.length - 1), kept: false }
          : { index: now + index - old, kept: true }
      }
      old += count
      if (!removed) now += count
    }
  }
  return { index: are.length - 1, kept: false }
}

function blanks(line = ""): number {
  return line.length - line.trimStart().length
}
