// Everything simulated that a program can see or be seen by: one switch, the learner's machine at 10.0.0.1, and the
// unikernel that was registered, at 10.0.0.2 if it does not say otherwise.
//
// Nothing is on the network until somebody wants it: a program without a unikernel has no frames and no timers but its
// own. The learner's machine is built when a unikernel with a network card boots, or at its first command.

import { link, type Load, run } from "../functoria/boot.ts"
import { graphOf } from "../functoria/graph.ts"
import type { Environment } from "../functoria/key.ts"
import { ConfigError } from "../functoria/location.ts"
import { type Registration, registration } from "../functoria/register.ts"
import type { Files } from "../functoria/target.ts"
import * as Lwt from "../lwt/lwt.ts"
import type { Engine } from "../os/engine.ts"
import { type ThreadEvent, watchThreads } from "../os/threads.ts"
import * as Ipaddr from "../wire/ipaddr.ts"
import * as Macaddr from "../wire/macaddr.ts"
import { Capture } from "./capture.ts"
import * as Learner from "./learner.ts"
import type { LinkOptions } from "./link.ts"
import type { Fetched, FrameRow, Serving } from "./observation.ts"
import type { Machine } from "./shell/command.ts"
import { get } from "./shell/curl.ts"
import { runLine } from "./shell/shell.ts"
import { Switch } from "./switch.ts"
import { Unikernel } from "./unikernel.ts"

/** The wires of a small office: an eighth of a millisecond each, so that a ping's way there and back takes half a one. */
const LAN: LinkOptions = { latencyMs: 0.125 }

const LEARNER_MAC = Macaddr.ofStringExn("02:00:00:00:00:01")
const UNIKERNEL_MAC = Macaddr.ofStringExn("02:00:00:00:00:02")
const LEARNER: Ipaddr.Cidr = { address: Ipaddr.make(10, 0, 0, 1), bits: 24 }
/** A unikernel that says it is elsewhere moves its name there, and adds the one it was registered by. */
const HOSTS: readonly (readonly [string, Ipaddr.V4])[] = [
  ["localhost", Ipaddr.localhost],
  ["learner", LEARNER.address],
  ["unikernel", Ipaddr.make(10, 0, 0, 2)],
]

/** How a world can differ from the usual one. */
export interface WorldOptions {
  /** Each wire from a machine to the switch. */
  readonly link?: LinkOptions
}

/** See the head of this file. One for each run of a program. */
export class World {
  readonly engine: Engine
  readonly #switch: Switch
  readonly #capture: Capture
  readonly #link: LinkOptions
  readonly #serving = new Set<(machine: Serving) => void>()
  readonly #hosts = new Map(HOSTS)
  readonly #exceptions = new Set<(e: unknown) => void>()
  #learner: Lwt.t<Machine> | undefined
  #booted = false

  constructor(engine: Engine, options: WorldOptions = {}) {
    this.engine = engine
    this.#link = options.link ?? LAN
    this.#switch = new Switch(engine)
    this.#capture = new Capture(this.#switch)
  }

  /** What config.ts has registered. */
  registration(): Registration | undefined {
    return registration()
  }

  /**
   * Configure and boot what was registered. `load` finds the modules that `foreign` names, `files` are the unikernel's,
   * `environment` answers the keys. Resolves when all jobs have ended; rejects with the error that ended it, or with a
   * {@link ConfigError} if it could not be booted.
   */
  async boot(load: Load, files: Files, environment: Environment = {}): Promise<void> {
    const registered = registration()
    if (registered === undefined)
      throw new ConfigError("there is nothing to boot: config.ts ends with register(name, [main.$(…)])", undefined)
    if (this.#booted) throw new ConfigError(`"${registered.name}" has been booted already`, registered.at)
    this.#booted = true
    const graph = graphOf(registered, environment)
    const image = await link(graph, load)
    const machine = new Unikernel({
      name: registered.name,
      engine: this.engine,
      switch: this.#switch,
      mac: UNIKERNEL_MAC,
      link: this.#link,
      files,
      environment,
      onServing: (serving) => {
        const address = Ipaddr.ofString(serving.address)
        if (address.ok && address.value !== Ipaddr.any) {
          this.#hosts.set("unikernel", address.value)
          const name = serving.name.toLowerCase()
          if (!this.#hosts.has(name)) this.#hosts.set(name, address.value)
        }
        for (const listener of this.#serving) listener(serving)
      },
    })
    const hook = Lwt.asyncExceptionHook.get()
    try {
      // A machine with a network card can be waited for without end: somebody may still send it a frame. One without can
      // only be waiting for itself, and `run` knows when that is for ever.
      if (!graph.nodes.some((node) => node.type === "network")) return await this.engine.run(run(image, machine))
      Lwt.asyncExceptionHook.set((e) => this.#report(e))
      await this.engine.attend(this.#machine().bind(() => run(image, machine)))
    } finally {
      machine.off()
      Lwt.asyncExceptionHook.set(hook)
    }
  }

  /** Call `f` when a unikernel is up and takes frames. */
  onServing(f: (machine: Serving) => void): void {
    this.#serving.add(f)
  }

  /** Call `f` for the frames that cross the switch, those of an instant together. */
  onFrames(f: (rows: readonly FrameRow[]) => void): void {
    this.#capture.onRows(f)
  }

  /** Call `f` for errors that nobody handles while a unikernel serves: of `Lwt.async`, and of its callbacks. */
  onAsyncException(f: (e: unknown) => void): void {
    this.#exceptions.add(f)
  }

  /**
   * Call `f` for what happens to promises that are made from now on where `where` knows the place. Costs time: only for
   * somebody who wants to see it. Returns how to stop.
   */
  onThreads(where: () => number | undefined, f: (event: ThreadEvent) => void): () => void {
    return watchThreads({ now: () => this.engine.now(), where, event: f })
  }

  /** Run a command line on the learner's machine. Resolves when it has ended; `interrupt` is Ctrl+C. */
  async shell(line: string, onText: (text: string) => void, interrupt: Promise<void>): Promise<void> {
    const [interrupted, resolver] = Lwt.wait<void>()
    void interrupt.then(() => this.#enter(() => Lwt.return(Lwt.wakeupLater(resolver))))
    await this.#enter(() => this.#machine().bind((machine) => runLine(machine, line, onText, interrupted)))
  }

  /** GET `url` from the learner's machine, as its browser would. */
  fetch(url: string): Promise<Fetched> {
    return this.#enter(() => this.#machine().bind((machine) => get(machine, url)))
  }

  /** The program is over: run what it has left for then. Resolves when that has ended. */
  exit(): Promise<void> {
    return this.engine.exit()
  }

  /** The frames kept, as a file that Wireshark opens. */
  pcapng(): Uint8Array {
    return this.#capture.pcapng()
  }

  /**
   * Let something begin that comes from outside. Not at once: simulated time stands where the loop left it when it began
   * to wait, and is put right when it is woken. What was sent before that would be as late as the wait was long.
   */
  #enter<A>(f: () => Lwt.t<A>): Promise<A> {
    return this.engine.attend(Lwt.pause().bind(f))
  }

  #machine(): Lwt.t<Machine> {
    this.#learner ??= Learner.connect({
      engine: this.engine,
      port: this.#switch.connect({ name: "learner eth0", mac: LEARNER_MAC, link: this.#link }),
      cidr: LEARNER,
      hosts: this.#hosts,
      capture: (onFrame) =>
        this.#capture.onRows((rows) => {
          for (const row of rows) onFrame(row)
        }),
    })
    return this.#learner
  }

  #report(e: unknown): void {
    if (this.#exceptions.size === 0) this.engine.print(`Fatal error: exception ${String(e)}\n`)
    for (const listener of this.#exceptions) listener(e)
  }
}
