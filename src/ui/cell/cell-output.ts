// What a cell's output holds: type errors, values, what was printed, errors. The printed part is drawn by itself (it may
// be a flood), the rest is a handful of lines that the cell renders. The last output stays, dimmed, until a new run has
// something to show in its place.

import { errorKind, showDiagnostic, showError } from "../../sandbox/error-text.ts"
import type { OutputChunk, ProgramError } from "../../sandbox/protocol.ts"
import type { Diagnostic } from "../../toolchain/compiled-module.ts"
import { stripAnsi } from "../text/ansi.ts"
import { Announcer } from "../text/announcer.ts"
import type { OutputView } from "../text/output-view.ts"
import { Transcript, type Value } from "../text/transcript.ts"
import { diagnosticOf } from "./words.ts"

/** Errors shown one by one; a program that fails a thousand times a second says nothing new with the next. */
const MAX_ERRORS = 20

/** An error on the page. */
export interface ShownError {
  readonly kind: "type error" | "error"
  readonly message: string
  readonly at?: Diagnostic | undefined
  readonly stack: ProgramError["stack"]
}

/** What the output wants of its cell. */
export interface OutputHost {
  /** Render again. */
  changed(): void
  /** A screen reader is to hear this. */
  announce(text: string): void
  /** What a file is called on its tab. */
  label(file: string): string
}

/** The state of one cell's output. */
export class CellOutput {
  readonly #host: OutputHost
  readonly announcer: Announcer
  #transcript = new Transcript()
  /** Where printed text is drawn; the cell sets it when it has been rendered. */
  view: OutputView | undefined
  /** The old output is still shown. */
  dimmed = false
  /** Counts the runs: an answer to a question of an earlier one is not shown. */
  run = 0
  typeErrors: readonly ShownError[] = []
  values: readonly Value[] = []
  errors: readonly ShownError[] = []
  moreErrors = 0
  /** Something has been printed. */
  printed = false
  #replace = false
  readonly #squiggles = new Map<string, Diagnostic[]>()

  constructor(host: OutputHost) {
    this.#host = host
    this.announcer = new Announcer(
      (text) => host.announce(text),
      (run, ms) => {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    )
  }

  /** There has been a run. */
  get ran(): boolean {
    return this.run > 0
  }

  /** Plain text so far. */
  get text(): string {
    return this.#transcript.text
  }

  /** Errors by file, for the editor to underline. */
  get squiggles(): ReadonlyMap<string, readonly Diagnostic[]> {
    return this.#squiggles
  }

  /** Nothing to see: no value, no line, no error. */
  get empty(): boolean {
    return !this.printed && this.values.length === 0 && this.errors.length === 0 && this.typeErrors.length === 0
  }

  /** A run begins; what is shown stays until something comes. */
  begin(): void {
    this.#transcript = new Transcript()
    this.announcer.clear()
    this.#squiggles.clear()
    this.dimmed = !this.empty || !this.ran
    this.#replace = true
    this.run += 1
    this.#host.changed()
  }

  /** The names of the entry's bindings, in source order. */
  bindings(names: readonly string[]): void {
    this.#transcript.order(names)
  }

  value(value: Value): void {
    this.#fresh()
    this.#transcript.value(value)
    this.values = this.#transcript.values()
    this.announcer.heard(`${value.name} = ${value.text}\n`)
    this.#host.changed()
  }

  type(name: string, type: string): void {
    this.#transcript.type(name, type)
    this.values = this.#transcript.values()
    this.#host.changed()
  }

  output(chunks: readonly OutputChunk[]): void {
    this.#fresh()
    this.printed = true
    this.#transcript.print(chunks)
    this.view?.append(chunks)
    for (const chunk of chunks) this.announcer.heard(stripAnsi(chunk.text))
    this.#host.changed()
  }

  error(error: ProgramError): void {
    this.#fresh()
    if (this.errors.length >= MAX_ERRORS) {
      this.moreErrors += 1
    } else {
      const line = showError(error, (file) => this.#host.label(file))
      this.#transcript.after(line)
      const at = diagnosticOf(error)
      if (at !== undefined) this.#underline(at)
      const message = `${errorKind(error.name)}: ${error.message}`
      this.errors = [...this.errors, { kind: "error", message, at, stack: error.stack }]
      this.announcer.heard(`${line}\n`)
    }
    this.#host.changed()
  }

  /** The program could not be built; the old output stays, dimmed. */
  refused(diagnostics: readonly Diagnostic[]): void {
    this.typeErrors = []
    this.errors = this.#list("error", diagnostics, (line) => this.#transcript.after(line))
    this.moreErrors = Math.max(0, diagnostics.length - MAX_ERRORS)
    this.#replace = false
    this.#host.changed()
  }

  /** What TypeScript has to say: above the output, as a compiler would. */
  typed(diagnostics: readonly Diagnostic[]): void {
    if (diagnostics.length === 0) return
    this.#fresh()
    this.typeErrors = this.#list("type error", diagnostics, (line) => this.#transcript.before(line))
    this.#host.changed()
  }

  /** The run is over: an old output that nothing has replaced goes. */
  end(): void {
    this.#fresh()
    this.view?.flush()
    this.#host.changed()
  }

  #list(
    kind: ShownError["kind"],
    diagnostics: readonly Diagnostic[],
    record: (line: string) => void,
  ): readonly ShownError[] {
    return diagnostics.slice(0, MAX_ERRORS).map((d) => {
      const line = showDiagnostic(kind, d, (file) => this.#host.label(file))
      record(line)
      this.announcer.heard(`${line}\n`)
      // Monaco underlines type errors by itself.
      if (kind === "error") this.#underline(d)
      return { kind, message: `${kind}: ${d.message}`, at: d, stack: [] }
    })
  }

  #underline(d: Diagnostic): void {
    const there = this.#squiggles.get(d.file)
    if (there === undefined) this.#squiggles.set(d.file, [d])
    else there.push(d)
  }

  #fresh(): void {
    if (!this.#replace) return
    this.#replace = false
    this.dimmed = false
    this.typeErrors = []
    this.values = []
    this.errors = []
    this.moreErrors = 0
    this.printed = false
    this.view?.clear()
  }
}
