// The life of a cell's runs: build, run, end; one at a time, and whatever still comes from an earlier one is not heard.
// No element and no clock here, so that it can be tested with a sandbox made of paper.

import type { Result } from "../../mirage/result.ts"
import type {
  Exit,
  Fetched,
  FrameRow,
  OutputChunk,
  Pace,
  Program,
  ProgramError,
  Serving,
  ThreadBatch,
} from "../../sandbox/protocol.ts"
import type { Run, Sandbox } from "../../sandbox/sandbox.ts"
import type { Diagnostic } from "../../toolchain/compiled-module.ts"

/** What a cell is doing. A serving unikernel is `running`. */
export type CellStatus = "idle" | "compiling" | "running" | "done" | "failed" | "stopped"

/** Hears of the run that is current. */
export interface RunView {
  status(status: CellStatus): void
  /** The program is built and starts now. */
  started(program: Program): void
  /** It could not be built. */
  refused(diagnostics: readonly Diagnostic[]): void
  value(name: string, text: string): void
  output(chunks: readonly OutputChunk[]): void
  /** An error; `fatal` if the run ended by it. */
  error(error: ProgramError, fatal: boolean): void
  serving(machine: Serving): void
  frames(frames: readonly FrameRow[], dropped: number): void
  /** What happened to promises, if the program is traced. */
  threads(batch: ThreadBatch): void
  stuck(stuck: boolean): void
}

/** Where programs come from and where they run. Either may reject, with words for the reader. */
export interface RunSource {
  build(): Promise<Result<Program, readonly Diagnostic[]>>
  sandbox(): Promise<Sandbox>
}

/** Why a command cannot be typed now. */
const NO_RUN = "Nothing is running: press Run first."

/** The runs of one cell. */
export class RunControl {
  readonly #view: RunView
  #status: CellStatus = "idle"
  #run: Run | undefined
  /** Counts runs: what belongs to an earlier number is dropped. */
  #number = 0
  /** Ends the wait of `run()` when `stop` comes before the program has started. */
  #settle: () => void = () => {}
  #machines: Serving[] = []

  constructor(view: RunView) {
    this.#view = view
  }

  get status(): CellStatus {
    return this.#status
  }

  /** Unikernels that are up. */
  get machines(): readonly Serving[] {
    return this.#machines
  }

  /** Compile and run, in place of a run that is going on. Resolves, never rejects, when it has ended or serves. */
  async run(source: RunSource, pace: () => Pace): Promise<void> {
    const number = this.#begin()
    const over = new Promise<void>((resolve) => {
      this.#settle = resolve
    })
    void this.#start(number, source, pace).catch((e: unknown) => this.#cannot(number, e))
    await over
  }

  /** End the run, at whatever stage it is. */
  async stop(): Promise<void> {
    if (this.#status !== "compiling" && this.#status !== "running") return
    const run = this.#run
    const settle = this.#settle
    this.#number += 1
    this.#run = undefined
    this.#machines = []
    this.#say("stopped")
    settle()
    await run?.stop()
  }

  /** Back to `idle`, when nothing runs. */
  idle(): void {
    if (this.#status !== "compiling" && this.#status !== "running") this.#say("idle")
  }

  shell(line: string, onText?: (text: string) => void, signal?: AbortSignal): Promise<string> {
    return this.#run?.shell(line, onText, signal) ?? Promise.reject(new Error(NO_RUN))
  }

  fetch(url: string): Promise<Fetched> {
    return this.#run?.fetch(url) ?? Promise.resolve({ ok: false, message: NO_RUN })
  }

  setPace(pace: Pace): void {
    this.#run?.setPace(pace)
  }

  #begin(): number {
    const before = this.#run
    this.#number += 1
    this.#settle()
    this.#run = undefined
    this.#machines = []
    void before?.stop()
    this.#say("compiling")
    return this.#number
  }

  async #start(number: number, source: RunSource, pace: () => Pace): Promise<void> {
    // Together: on a fresh page each has something to fetch.
    const sandboxing = source.sandbox()
    sandboxing.catch(() => {})
    const built = await source.build()
    if (number !== this.#number) return
    if (!built.ok) {
      this.#view.refused(built.error)
      this.#end("failed")
      return
    }
    const sandbox = await sandboxing
    if (number !== this.#number) return
    const program: Program = { ...built.value, pace: pace() }
    this.#view.started(program)
    this.#say("running")
    if (number !== this.#number) return
    const mine =
      <A extends unknown[]>(f: (...a: A) => void) =>
      (...a: A): void => {
        if (number === this.#number) f(...a)
      }
    const view = this.#view
    const run = sandbox.run(program, {
      output: mine((chunks) => view.output(chunks)),
      value: mine((name, text) => view.value(name, text)),
      error: mine((error) => view.error(error, false)),
      serving: mine((machine) => {
        this.#machines = [...this.#machines, machine]
        view.serving(machine)
        this.#settle()
      }),
      frames: mine((frames, dropped) => view.frames(frames, dropped)),
      threads: mine((batch) => view.threads(batch)),
      stuck: mine((stuck) => view.stuck(stuck)),
    })
    this.#run = run
    const exit = await run.done
    if (number === this.#number) this.#exit(exit)
  }

  #exit(exit: Exit): void {
    if (exit.tag === "failed") this.#view.error(exit.error, true)
    this.#end(exit.tag)
  }

  #cannot(number: number, e: unknown): void {
    if (number !== this.#number) return
    const message = e instanceof Error ? e.message : String(e)
    this.#view.error({ name: "cannot run", message, stack: [] }, true)
    this.#end("failed")
  }

  #end(status: "done" | "failed" | "stopped"): void {
    this.#run = undefined
    this.#machines = []
    this.#say(status)
    this.#settle()
  }

  #say(status: CellStatus): void {
    this.#status = status
    this.#view.status(status)
  }
}
