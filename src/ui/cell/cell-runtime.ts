// The runtime of one cell: what its runs get, what its badge says, and the question that a run may have to ask.

import type { RunRequest, Runner } from "../runner.ts"
import type { RunChoice } from "../runtime/choice.ts"
import type { PageRuntime } from "../runtime/page-runtime.ts"
import { toast } from "../toast.ts"

/** What the runtime wants of its cell. */
export interface CellRuntimeHost {
  /** The cell's attribute. */
  attribute(): string | null
  /** The project that the cell belongs to. */
  project(): string
  /** Render again. */
  changed(): void
  /** A run has got `choice`; for other windows, too. */
  ran(choice: RunChoice): void
  /** A screen reader is to hear this. */
  announce(text: string): void
  /** The reader does not want the run any more. */
  stop(): void
  /** What the menu opens at. */
  badge(): HTMLElement | null
}

/** One cell's runtime. */
export class CellRuntime {
  readonly #host: CellRuntimeHost
  readonly #page: PageRuntime
  readonly #runner: Runner
  /** What the last run has got. */
  ran: RunChoice | undefined
  /** The run waits for the container. */
  waiting = false
  #number = 0
  #unsubscribe: () => void = () => {}

  constructor(host: CellRuntimeHost, page: PageRuntime, runner: Runner) {
    this.#host = host
    this.#page = page
    this.#runner = runner
  }

  /** The cell is on the page. */
  begin(): void {
    this.#unsubscribe()
    this.#unsubscribe = this.#page.subscribe(() => this.#host.changed())
  }

  /** The cell has gone. */
  end(): void {
    this.#unsubscribe()
  }

  /** What ran the last run; before any, what would run the next. */
  get choice(): RunChoice {
    return this.ran ?? this.#runner.next(this.#page.wish(this.#host.attribute()))
  }

  /** For a run that begins. */
  request(): RunRequest {
    const number = ++this.#number
    this.waiting = false
    return {
      wish: this.#page.wish(this.#host.attribute()),
      project: this.#host.project(),
      told: (choice) => {
        if (number !== this.#number) return
        this.waiting = this.#page.host.state.tag === "booting" && choice.kind === "webcontainer"
        if (this.waiting) this.#host.announce("Waiting for the WebContainer. Stop calls it off.")
        this.#host.ran(choice)
      },
      ask: () => this.#ask(number),
    }
  }

  /** The run is on its way, or over: it waits no more. */
  settled(): void {
    this.waiting = false
  }

  /** Get ready for the next run. */
  warm(): void {
    this.#runner.warm(this.#page.wish(this.#host.attribute()), this.#host.project())
  }

  /** Open the badge's menu, or close it. */
  async menu(): Promise<void> {
    await this.#open()
  }

  async #ask(number: number): Promise<boolean> {
    const answer = await this.#open(true)
    if (number !== this.#number) return false
    if (answer === undefined) this.#host.stop()
    return answer === "webcontainer"
  }

  async #open(asking = false): Promise<string | undefined> {
    const badge = this.#host.badge()
    if (badge === null) return undefined
    try {
      const { runtimeMenu } = await import("../runtime/runtime-menu.ts")
      return await runtimeMenu(badge, {
        page: this.#page,
        project: this.#host.project(),
        choice: () => this.choice,
        wish: () => this.#page.wish(this.#host.attribute()),
        asking,
      })
    } catch (e) {
      toast(`The menu could not be fetched (${String(e)}). ${this.choice.why}`)
      return undefined
    }
  }
}
