// How a cell says things: what an editor underlines, how long it took, what the state means.

import { errorKind } from "../../sandbox/error-text.ts"
import type { ProgramError } from "../../sandbox/protocol.ts"
import type { Diagnostic } from "../../toolchain/compiled-module.ts"
import type { CellStatus } from "./run-control.ts"

/** An error as something an editor can underline, if it has a place: to the end of the word or the line. */
export function diagnosticOf(error: ProgramError): Diagnostic | undefined {
  return error.at === undefined ? undefined : { ...error.at, message: `${errorKind(error.name)}: ${error.message}` }
}

/** `40 ms`, `1.4 s`, `12 s`, `2 min 5 s`. */
export function showElapsed(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 1) return `${Math.round(ms)} ms`
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

/** The same while it goes on: always seconds, so that the words keep their width. */
export function showRunning(ms: number): string {
  return ms < 1000 ? `${(ms / 1000).toFixed(1)} s` : showElapsed(ms)
}

/** What a screen reader hears when the state changes, and what stands beside the Run button. */
export function statusText(status: CellStatus, elapsed: string, serving: boolean): string {
  switch (status) {
    case "idle":
      return ""
    case "compiling":
      return "Compiling"
    case "running":
      return serving ? "Serving" : "Running"
    case "done":
      return `Done in ${elapsed}`
    case "failed":
      return "Failed"
    case "stopped":
      return `Stopped after ${elapsed}`
  }
}
