// What has happened in each cell since its last run began, to be told to a window that is opened later. Bounded, as the
// cell's own output is: a flood costs its end and no more.

import type { CellAct } from "../ui/mirror-protocol.ts"

/** Characters of output kept for a cell, at least; twice as many at most. */
export const MAX_TEXT: number = 128 * 1024
/** Frames kept for a cell, at least. */
export const MAX_FRAMES = 2000

/** The acts of one cell. */
interface Log {
  acts: CellAct[]
  text: number
  frames: number
}

/** The acts of all cells, by a key of the caller's. */
export class ActLog {
  readonly #logs = new Map<string, Log>()

  add(cell: string, act: CellAct): void {
    const log = this.#logs.get(cell) ?? { acts: [], text: 0, frames: 0 }
    this.#logs.set(cell, log)
    // Only the last choice is of interest, and it outlives a run.
    if (act.tag === "pane" || act.tag === "tab") log.acts = log.acts.filter((a) => a.tag !== act.tag)
    if (act.tag === "begin") {
      log.acts = log.acts.filter((a) => a.tag === "pane" || a.tag === "tab")
      log.text = 0
      log.frames = 0
      // What is chosen is chosen in a run's panes: after they have come.
      log.acts.unshift(act)
      return
    }
    log.acts.push(act)
    if (act.tag === "output" || act.tag === "terminal") {
      log.text += lengthOf(act)
      if (log.text > 2 * MAX_TEXT) this.#shorten(log, (a) => a.tag === "output" || a.tag === "terminal")
    }
    if (act.tag === "frames") {
      log.frames += act.frames.length
      if (log.frames > 2 * MAX_FRAMES) this.#shorten(log, (a) => a.tag === "frames")
    }
  }

  /** Everything, in an order in which it can be shown again: choices last. */
  *all(): Generator<readonly [cell: string, act: CellAct]> {
    for (const [cell, { acts }] of this.#logs) {
      for (const act of acts) if (act.tag !== "pane") yield [cell, act]
      for (const act of acts) if (act.tag === "pane") yield [cell, act]
    }
  }

  #shorten(log: Log, of: (act: CellAct) => boolean): void {
    const kept: CellAct[] = []
    let text = 0
    let frames = 0
    for (const act of log.acts.toReversed()) {
      if (of(act)) {
        if (act.tag === "frames") {
          if (frames >= MAX_FRAMES) continue
          frames += act.frames.length
        } else {
          if (text >= MAX_TEXT) continue
          text += lengthOf(act)
        }
      }
      kept.push(act)
    }
    log.acts = kept.reverse()
    if (text > 0) log.text = text
    if (frames > 0) log.frames = frames
  }
}

function lengthOf(act: CellAct): number {
  return act.tag === "output" || act.tag === "terminal" ? act.chunks.reduce((sum, c) => sum + c.text.length, 0) : 0
}
