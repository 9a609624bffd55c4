// The types in `val x : type = …`. Those of files that nobody has changed were recorded by the build; otherwise the
// editor's TypeScript is asked, if it is up; otherwise there is no knowing, and the line has no type.

import type { Program } from "../../sandbox/protocol.ts"
import type { ProjectStore } from "../project-store.ts"
import type { CellEditor } from "./editor-port.ts"

/** What is known about the types of one run's bindings. */
export class TypesOfValues {
  readonly #store: ProjectStore
  readonly #program: Program
  readonly #typist: CellEditor | undefined
  /** No file that the program consists of has been changed: a type may come from another file. */
  readonly #untouched: boolean
  readonly #asked: Promise<void>[] = []

  constructor(store: ProjectStore, program: Program, typist: CellEditor | undefined) {
    this.#store = store
    this.#program = program
    this.#typist = typist
    this.#untouched = !program.modules.some((m) => store.edited(m.name))
  }

  /** The type, if it is known at once. */
  of(name: string): string | undefined {
    return this.#untouched ? this.#store.file(this.#program.entry)?.types?.[name] : undefined
  }

  /** Ask the editor; `told` hears the answer if there is one. */
  ask(name: string, told: (type: string) => void): void {
    const entry = this.#program.modules.find((m) => m.name === this.#program.entry)
    const binding = entry?.bindings.find((b) => b.name === name)
    if (this.#untouched || binding === undefined || this.#typist === undefined) return
    const answer = this.#typist.bindingType(this.#program.entry, binding).then(
      (type) => {
        if (type !== undefined) told(type)
      },
      () => {},
    )
    this.#asked.push(answer)
  }

  /** All answers have come. */
  async settled(): Promise<void> {
    await Promise.all(this.#asked)
  }
}
