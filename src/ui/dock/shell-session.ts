// One shell in a container, from its start to its end. It knows no terminal, only where text goes and comes from.

import type { Container, ContainerProcess, SpawnOptions } from "../../sandbox/webcontainer/container.ts"

/** How a shell is. */
export type ShellState =
  | { readonly tag: "starting" }
  | { readonly tag: "running" }
  /** It ended by itself: `exit`, or Ctrl+D. */
  | { readonly tag: "ended"; readonly code: number }
  /** It could not be started, or its container went away. */
  | { readonly tag: "lost"; readonly reason: string }

/** Where to start a shell, and with what environment. */
export type ShellPlace = Pick<SpawnOptions, "cwd" | "env">

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly cols: number
  readonly rows: number
}

/** Who looks at a shell. */
export interface ShellWatcher {
  print(text: string): void
  changed(state: ShellState): void
}

/** WebContainers have this one. */
const SHELL = "jsh"

/** A shell that has been started. */
export class ShellSession {
  readonly container: Container
  readonly #watcher: ShellWatcher
  #state: ShellState = { tag: "starting" }
  #process: ContainerProcess | undefined
  #size: TerminalSize
  /** Typed before the shell had said anything: what reaches a terminal before its shell has set it up may be lost. */
  #early: string | undefined = ""

  /** Start one in its place, as soon as that is there. */
  constructor(container: Container, place: Promise<ShellPlace>, size: TerminalSize, watcher: ShellWatcher) {
    this.container = container
    this.#watcher = watcher
    this.#size = size
    void container.lost.then((reason) => this.#say({ tag: "lost", reason: `The WebContainer went away: ${reason}` }))
    place
      .then((options) => container.spawn(SHELL, [], { ...options, terminal: size }))
      .then(
        (process) => void this.#follow(process, size),
        (e: unknown) => this.#say({ tag: "lost", reason: e instanceof Error ? e.message : String(e) }),
      )
  }

  get state(): ShellState {
    return this.#state
  }

  /** Whether anything typed will be read. */
  get lives(): boolean {
    return this.#state.tag === "starting" || this.#state.tag === "running"
  }

  type(text: string): void {
    if (this.#early !== undefined) this.#early += text
    else if (this.lives) this.#process?.write(text)
  }

  resize(size: TerminalSize): void {
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return
    this.#size = size
    if (this.lives) this.#process?.resize(size.cols, size.rows)
  }

  /** End it. */
  kill(): void {
    this.#process?.kill()
  }

  async #follow(process: ContainerProcess, begun: TerminalSize): Promise<void> {
    const size = this.#size
    this.#process = process
    this.#say({ tag: "running" })
    // With -1 its container has gone, which is said by that.
    void process.exit.then((code) => (code === -1 ? undefined : this.#say({ tag: "ended", code })))
    // Made smaller or larger while it started.
    if (size !== begun) process.resize(size.cols, size.rows)
    const reader = process.output.getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      this.#watcher.print(piece.value)
      const early = this.#early
      this.#early = undefined
      if (early !== undefined && early !== "") process.write(early)
    }
  }

  #say(state: ShellState): void {
    if (!this.lives) return
    this.#state = state
    this.#watcher.changed(state)
  }
}

/** What there is to be said about a shell; nothing while it runs. */
export function shellLine(state: ShellState): string | undefined {
  switch (state.tag) {
    case "starting":
      return "The shell is being started."
    case "running":
      return undefined
    case "ended":
      return state.code === 0 ? "The shell has ended." : `The shell has ended with exit code ${state.code}.`
    case "lost":
      return state.reason
  }
}
