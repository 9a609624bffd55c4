// When is a program over that has been evaluated? As under Node, when no timer of its own is left and no simulation runs.

/** What of the platform is needed. */
interface Turns {
  setTimeout(f: () => void, ms: number): unknown
  soon(f: () => void): void
  readonly globals: Record<string, unknown>
}

type AnyFunction = (...values: never[]) => unknown

/** Counts what keeps a program alive. */
export class Liveness {
  readonly #turns: Turns
  #holds = 0
  #changed: () => void = () => {}

  constructor(turns: Turns) {
    this.#turns = turns
  }

  /** Replace the global timers by ones that are counted. */
  install(): void {
    this.#count("setTimeout", "clearTimeout", true)
    this.#count("setInterval", "clearInterval", false)
    if ("setImmediate" in this.#turns.globals) this.#count("setImmediate", "clearImmediate", true)
  }

  /** The program is alive while `wait` is pending, if it `counts`. */
  during<A>(counts: boolean, wait: Promise<A>): Promise<A> {
    if (!counts) return wait
    this.#holds++
    return wait.finally(() => this.#release())
  }

  /** Resolves when nothing is left that could do anything. */
  async idle(): Promise<void> {
    for (;;) {
      while (this.#holds > 0) {
        await new Promise<void>((resolve) => {
          this.#changed = resolve
        })
      }
      // Promises go on for a while by themselves, and unhandled rejections are told in a turn of their own.
      await new Promise<void>((resolve) => this.#turns.soon(resolve))
      await new Promise<void>((resolve) => this.#turns.setTimeout(resolve, 0))
      if (this.#holds === 0) return
    }
  }

  #release(): void {
    this.#holds--
    if (this.#holds === 0) this.#changed()
  }

  #count(set: string, clear: string, once: boolean): void {
    const { globals } = this.#turns
    const nativeSet = globals[set] as (f: unknown, ...rest: unknown[]) => unknown
    const nativeClear = globals[clear] as (handle: unknown) => void
    const held = new Set<unknown>()
    const release = (handle: unknown): void => {
      if (held.delete(handle)) this.#release()
    }
    globals[set] = (f: AnyFunction, ...rest: unknown[]): unknown => {
      if (typeof f !== "function") throw new TypeError(`${set}: the first argument has to be a function`)
      const handle = nativeSet(
        (...values: never[]) => {
          if (once) release(handle)
          f(...values)
        },
        ...rest,
      )
      held.add(handle)
      this.#holds++
      return handle
    }
    globals[clear] = (handle: unknown): void => {
      nativeClear(handle)
      release(handle)
    }
  }
}
