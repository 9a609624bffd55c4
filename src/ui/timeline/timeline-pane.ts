// The timeline among a cell's panes: whether there is one, whether the run was traced for it, and the element, which is
// fetched when it is first looked at.

import { html, type TemplateResult } from "lit"
import type { Program, ThreadBatch } from "../../sandbox/protocol.ts"
import type { CompiledModule, Position } from "../../toolchain/compiled-module.ts"
import type { MirageTimeline } from "./mirage-timeline.ts"
import { Threads } from "./threads.ts"

/** What the pane wants of its cell. */
export interface TimelineHost {
  changed(): void
  /** The reader wants to see a place of the source. */
  go(at: Position): void
  /** The reader wants a run that is traced. */
  run(): void
  /** How the cell calls a file; nothing, for the one that everybody means. */
  label(file: string): string
  /** The element could not be fetched. */
  failed(e: unknown): void
}

/** What a program says of itself for the timeline, when it starts. */
export interface Threaded {
  /** It can make promises of Lwt: its modules, which know their names. */
  readonly modules: readonly CompiledModule[]
  /** What becomes of them is told. */
  readonly traced: boolean
}

/** What to say of `program`; `undefined` if it has nothing to do with Lwt. */
export function threadedOf({ modules, trace }: Program): Threaded | undefined {
  const lwt = (name: string): boolean => /^(?:Lwt|OS$)/.test(name)
  const uses = modules.some((module) =>
    module.imports.some(
      ({ specifier, names }) => specifier === "mirage" && (names === undefined || names.some((one) => lwt(one.name))),
    ),
  )
  return uses ? { modules, traced: trace === true } : undefined
}

/** The pane. */
export class TimelinePane {
  readonly #host: TimelineHost
  readonly threads: Threads = new Threads()
  #threaded: Threaded | undefined
  #element: MirageTimeline | undefined
  #loading = false
  #loaded = false
  #root: ParentNode | undefined

  constructor(host: TimelineHost) {
    this.#host = host
  }

  /** Whether there is something to be looked at. */
  get there(): boolean {
    return this.#threaded !== undefined
  }

  /** A run begins. */
  begin(threaded: Threaded | undefined): void {
    this.#threaded = threaded
    this.threads.clear()
    this.#element?.reset()
    this.#host.changed()
  }

  add(batch: ThreadBatch): void {
    this.threads.add(batch)
    this.#element?.refresh()
  }

  /** It is about to be seen. */
  load(): void {
    if (this.#loading) return
    this.#loading = true
    import("./mirage-timeline.ts").then(
      () => {
        this.#loaded = true
        this.#host.changed()
      },
      (e: unknown) => {
        this.#loading = false
        this.#host.failed(e)
      },
    )
  }

  /** The cell has been rendered: pick up the element. */
  rendered(root: ParentNode): void {
    this.#root = root
    this.#element = root.querySelector<MirageTimeline>("mirage-timeline") ?? undefined
  }

  /** It is seen now. */
  shown(): void {
    this.#element?.refresh()
  }

  readonly #record = (): void => {
    // The button goes when the run begins: the keyboard goes to the tab that it is under.
    this.#root?.querySelector<HTMLElement>("[data-tab=timeline]")?.focus()
    this.#host.run()
  }

  render(): TemplateResult {
    if (this.#threaded?.traced !== true) {
      return html`<div class="untraced"><p>What became of the promises was not recorded in this run.</p>
        <button @click=${this.#record}>Run and record</button></div>`
    }
    if (!this.#loaded) return html`<div class="untraced" role="status">Loading the timeline…</div>`
    return html`<mirage-timeline .threads=${this.threads} .modules=${this.#threaded.modules}
      .label=${(file: string) => this.#host.label(file)}
      @timeline-go=${(e: CustomEvent<Position>) => this.#host.go(e.detail)}></mirage-timeline>`
  }
}
