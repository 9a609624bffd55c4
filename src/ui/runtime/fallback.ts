// A sandbox that may not come up, and one in its place. A program that the first could not even begin is run by the
// second, within the same run; one that was under way is not begun again behind its reader's back.

import type { Exit, Fetched, Pace, Program } from "../../sandbox/protocol.ts"
import type { Run, RunListener, Sandbox } from "../../sandbox/sandbox.ts"

/** What is in place when the first sandbox fails. */
export interface Place {
  second(): Promise<Sandbox>
  /** The program goes to the second: why. */
  fell(reason: string): void
  /** Why the first sandbox is gone for good, once it is; asked when a program that was under way has lost its guest. */
  gone(): Promise<string | undefined>
}

/** `first`, and `place.second` for what it cannot begin. Its `dispose` is that of `first`. */
export function withFallback(first: Sandbox, place: Place): Sandbox {
  return {
    kind: first.kind,
    warm: () => first.warm(),
    run: (program, listener) => new FallingRun(first, place, program, listener),
    dispose: () => first.dispose(),
  }
}

class FallingRun implements Run {
  readonly done: Promise<Exit>
  #run: Run
  #pace: Pace
  #stopped = false

  constructor(first: Sandbox, place: Place, program: Program, listener: RunListener) {
    this.#pace = program.pace
    let started = false
    const watched: RunListener = {
      ...listener,
      started: () => {
        started = true
        listener.started?.()
      },
    }
    this.#run = first.run(program, watched)
    this.done = this.#run.done.then(async (exit) => {
      if (this.#stopped || exit.tag !== "failed" || exit.error.name !== LOST) return exit
      if (!started) return this.#fall(place, program, listener, exit.error.message)
      const reason = await place.gone()
      return reason === undefined ? exit : lost(reason)
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#run.stop()
  }

  shell(line: string, onText?: (text: string) => void, signal?: AbortSignal): Promise<string> {
    return this.#run.shell(line, onText, signal)
  }

  fetch(url: string): Promise<Fetched> {
    return this.#run.fetch(url)
  }

  setPace(pace: Pace): void {
    this.#pace = pace
    this.#run.setPace(pace)
  }

  async #fall(place: Place, program: Program, listener: RunListener, reason: string): Promise<Exit> {
    place.fell(reason)
    try {
      const sandbox = await place.second()
      if (this.#stopped) return { tag: "stopped" }
      this.#run = sandbox.run({ ...program, pace: this.#pace }, listener)
    } catch (e) {
      return { tag: "failed", error: { name: LOST, message: e instanceof Error ? e.message : String(e), stack: [] } }
    }
    return this.#run.done
  }
}

/** How a run ends whose guest could not be made, or went away. */
const LOST = "sandbox"

function lost(reason: string): Exit {
  const message = `The WebContainer went away (${reason.replace(/\.$/, "")}). Your text is kept. Run again runs in this page.`
  return { tag: "failed", error: { name: LOST, message, stack: [] } }
}
