// The page's sandboxes: the embedded one, made when it is first wanted or when the page has nothing better to do, and for
// each project one in the page's WebContainer. Which of them a run gets is decided in runtime/choice.ts.

import type { Sandbox } from "../sandbox/sandbox.ts"
import type { Container, ContainerHost } from "../sandbox/webcontainer/container.ts"
import { decide, embeddedChoice, type RunChoice } from "./runtime/choice.ts"
import { withFallback } from "./runtime/fallback.ts"
import type { Wish } from "./runtime/wish.ts"

/** What a runner is made of. */
export interface RunnerParts {
  readonly host: ContainerHost
  /** Boot the container, if this page is to have one. */
  start(): void
  embedded(): Promise<Sandbox>
  /** A sandbox in the host's container, whichever that is at the time, in the folder of a project; asked for once for each. */
  webcontainer(project: string): Promise<Sandbox>
}

/** Who wants to run something. */
export interface RunRequest {
  readonly wish: Wish
  readonly project: string
  /** Hears what the run gets; again if it has to fall back. While it waits for the container it hears that. */
  told(choice: RunChoice): void
  /** The author of the program means it for a WebContainer: does the reader want one? Whoever says yes has booted it. */
  ask(): Promise<boolean>
}

/** Holds the sandboxes. A failure to make one is told to whoever waits, and the next one who asks tries again. */
export class Runner {
  readonly #parts: RunnerParts
  #embedded: Promise<Sandbox> | undefined
  readonly #inside = new Map<string, Promise<Sandbox>>()

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** What a run would get now. */
  next(wish: Wish): RunChoice {
    return decide(wish, this.#parts.host.state).choice
  }

  /** The sandbox for one run. Waits for a container only where one is wished for. */
  async sandbox(request: RunRequest): Promise<Sandbox> {
    const { host, start } = this.#parts
    // Before the page has come round to it by itself.
    if (request.wish.runtime === "webcontainer") start()
    const decision = decide(request.wish, host.state)
    request.told(decision.choice)
    switch (decision.tag) {
      case "embedded":
        return this.embedded()
      case "webcontainer":
        return this.#container(decision.container, request)
      case "ask":
        if (!(await request.ask())) {
          request.told(embeddedChoice("You have not chosen a WebContainer."))
          return this.embedded()
        }
        // Whatever it is by now: on its way, up, or not to be had.
        return this.sandbox({ ...request, wish: { ...request.wish, chosen: true } })
      case "wait":
        try {
          const container = await host.ready()
          request.told(decide(request.wish, host.state).choice)
          return await this.#container(container, request)
        } catch (e) {
          request.told(embeddedChoice(messageOf(e)))
          return this.embedded()
        }
    }
  }

  /** The sandbox of this page, whatever else there is: for what has to run at once. */
  embedded(): Promise<Sandbox> {
    if (this.#embedded === undefined) {
      const made = this.#parts.embedded()
      this.#embedded = made
      made.catch(() => {
        if (this.#embedded === made) this.#embedded = undefined
      })
    }
    return this.#embedded
  }

  /** Have a guest ready wherever the next run of `wish` is to be. Failures are left for the run that needs it. */
  warm(wish: Wish, project: string): void {
    const { tag } = decide(wish, this.#parts.host.state)
    const sandbox = tag === "webcontainer" ? this.#made(project) : this.embedded()
    sandbox.then((s) => s.warm()).catch(() => {})
  }

  async dispose(): Promise<void> {
    const all = [this.#embedded, ...this.#inside.values()]
    this.#embedded = undefined
    this.#inside.clear()
    await Promise.all(all.map(async (made) => (await made?.catch(() => undefined))?.dispose()))
    this.#parts.host.dispose()
  }

  async #container(container: Container, { told, project }: RunRequest): Promise<Sandbox> {
    let gone: string | undefined
    void container.lost.then((reason) => {
      gone = reason
    })
    try {
      return withFallback(await this.#made(project), {
        second: () => this.embedded(),
        fell: (reason) =>
          told(
            embeddedChoice(`The program could not be begun in the WebContainer (${reason})`.replace(/\.?\)$/, ").")),
          ),
        // Its processes may be heard to go before it is.
        gone: () => new Promise((resolve) => setTimeout(() => resolve(gone))),
      })
    } catch (e) {
      told(embeddedChoice(messageOf(e)))
      return this.embedded()
    }
  }

  #made(project: string): Promise<Sandbox> {
    const there = this.#inside.get(project)
    if (there !== undefined) return there
    const made = this.#parts.webcontainer(project)
    this.#inside.set(project, made)
    made.catch(() => this.#inside.delete(project))
    return made
  }
}

const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e))
