// A cell's program on its way into a run, and what TypeScript says of it: errors before it starts, if they come in time, and
// the types of its values.

import type { Result } from "../../mirage/result.ts"
import type { program as programOf } from "../../sandbox/program.ts"
import type { Program } from "../../sandbox/protocol.ts"
import type { Diagnostic } from "../../toolchain/compiled-module.ts"
import type { CellAct } from "../mirror-protocol.ts"
import type { ProjectStore } from "../project-store.ts"
import { threadedOf } from "../timeline/timeline-pane.ts"
import type { CellOutput } from "./cell-output.ts"
import type { CodeArea } from "./code-area.ts"
import { TypesOfValues } from "./types-of-values.ts"

/** How long a run waits for TypeScript's word before it starts; what comes later is shown above the output all the same. */
const TYPE_CHECK_MS = 250
/** How long a run is waited for that has ended, for types that the editor is asked for. */
const TYPES_MS = 3000

/** The parts of the cell. */
export interface TypedRunHost {
  readonly out: CellOutput
  readonly code: CodeArea
  /** The file that runs. */
  file(): string
  open(): Promise<ProjectStore>
  builder(): Promise<{ readonly program: typeof programOf }>
  /** Whether the run is to tell what becomes of its promises. */
  traces(): boolean
  act(act: CellAct): void
}

/** The types of the current run. */
export class TypedRun {
  readonly #host: TypedRunHost
  #store: ProjectStore | undefined
  #types: TypesOfValues | undefined
  #checking: Promise<void> = Promise.resolve()

  constructor(host: TypedRunHost) {
    this.#host = host
  }

  /** A run begins, here or in another window. */
  begin(): void {
    this.#checking = Promise.resolve()
    this.#types = undefined
  }

  /** The program, from the reader's current text. */
  async build(): Promise<Result<Program, readonly Diagnostic[]>> {
    const { open, builder, file, traces } = this.#host
    const [store, { program }] = await Promise.all([open(), builder()])
    this.#store = store
    const texts = store.changed()
    this.#host.act({ tag: "texts", texts })
    const built = await program(store.data, texts, file(), { trace: traces() })
    if (built.ok) {
      const files = built.value.modules.map((m) => m.name)
      this.#checking = this.#check(store, files)
      // An untouched program is what the build checked: nothing to wait for.
      if (files.some((f) => store.edited(f))) await within(TYPE_CHECK_MS, this.#checking)
    }
    return built
  }

  /** The program starts. */
  starts(program: Program): void {
    const { act, code } = this.#host
    const entry = program.modules.find((m) => m.name === program.entry)
    act({ tag: "bindings", names: entry?.bindings.map((b) => b.name) ?? [] })
    act({ tag: "threaded", threaded: threadedOf(program) })
    const store = this.#store
    if (store !== undefined) this.#types = new TypesOfValues(store, program, code.typist(store.name))
  }

  /** A binding has its value. */
  value(name: string, text: string): void {
    const { act, out } = this.#host
    const type = this.#types?.of(name)
    act({ tag: "value", value: { name, text, ...(type !== undefined && { type }) } })
    const begun = out.run
    this.#types?.ask(name, (answer) => {
      if (out.run === begun) act({ tag: "type", name, type: answer })
    })
  }

  /** Resolves when everything has been asked for, or after a while. */
  async known(): Promise<void> {
    await within(TYPES_MS, Promise.all([this.#checking, this.#types?.settled()]))
  }

  async #check(store: ProjectStore, files: readonly string[]): Promise<void> {
    const { out, code, act } = this.#host
    const begun = out.run
    const typist = code.typist(store.name)
    let found: readonly Diagnostic[]
    if (!files.some((f) => store.edited(f))) found = files.flatMap((f) => store.file(f)?.errors ?? [])
    else found = typist === undefined ? [] : await typist.typeErrors(files).catch(() => [])
    if (out.run === begun && found.length > 0) act({ tag: "typed", diagnostics: found })
  }
}

function within(ms: number, done: Promise<unknown>): Promise<unknown> {
  return Promise.race([done, new Promise((resolve) => setTimeout(resolve, ms))])
}
