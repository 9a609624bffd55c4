// Printing, as far as the page with the slides has to do with it. The page with the sheets is another one: it has the
// reader's edits from where they are kept, and what their cells have printed is handed over.

import type { MirageCell } from "../ui/cell/mirage-cell.ts"
import type { KeepingStorage } from "../ui/kept.ts"

/** Whether the page was opened to be printed: one slide a sheet. */
export function isForPrint(search: string): boolean {
  return /[?&](print-pdf|view=print)\b/.test(search)
}

/** What a run printed, and the text that it was a run of. */
interface KeptRun {
  readonly text: string
  readonly output: string
}

const KEY = "mirage-print"

/** What the cells of a page have run, and what it printed, for the page that will print it. */
export class RunsForPaper {
  /** By the cell, the text that it ran last. */
  readonly #texts = new Map<MirageCell, string>()

  /** Hear of the runs below `root`. */
  constructor(root: EventTarget) {
    root.addEventListener("mirage-run", (event) => {
      const cell = event.target as MirageCell
      this.#texts.set(cell, cell.value)
    })
  }

  /** Put down what has been printed so far. Where storage is denied, nothing is. */
  keep(storage: () => KeepingStorage): void {
    const runs: Record<string, KeptRun> = {}
    for (const [cell, text] of this.#texts) if (cell.isConnected) runs[cell.file] = { text, output: cell.output }
    try {
      storage().setItem(KEY, JSON.stringify(runs))
    } catch {
      // On paper is then what the slides say that the cells print.
    }
  }
}

/** What was put down, of texts that are still the same. */
export function keptForPrint(storage: () => KeepingStorage): (entry: string, text: string) => string | undefined {
  let runs: Readonly<Record<string, KeptRun | undefined>> = {}
  try {
    runs = JSON.parse(storage().getItem(KEY) ?? "{}") as typeof runs
  } catch {
    // Denied, or written by something else.
  }
  return (entry, text) => (runs[entry]?.text === text ? runs[entry].output : undefined)
}
