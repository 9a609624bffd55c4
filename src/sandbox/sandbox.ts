// The one interface for running a cell. Its implementations are `embedded.ts` (a worker in an opaque-origin frame),
// `webcontainer/webcontainer.ts` (Node in a WebContainer) and `node.ts` (a child process of Node, for the tests).
// tests/conformance proves each.

import type {
  CheckResult,
  Exit,
  Fetched,
  FrameRow,
  OutputChunk,
  Pace,
  Program,
  ProgramError,
  Serving,
  ThreadBatch,
} from "./protocol.ts"

/** What a run tells, in order. Positions in errors are those of the reader's source. */
export interface RunListener {
  /** A guest has the program: what fails before this has run nothing of it, and may be run elsewhere. */
  started?(): void
  output?(chunks: readonly OutputChunk[]): void
  value?(name: string, text: string): void
  error?(error: ProgramError): void
  checked?(result: CheckResult): void
  serving?(machine: Serving): void
  frames?(frames: readonly FrameRow[], dropped: number): void
  /** What happened to promises, if the program is traced. Positions here are those of generated code. */
  threads?(batch: ThreadBatch): void
  /** No sign of life for two seconds: an endless loop, most likely. `false` when it answers again. */
  stuck?(stuck: boolean): void
}

/** One program, running or ended. */
export interface Run {
  /** Settles, never rejects, when the program has ended in any way. */
  readonly done: Promise<Exit>
  /** End it now, endless loop or not. Resolves when it is gone; harmless afterwards. */
  stop(): Promise<void>
  /** Type a command on 10.0.0.1. Resolves with everything it printed; `onText` hears it as it comes. Rejects if the run has ended. */
  shell(line: string, onText?: (text: string) => void, signal?: AbortSignal): Promise<string>
  /** GET over the simulated network, `http://10.0.0.2/`. */
  fetch(url: string): Promise<Fetched>
  setPace(pace: Pace): void
}

/** Something that runs programs. */
export interface Sandbox {
  readonly kind: "embedded" | "node" | "webcontainer"
  /** Get ready for the next run: cheap to call again. */
  warm(): Promise<void>
  /** Start a run. Never throws: what cannot start is a run that has failed. */
  run(program: Program, listener: RunListener): Run
  /** Stop everything and let go of the frame or process. */
  dispose(): Promise<void>
}
