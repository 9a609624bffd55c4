// What the windows of one deck tell each other: the presenter's, where things are done, and those that show the same to
// a room. Types, a version, and the check at the door. Messages go through a BroadcastChannel, so nobody knows who hears
// them: each says what is now, not what to change, as far as that can be, and one that is lost is made up for by the next.

import type { Fetched, FrameRow, OutputChunk, ProgramError, Serving, ThreadBatch } from "../sandbox/protocol.ts"
import type { Diagnostic } from "../toolchain/compiled-module.ts"
import type { TextsThen } from "./cell/places-then.ts"
import type { CellStatus } from "./cell/run-control.ts"
import type { RunChoice } from "./runtime/choice.ts"
import type { Value } from "./text/transcript.ts"
import type { Threaded } from "./timeline/timeline-pane.ts"

/** Raised whenever a message changes its meaning: two windows may hold pages of two builds. */
export const MIRROR_VERSION = 1

/** The tabs under a cell's output. */
export type Pane = "output" | "terminal" | "browser" | "frames" | "timeline"

/** Something that happened in a cell, such that another window's cell can show it without running anything. */
export type CellAct =
  /** A run begins. What came before is over. */
  | { readonly tag: "begin" }
  /** What its program is built from, where that is not the author's: texts by file. */
  | { readonly tag: "texts"; readonly texts: TextsThen }
  /** What the run has got, or waits for. */
  | { readonly tag: "ran"; readonly choice: RunChoice }
  | { readonly tag: "status"; readonly status: CellStatus }
  /** The names of the entry's bindings, in source order. */
  | { readonly tag: "bindings"; readonly names: readonly string[] }
  | { readonly tag: "value"; readonly value: Value }
  /** The type of a value, when it is known later than the value. */
  | { readonly tag: "type"; readonly name: string; readonly type: string }
  | { readonly tag: "output"; readonly chunks: readonly OutputChunk[] }
  | { readonly tag: "error"; readonly error: ProgramError }
  /** The program could not be built. */
  | { readonly tag: "refused"; readonly diagnostics: readonly Diagnostic[] }
  /** What TypeScript has to say about the program that runs. */
  | { readonly tag: "typed"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly tag: "serving"; readonly machine: Serving }
  | { readonly tag: "frames"; readonly frames: readonly FrameRow[]; readonly dropped: number }
  | { readonly tag: "stuck"; readonly stuck: boolean }
  /** The program that starts makes promises, or does not, and what becomes of them is told, or is not. */
  | { readonly tag: "threaded"; readonly threaded: Threaded | undefined }
  | { readonly tag: "threads"; readonly batch: ThreadBatch }
  /** Typed into the learner's terminal, or printed there. */
  | { readonly tag: "terminal"; readonly chunks: readonly OutputChunk[] }
  /** The learner's browser goes to an address; what it gets follows. */
  | { readonly tag: "browse"; readonly url: string }
  | { readonly tag: "fetched"; readonly url: string; readonly answer: Fetched }
  /** Another pane under the output was chosen. */
  | { readonly tag: "pane"; readonly pane: Pane }
  /** Another file was chosen. */
  | { readonly tag: "tab"; readonly tab: string }

/** Where a show is. */
export interface Place {
  /** The slide's name in the address. */
  readonly slide: string
  /** How many of its fragments are shown, less one; -1 is none, as reveal.js counts. */
  readonly step: number
  /** The screen is black. */
  readonly paused: boolean
}

/** From the presenter's window. */
export type FromPresenter =
  /** It is there: answered by `following`. Also said in answer to `arrived`, followed by everything there is to tell. */
  | { readonly tag: "presenting" }
  | { readonly tag: "place"; readonly place: Place }
  /** The whole text of a file. */
  | { readonly tag: "text"; readonly project: string; readonly file: string; readonly text: string }
  | { readonly tag: "cell"; readonly project: string; readonly file: string; readonly act: CellAct }
  /** It closes. The others stay where they are, and are on their own. */
  | { readonly tag: "left" }

/** From a window that shows. */
export type FromProjected =
  /** It has just been opened: is anybody presenting? */
  | { readonly tag: "arrived" }
  /** It follows. Said when it hears `presenting`. */
  | { readonly tag: "following" }
  /** Somebody turned a slide in it: the presenter comes along. Only said by one that follows. */
  | { readonly tag: "turned"; readonly place: Place }
  | { readonly tag: "closed" }

/** A message in its envelope. */
export interface Envelope {
  readonly version: typeof MIRROR_VERSION
  /** The window that says it: a name without meaning. */
  readonly from: string
  readonly message: FromPresenter | FromProjected
}

/** Whatever comes through the channel, as an envelope; `undefined` if it is none, or of another build's protocol. */
export function envelopeOf(data: unknown): Envelope | undefined {
  if (typeof data !== "object" || data === null) return undefined
  const { version, from, message } = data as Partial<Envelope>
  if (version !== MIRROR_VERSION || typeof from !== "string") return undefined
  return typeof message === "object" && message !== null && typeof message.tag === "string"
    ? (data as Envelope)
    : undefined
}

/** The channel of the decks at this address: decks at another one, on the same host, are none of our business. */
export function channelName(pathname: string): string {
  return `mirage-deck ${pathname.replace(/[^/]*$/, "")}`
}
