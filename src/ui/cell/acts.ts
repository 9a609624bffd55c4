// How a cell shows what happens in it: its own run, or by the same acts one in another window.

import type { Fetched, Serving } from "../../sandbox/protocol.ts"
import type { CellAct } from "../mirror-protocol.ts"
import type { ShellSession } from "../panes/mirage-terminal.ts"
import type { WebSession } from "../panes/mirage-browser.ts"
import type { RunChoice } from "../runtime/choice.ts"
import type { CellFiles } from "./cell-files.ts"
import type { CellOutput } from "./cell-output.ts"
import type { CodeArea } from "./code-area.ts"
import type { LearnersMachine } from "./learners-machine.ts"
import type { TextsThen } from "./places-then.ts"
import type { CellStatus } from "./run-control.ts"

/** The parts of a cell that show something. */
export interface Stage {
  readonly out: CellOutput
  readonly code: CodeArea
  readonly machine: LearnersMachine
  readonly files: CellFiles
  begin(): void
  texts(texts: TextsThen): void
  ran(choice: RunChoice): void
  status(status: CellStatus): void
  serving(machine: Serving): void
  stuck(stuck: boolean): void
  printed(text: string): void
}

/** Show one act. */
export function perform(act: CellAct, { out, code, machine, files, ...on }: Stage, mirrored?: MirroredRun): void {
  switch (act.tag) {
    case "begin":
      out.begin()
      code.setErrors(new Map())
      machine.clear()
      on.begin()
      return
    case "texts":
      return on.texts(act.texts)
    case "ran":
      return on.ran(act.choice)
    case "status":
      return on.status(act.status)
    case "bindings":
      return out.bindings(act.names)
    case "value":
      return out.value(act.value)
    case "type":
      return out.type(act.name, act.type)
    case "output":
      out.output(act.chunks)
      on.printed(act.chunks.map((c) => c.text).join(""))
      return
    case "error":
      out.error(act.error)
      code.setErrors(out.squiggles)
      return
    case "refused":
      out.refused(act.diagnostics)
      code.setErrors(out.squiggles)
      return
    case "typed":
      return out.typed(act.diagnostics)
    case "serving":
      mirrored?.serving(act.machine)
      return on.serving(act.machine)
    case "frames":
      return machine.add(act.frames, act.dropped)
    case "stuck":
      return on.stuck(act.stuck)
    case "threaded":
      return machine.starts(act.threaded)
    case "threads":
      return machine.timeline.add(act.batch)
    // The rest has been shown already where it was done.
    case "terminal":
      if (mirrored !== undefined) machine.print(act.chunks)
      return
    case "browse":
      mirrored?.forget()
      if (mirrored !== undefined) machine.browse(act.url)
      return
    case "fetched":
      return mirrored?.fetched(act.url, act.answer)
    case "pane":
      if (mirrored !== undefined) machine.choose(act.pane)
      return
    case "tab":
      if (mirrored !== undefined) files.select(act.tab)
      return
    default:
      act satisfies never
  }
}

const FOLLOWS = "This window shows what is done in the presenter's window: press Run to have a run of its own."

/** Answers that the presenter's window has not had after this long will not come. */
const FETCH_MS = 15_000

/** In place of a run, where the run is in another window: what its terminal and its browser are connected to. */
export class MirroredRun implements ShellSession, WebSession {
  readonly #answers = new Map<string, Fetched>()
  readonly #waiting = new Map<string, ((answer: Fetched) => void)[]>()
  readonly #later: (run: () => void, ms: number) => void
  #machines: readonly Serving[] = []

  constructor(later: (run: () => void, ms: number) => void = (run, ms) => setTimeout(run, ms)) {
    this.#later = later
  }

  /** Unikernels that are up over there. */
  get machines(): readonly Serving[] {
    return this.#machines
  }

  serving(machine: Serving): void {
    this.#machines = [...this.#machines, machine]
  }

  /** The run over there is over. */
  ended(): void {
    this.#machines = []
  }

  shell(): Promise<string> {
    return Promise.reject(new Error(FOLLOWS))
  }

  /** What the other window gets from `url`, as soon as it has it. */
  fetch(url: string): Promise<Fetched> {
    const known = this.#answers.get(url)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve) => {
      this.#waiting.set(url, [...(this.#waiting.get(url) ?? []), resolve])
      this.#later(() => resolve({ ok: false, message: FOLLOWS }), FETCH_MS)
    })
  }

  fetched(url: string, answer: Fetched): void {
    this.#answers.set(url, answer)
    for (const resolve of this.#waiting.get(url) ?? []) resolve(answer)
    this.#waiting.delete(url)
  }

  /** A page is asked for anew. */
  forget(): void {
    this.#answers.clear()
  }
}
