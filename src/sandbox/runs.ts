// The page's side of runs, whatever the guest runs in: a guest kept warm, the messages of a run turned into calls of its
// listener, positions turned into those of the reader's source, and an end to every run, however it comes.

import { inSource } from "./error-text.ts"
import {
  type Exit,
  type Fetched,
  type FromGuest,
  type LibraryModule,
  type Pace,
  type Program,
  type ProgramError,
  PROTOCOL_VERSION,
  type ToGuest,
} from "./protocol.ts"
import type { Run, RunListener, Sandbox } from "./sandbox.ts"

/** A guest that has been started: a worker or a process. */
export interface GuestHandle {
  send(message: ToGuest): void
  /** Set once, before the first message. `onLost` is told when the guest ended by itself, and why. */
  listen(onMessage: (message: FromGuest) => void, onLost: (reason: string) => void): void
  /** End it at once. Resolves when it is gone. */
  kill(): Promise<void>
}

/** What makes guests. */
export interface Spawner {
  readonly kind: Sandbox["kind"]
  /** Start a guest; rejects with an Error whose message is for the reader. */
  spawn(): Promise<{ readonly guest: GuestHandle; readonly library: readonly LibraryModule[] }>
  dispose(): Promise<void>
}

/** A guest without a sign of life for this long is in an endless loop. */
const SILENT_MS = 2000
const WATCH_MS = 500
/** How long after the start of a run the next guest is made, if the run has not ended before. */
const REFILL_MS = 400

/** A sandbox of what `spawner` makes. */
export function sandboxOf(spawner: Spawner): Sandbox {
  const runs = new Set<ProgramRun>()
  let warm: Promise<ReadyGuest> | undefined
  let disposed = false
  let count = 0

  const prepare = (): Promise<ReadyGuest> => {
    if (disposed) return Promise.reject(new Error("The sandbox has been closed."))
    if (warm === undefined) {
      const made = ready(spawner)
      warm = made
      // Nobody waits for it yet; and the next run is to try again.
      made.catch(() => {
        if (warm === made) warm = undefined
      })
    }
    return warm
  }

  const take = async (): Promise<ReadyGuest> => {
    // A guest that was made in advance may have failed, or gone; what counts is whether one can be made now.
    const inAdvance = warm
    warm = undefined
    const guest = await inAdvance?.catch(() => undefined)
    if (guest !== undefined && guest.lost === undefined) return guest
    const made = prepare()
    warm = undefined
    return made
  }

  return {
    kind: spawner.kind,
    async warm() {
      await prepare().catch(() => {})
    },
    run(program, listener) {
      const run = new ProgramRun(++count, program, listener, take())
      runs.add(run)
      // Not at once: it would take its time from this run's first output.
      const refill = setTimeout(() => void (disposed || prepare().catch(() => {})), REFILL_MS)
      void run.done.then(() => {
        runs.delete(run)
        clearTimeout(refill)
        if (!disposed) prepare().catch(() => {})
      })
      return run
    },
    async dispose() {
      disposed = true
      await Promise.all([...runs].map((run) => run.stop()))
      const idle = warm
      warm = undefined
      await idle?.then(
        (guest) => guest.handle.kill(),
        () => {},
      )
      await spawner.dispose()
    },
  }
}

/** A guest that has loaded the library and waits for its program. */
interface ReadyGuest {
  readonly handle: GuestHandle
  /** From here on these are told. */
  readonly attach: (onMessage: (message: FromGuest) => void, onLost: (reason: string) => void) => void
  /** Why it has gone while it waited. */
  readonly lost: string | undefined
}

async function ready(spawner: Spawner): Promise<ReadyGuest> {
  const { guest: handle, library } = await spawner.spawn()
  return new Promise((resolve, reject) => {
    let lost: string | undefined
    let heard = (message: FromGuest): void => {
      if (message.tag === "ready") {
        resolve({
          handle,
          attach(onMessage, onLost) {
            heard = onMessage
            gone = onLost
            if (lost !== undefined) onLost(lost)
          },
          get lost() {
            return lost
          },
        })
      } else if (message.tag === "broken") {
        void handle.kill()
        reject(new Error(`The library could not be loaded: ${message.reason}`))
      }
    }
    let gone = (reason: string): void => {
      reject(new Error(reason))
    }
    handle.listen(
      (message) => heard(message),
      (reason) => {
        lost = reason
        gone(reason)
      },
    )
    handle.send({ tag: "boot", version: PROTOCOL_VERSION, library })
  })
}

/** A command on the learner's machine that has not ended. */
interface OpenShell {
  text: string
  readonly onText: ((text: string) => void) | undefined
  readonly resolve: (text: string) => void
  readonly reject: (error: Error) => void
}

class ProgramRun implements Run {
  readonly done: Promise<Exit>
  readonly #id: number
  readonly #program: Program
  readonly #listener: RunListener
  #handle: GuestHandle | undefined
  #settle: (exit: Exit) => void = () => {}
  #over = false
  /** Resolves when the guest is gone. */
  #gone: Promise<void> = Promise.resolve()
  #requests = 0
  /** What was asked before there was a guest to ask. */
  #waiting: ToGuest[] = []
  readonly #shells = new Map<number, OpenShell>()
  readonly #fetches = new Map<number, (result: Fetched) => void>()
  #heard = 0
  #watched = 0
  #stuck = false
  #watch: ReturnType<typeof setInterval> | undefined

  constructor(id: number, program: Program, listener: RunListener, guest: Promise<ReadyGuest>) {
    this.#id = id
    this.#program = program
    this.#listener = listener
    this.done = new Promise((resolve) => {
      this.#settle = resolve
    })
    guest.then(
      (taken) => this.#start(taken),
      (thrown: unknown) => this.#lost(thrown instanceof Error ? thrown.message : String(thrown)),
    )
  }

  async stop(): Promise<void> {
    this.#end({ tag: "stopped" })
    await this.#gone
  }

  shell(line: string, onText?: (text: string) => void, signal?: AbortSignal): Promise<string> {
    if (this.#over) return Promise.reject(new Error("The machine is off: the run has ended."))
    const id = ++this.#requests
    return new Promise((resolve, reject) => {
      const interrupt = (): void => this.#send({ tag: "shell-interrupt", run: this.#id, id })
      const ended =
        <A>(settle: (value: A) => void) =>
        (value: A): void => {
          signal?.removeEventListener("abort", interrupt)
          settle(value)
        }
      this.#shells.set(id, { text: "", onText, resolve: ended(resolve), reject: ended(reject) })
      this.#send({ tag: "shell", run: this.#id, id, line })
      if (signal?.aborted) interrupt()
      else signal?.addEventListener("abort", interrupt, { once: true })
    })
  }

  fetch(url: string): Promise<Fetched> {
    if (this.#over) return Promise.resolve({ ok: false, message: "The machine is off: the run has ended." })
    const id = ++this.#requests
    return new Promise((resolve) => {
      this.#fetches.set(id, resolve)
      this.#send({ tag: "fetch", run: this.#id, id, url })
    })
  }

  setPace(pace: Pace): void {
    this.#send({ tag: "pace", run: this.#id, pace })
  }

  #start({ handle, attach }: ReadyGuest): void {
    if (this.#over) {
      // Stopped before it began. It is new and unused, but simpler to end than to give back.
      this.#gone = handle.kill()
      return
    }
    this.#handle = handle
    this.#heard = this.#watched = performance.now()
    this.#watch = setInterval(() => this.#look(), WATCH_MS)
    attach(
      (message) => this.#receive(message),
      (reason) => this.#lost(reason),
    )
    if (this.#over) return
    handle.send({ tag: "run", run: this.#id, program: this.#program })
    this.#tell(() => this.#listener.started?.())
    for (const message of this.#waiting) handle.send(message)
    this.#waiting = []
  }

  #send(message: ToGuest): void {
    if (this.#over) return
    if (this.#handle === undefined) this.#waiting.push(message)
    else this.#handle.send(message)
  }

  #receive(message: FromGuest): void {
    if (this.#over || !("run" in message) || message.run !== this.#id) return
    this.#heard = performance.now()
    if (this.#stuck) {
      this.#stuck = false
      this.#tell(() => this.#listener.stuck?.(false))
    }
    switch (message.tag) {
      case "output":
        this.#tell(() => this.#listener.output?.(message.chunks))
        return this.#send({ tag: "ack", run: this.#id })
      case "frames":
        this.#tell(() => this.#listener.frames?.(message.frames, message.dropped))
        return this.#send({ tag: "ack", run: this.#id })
      case "threads":
        this.#tell(() => this.#listener.threads?.({ events: message.events, sites: message.sites }))
        return this.#send({ tag: "ack", run: this.#id })
      case "value":
        return this.#tell(() => this.#listener.value?.(message.name, message.text))
      case "error":
        return this.#tell(() => this.#listener.error?.(this.#inSource(message.error)))
      case "checked":
        return this.#tell(() => this.#listener.checked?.(message.result))
      case "serving":
        return this.#tell(() => this.#listener.serving?.(message.machine))
      case "shell-output": {
        const shell = this.#shells.get(message.id)
        if (shell === undefined) return
        shell.text += message.text
        return this.#tell(() => shell.onText?.(message.text))
      }
      case "shell-done": {
        const shell = this.#shells.get(message.id)
        this.#shells.delete(message.id)
        return shell?.resolve(shell.text)
      }
      case "fetched":
        this.#fetches.get(message.id)?.(message.result)
        this.#fetches.delete(message.id)
        return
      case "heartbeat":
        return
      case "exit": {
        const { exit } = message
        return this.#end(exit.tag === "failed" ? { tag: "failed", error: this.#inSource(exit.error) } : exit)
      }
    }
  }

  #lost(reason: string): void {
    this.#end({ tag: "failed", error: { name: "sandbox", message: reason, stack: [] } })
  }

  #end(exit: Exit): void {
    if (this.#over) return
    this.#over = true
    clearInterval(this.#watch)
    if (this.#handle !== undefined) this.#gone = this.#handle.kill()
    for (const { reject } of this.#shells.values()) reject(new Error("The run has ended."))
    for (const resolve of this.#fetches.values()) resolve({ ok: false, message: "The run has ended." })
    this.#shells.clear()
    this.#fetches.clear()
    this.#settle(exit)
  }

  /** Called now and then: is the guest still there? */
  #look(): void {
    const now = performance.now()
    // If it was us who slept, as a page in the background does, its messages may be on their way.
    if (now - this.#watched > WATCH_MS * 2) this.#heard = now
    this.#watched = now
    if (this.#stuck || now - this.#heard < SILENT_MS) return
    this.#stuck = true
    this.#tell(() => this.#listener.stuck?.(true))
  }

  /** Positions as the reader sees them. */
  #inSource(error: ProgramError): ProgramError {
    return inSource(error, (file) => this.#program.modules.find((one) => one.name === file))
  }

  /** A listener's mistake is its own, and must not keep the run from being followed. */
  #tell(call: () => void): void {
    try {
      call()
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown
      })
    }
  }
}
