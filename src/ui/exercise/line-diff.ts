// What a reader's text and the solution differ in, line by line, as rows that say by their first character whose they are.

import { diffLines } from "diff"

/** A line of either text, or of both. */
export interface DiffRow {
  /** `-` the reader's only, `+` the solution's only, a blank both. */
  readonly sign: "-" | "+" | " "
  readonly text: string
}

/** How to make `theirs` of `mine`. Blanks at the ends of lines, and empty lines at the end of a text, are no difference. */
export function diffRows(mine: string, theirs: string): DiffRow[] {
  return diffLines(tidy(mine), tidy(theirs)).flatMap(({ value, added, removed }) => {
    const sign = added ? "+" : removed ? "-" : " "
    return value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): DiffRow => ({ sign, text }))
  })
}

/** Whether there is any difference. */
export function differs(rows: readonly DiffRow[]): boolean {
  return rows.some((row) => row.sign !== " ")
}

const tidy = (text: string): string => `${text.replaceAll(/[ \t\r]+$/gm, "").trimEnd()}\n`
