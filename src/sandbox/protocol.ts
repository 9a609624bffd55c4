// Every message between the page and the guest: the worker, or the Node process, in which a cell runs. Types, and two numbers.
//
// The page sends `ToGuest`, the guest answers `FromGuest`. The first message each way is `boot` and `ready`; every one
// after that belongs to the run whose `run` number it carries, and the receiver drops those of another run. The guest
// batches `output`, `frames` and `threads`, and sends no more than it has credit for: the page grants one with each `ack`.

import type { ThreadEvent } from "../mirage/os/threads.ts"
import type { Fetched, FrameRow, Serving } from "../mirage/sim/observation.ts"
import type { CompiledModule, Position } from "../toolchain/compiled-module.ts"

export type { Fetched, FrameRow, Serving, ThreadEvent }

/** Raised whenever a message changes its meaning. The page and the guest are always built together; this proves it. */
export const PROTOCOL_VERSION = 1

/** How simulated time passes: so many simulated seconds a real one, or as fast as the machine can. */
export type Pace = number | "max"

/** What to run. */
export interface Program {
  /** The file that runs: one of `modules`. */
  readonly entry: string
  /** Every file that can be imported, by name, compiled. Those the entry does not reach are compiled but not evaluated, except modules that `foreign` names. */
  readonly modules: readonly CompiledModule[]
  /** Files that are data, by path: `htdocs/index.html`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** The group's folder of files belongs to one unikernel: names that `foreign("Unikernel.Main")` may mean. */
  readonly group: readonly string[]
  readonly seed: number
  readonly pace: Pace
  /** Tell what happens to promises. Makes them several times slower. */
  readonly trace?: boolean
}

/** Page to guest. */
export type ToGuest =
  /** First: the library OS as compiled modules, by the names that cells import (`mirage`, `mirage/config`, `mirage/host`) and its shared chunks. */
  | { readonly tag: "boot"; readonly version: number; readonly library: readonly LibraryModule[] }
  /** Once a guest: run this program. */
  | { readonly tag: "run"; readonly run: number; readonly program: Program }
  /** A command line for the learner's machine, 10.0.0.1. Answered by `shell-output`s and one `shell-done`. */
  | { readonly tag: "shell"; readonly run: number; readonly id: number; readonly line: string }
  /** Interrupt the command, as Ctrl+C does. */
  | { readonly tag: "shell-interrupt"; readonly run: number; readonly id: number }
  /** GET a URL from the learner's machine over the simulated network. Answered by one `fetched`. */
  | { readonly tag: "fetch"; readonly run: number; readonly id: number; readonly url: string }
  | { readonly tag: "pace"; readonly run: number; readonly pace: Pace }
  /** The page has taken in one batch: the guest may send one more. */
  | { readonly tag: "ack"; readonly run: number }

/**
 * A module of the library OS: JavaScript whose import specifiers are quoted names of other library modules. As a bundler
 * writes them, all its imports stand at its beginning.
 */
export interface LibraryModule {
  readonly name: string
  readonly code: string
}

/** How many batches of output and frames a guest may send before the first `ack`. */
export const INITIAL_CREDIT = 24

/** An error of the reader's program, or of the guest on its behalf. */
export interface ProgramError {
  /** The class of the error, `TypeError`, or a word of ours: `unhandled-rejection`, `import`, `unikernel`. */
  readonly name: string
  readonly message: string
  /** Where it was thrown, in *generated* code when it comes from the guest, in the reader's source when it reaches the page's listeners. */
  readonly at?: Position
  /** The calls under it, innermost first, those in the reader's files only. */
  readonly stack: readonly (Position & { readonly name: string })[]
}

/** How a check of an exercise ended; the values as a toplevel prints them. */
export interface CheckResult {
  readonly name: string
  /** Absent if it passed. */
  readonly failure?: { readonly message: string; readonly expected?: string; readonly got?: string }
}

/** How a run ended. `stopped` is said by the page's side, which ended it. */
export type Exit =
  | { readonly tag: "done" }
  | { readonly tag: "failed"; readonly error: ProgramError }
  | { readonly tag: "stopped" }

/** Guest to page. */
export type FromGuest =
  | { readonly tag: "ready"; readonly version: number }
  /** Instead of `ready`: the library OS could not be loaded, or is of another version. */
  | { readonly tag: "broken"; readonly reason: string }
  /** What the program printed since the last batch, in order; lines may be split between batches. Counts against credit. */
  | { readonly tag: "output"; readonly run: number; readonly chunks: readonly OutputChunk[] }
  /** A top-level binding of the entry has its value. `text` is as a toplevel prints it: `Some 3`, `<fun>`. */
  | { readonly tag: "value"; readonly run: number; readonly name: string; readonly text: string }
  /** An error that does not end the run: an unhandled rejection while a unikernel serves, an exception in a callback. */
  | { readonly tag: "error"; readonly run: number; readonly error: ProgramError }
  /** A check has ended: the program registered it with "mirage/check". */
  | { readonly tag: "checked"; readonly run: number; readonly result: CheckResult }
  /** A unikernel is up. */
  | { readonly tag: "serving"; readonly run: number; readonly machine: Serving }
  /** Frames since the last batch. Counts against credit. `dropped` frames before these were not kept. */
  | { readonly tag: "frames"; readonly run: number; readonly frames: readonly FrameRow[]; readonly dropped: number }
  /** What happened to promises since the last batch. Counts against credit. */
  | ({ readonly tag: "threads"; readonly run: number } & ThreadBatch)
  | { readonly tag: "shell-output"; readonly run: number; readonly id: number; readonly text: string }
  | { readonly tag: "shell-done"; readonly run: number; readonly id: number }
  | { readonly tag: "fetched"; readonly run: number; readonly id: number; readonly result: Fetched }
  /** While the guest's event loop turns, at least every 250 ms: a guest that is silent is in an endless loop. */
  | { readonly tag: "heartbeat"; readonly run: number }
  /** Last. */
  | { readonly tag: "exit"; readonly run: number; readonly exit: Exit }

/**
 * Events of promises, in order. A number of a site in them is the place of one in all `sites` of the run so far, those of
 * this batch at the end: the calls that led to where the program stood, innermost first, none of the library between them.
 * In *generated* code, which knows the names that things are given.
 */
export interface ThreadBatch {
  readonly events: readonly ThreadEvent[]
  readonly sites: readonly ThreadSite[]
}

/** See {@link ThreadBatch}. */
export type ThreadSite = readonly Position[]

/** Printed text. `note` is ours, not the program's: that output was cut, say. */
export interface OutputChunk {
  readonly stream: "out" | "err" | "note"
  readonly text: string
}
