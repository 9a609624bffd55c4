// The guest: it receives a program, links its modules, evaluates the entry, boots the unikernel that was registered, and
// tells all that happens. It knows no platform: a worker (guest-worker.ts) and a Node process (guest-node.ts) lend it one.
//
// It runs in the same realm as the reader's code, which may do to it whatever JavaScript can. That is their run to break:
// the page trusts nothing that comes from here, and the wall is the frame around it.

import type { Failure } from "../mirage/check/checks.ts"
import { CHECK_DOOR, fileOfModule, LIBRARY_DOORS, resolveImport } from "../toolchain/graph.ts"
import { CallSites } from "./call-sites.ts"
import { installConsole } from "./guest-console.ts"
import { Errors } from "./guest-errors.ts"
import { Liveness } from "./guest-liveness.ts"
import { Shells } from "./guest-shells.ts"
import { libraryImports, linkLibraryModule } from "./link.ts"
import { linkCell } from "./link-cell.ts"
import { Outbox } from "./outbox.ts"
import { Pacer } from "./pacer.ts"
import {
  type CheckResult,
  type Exit,
  type Fetched,
  type FromGuest,
  type LibraryModule,
  type Program,
  type ProgramError,
  PROTOCOL_VERSION,
  type ToGuest,
} from "./protocol.ts"
import { showValue } from "./show-value.ts"
import type { Checks, HostDoor, World } from "./world.ts"

/** What the guest needs of where it runs, taken before any code of the reader's could change it. */
export interface Platform {
  /** Make `code` importable, and say at which URL. `name` is for people who debug. */
  link(name: string, code: string): string
  import(url: string): Promise<Record<string, unknown>>
  post(message: FromGuest): void
  /** Milliseconds of real time, from any moment. */
  now(): number
  setTimeout(f: () => void, ms: number): unknown
  clearTimeout(handle: never): void
  /** Run `f` in a turn of the event loop of its own, at once. */
  soon(f: () => void): void
  /** Hear of exceptions that nobody caught, and of promises whose rejection nobody handled. */
  onUncaught(f: (thrown: unknown, kind: "exception" | "unhandled-rejection") => void): void
  /** Hear what is written to the process's own streams, if there are such. */
  onWrite?(f: (stream: "out" | "err", text: string) => void): void
  /** Modules of the library that are there already: their URLs by name. The others come with `boot`. */
  readonly installed?: Readonly<Record<string, string>>
  /** The global object. Its `console` is replaced, and its `setTimeout` and its like by ones that are counted. */
  readonly globals: Record<string, unknown>
}

const HEARTBEAT_MS = 200
/** A timer that throws at every tick would flood the page with errors as well as any loop with output. */
const MAX_ERRORS = 50
const REPORT = Symbol.for("mirage.report")

/** Answer the messages that the returned function is given, in their order. */
export function startGuest(platform: Platform): (message: ToGuest) => void {
  const guest = new Guest(platform)
  return (message) => guest.receive(message)
}

class Guest {
  readonly #platform: Platform
  readonly #errors = new Errors()
  readonly #liveness: Liveness
  /** URLs of what has been linked: library modules, and the reader's by `./name`. */
  readonly #urls = new Map<string, string>()
  readonly #linking = new Set<string>()
  #library: Promise<HostDoor | undefined> = Promise.resolve(undefined)
  #reporter = ""
  #report: (name: string, value: unknown) => void = () => {}
  #run: GuestRun | undefined

  constructor(platform: Platform) {
    this.#platform = platform
    this.#liveness = new Liveness(platform)
    platform.onUncaught((thrown, kind) => this.#run?.uncaught(thrown, kind))
  }

  receive(message: ToGuest): void {
    switch (message.tag) {
      case "boot":
        this.#library = this.#boot(message.version, message.library)
        // Whoever runs a program hears why there is no library.
        this.#library.then(
          () => this.#platform.post({ tag: "ready", version: PROTOCOL_VERSION }),
          (thrown: unknown) => this.#platform.post({ tag: "broken", reason: String(thrown) }),
        )
        return
      case "run":
        if (this.#run === undefined) this.#start(message.run, message.program)
        return
      default:
        if (message.run === this.#run?.id) this.#run.receive(message)
    }
  }

  async #boot(version: number, library: readonly LibraryModule[]): Promise<HostDoor | undefined> {
    if (version !== PROTOCOL_VERSION) {
      throw new Error(
        `the page speaks version ${version} of the protocol, and the sandbox ${PROTOCOL_VERSION}: reload the page`,
      )
    }
    this.#liveness.install()
    const globals = this.#platform.globals as Record<symbol, unknown>
    globals[REPORT] = (name: string, value: unknown) => this.#report(name, value)
    this.#reporter = this.#platform.link(
      "mirage/report",
      'export const report = globalThis[Symbol.for("mirage.report")]',
    )
    await this.#platform.import(this.#reporter)
    delete globals[REPORT]

    for (const [name, url] of Object.entries(this.#platform.installed ?? {})) this.#urls.set(name, url)
    const byName = new Map(library.map((module) => [module.name, module]))
    const link = (name: string): string => {
      const known = this.#urls.get(name)
      if (known !== undefined) return known
      const module = byName.get(name)
      if (module === undefined) throw new Error(`the library has no module ${JSON.stringify(name)}`)
      for (const imported of libraryImports(module)) link(imported)
      const url = this.#platform.link(name, linkLibraryModule(module, link))
      this.#urls.set(name, url)
      return url
    }
    for (const { name } of library) link(name)
    if (!this.#urls.has("mirage/host")) return undefined
    return (await this.#platform.import(link("mirage/host"))) as unknown as HostDoor
  }

  #start(id: number, program: Program): void {
    const run = new GuestRun(id, program, this.#platform, this.#liveness, this.#errors, {
      link: (name, entry) => this.#link(program, name, entry),
      exportsOf: async (specifier) => {
        const url = LIBRARY_DOORS.includes(specifier) ? this.#urls.get(specifier) : undefined
        return url === undefined ? [] : Object.keys(await this.#platform.import(url))
      },
    })
    this.#run = run
    this.#report = (name, value) => run.report(name, value)
    void run.go(this.#library)
  }

  /** The URL of the reader's module `name`, linked with all that it imports. */
  #link(program: Program, name: string, entry: boolean): string {
    const key = `./${name}`
    const known = this.#urls.get(key)
    if (known !== undefined) return known
    const module = program.modules.find((one) => one.name === name)
    if (module === undefined) throw new Error(`there is no module ${JSON.stringify(name)}`)
    // A module's URL is known when its text is, and that needs the URLs of its imports first.
    if (this.#linking.has(name)) throw new Error(`${name} is in a circle of imports`)
    this.#linking.add(name)
    const url = linkCell(module, {
      errors: this.#errors,
      urlOf: (specifier) => this.#urlOf(program, name, specifier),
      put: (file, code) => this.#platform.link(file, code),
      reporter: entry ? this.#reporter : undefined,
      host: this.#urls.get("mirage/host"),
    })
    this.#urls.set(key, url)
    return url
  }

  /** The URL of what `specifier` means in the file `from`, linked if it is a file. */
  #urlOf(program: Program, from: string, specifier: string): string {
    const target = resolveImport(from, specifier)
    if (target.tag === "file") return this.#link(program, target.name, false)
    const url = target.tag === "library" ? this.#urls.get(target.name) : undefined
    if (url === undefined) throw new Error(`${from} imports ${JSON.stringify(specifier)}, which is not there`)
    return url
  }
}

/** What a run asks of the guest. */
interface Linker {
  link(name: string, entry: boolean): string
  /** What a module of the library exports; of another specifier, nothing is known. */
  exportsOf(specifier: string): Promise<readonly string[]>
}

class GuestRun {
  readonly id: number
  readonly #program: Program
  readonly #platform: Platform
  readonly #liveness: Liveness
  readonly #errors: Errors
  readonly #linker: Linker
  readonly #outbox: Outbox
  readonly #pacer: Pacer
  readonly #shells: Shells
  #world: World | undefined
  #checks: Checks | undefined
  #errorCount = 0
  #over = false

  constructor(id: number, program: Program, platform: Platform, liveness: Liveness, errors: Errors, linker: Linker) {
    this.id = id
    this.#program = program
    this.#platform = platform
    this.#liveness = liveness
    this.#errors = errors
    this.#linker = linker
    const post = (message: FromGuest): void => this.#post(message)
    this.#outbox = new Outbox(id, post, platform)
    this.#pacer = new Pacer(program.pace, platform)
    this.#shells = new Shells(id, post, platform)
  }

  /** Run from the beginning to the end. */
  async go(library: Promise<HostDoor | undefined>): Promise<void> {
    this.#installOutput()
    this.#beat()
    const error = await this.#play(library)
    // What the program wants done at its end is done in any case; an error in that is told if there was none before.
    const last = await this.#errorOf(async () => this.#world?.exit?.(), "exception")
    const first = error ?? last
    this.#finish(first === undefined ? { tag: "done" } : { tag: "failed", error: first })
  }

  /** Run the program and its checks, or boot its unikernel. Resolves with the error that ended it, if one did. */
  async #play(library: Promise<HostDoor | undefined>): Promise<ProgramError | undefined> {
    const evaluated = await this.#errorOf(async () => {
      const door = await library
      // Only the program of an exercise is listened to: nobody else's words are kept.
      if (this.#program.modules.some((m) => m.imports.some((i) => i.specifier === CHECK_DOOR)))
        this.#checks = door?.Checks
      this.#world = this.#startWorld(door)
      await this.#platform.import(this.#linker.link(this.#program.entry, true))
    }, "exception")
    if (evaluated !== undefined) return evaluated
    const world = this.#world
    if (world?.registration() !== undefined)
      return this.#errorOf(() => world.boot((name) => this.#load(name), this.#program.files), "unikernel")
    return this.#errorOf(async () => {
      await this.#runChecks()
      await this.#liveness.idle()
    }, "exception")
  }

  /** What `f` fails with, told as what it is. */
  async #errorOf(f: () => Promise<void>, kind: "exception" | "unikernel"): Promise<ProgramError | undefined> {
    try {
      await f()
      return undefined
    } catch (thrown) {
      const missing = await this.#errors.missingExport(thrown, (specifier) => this.#linker.exportsOf(specifier))
      return missing ?? this.#errors.describe(thrown, kind)
    }
  }

  receive(message: Exclude<ToGuest, { tag: "boot" } | { tag: "run" }>): void {
    switch (message.tag) {
      case "ack":
        return this.#outbox.ack()
      case "pace":
        return this.#pacer.setPace(message.pace)
      case "shell":
        return this.#shells.run(this.#world, message.id, message.line)
      case "shell-interrupt":
        return this.#shells.interrupt(message.id)
      case "fetch":
        void this.#fetch(message.id, message.url)
    }
  }

  /** A top-level binding of the entry has its value. */
  report(name: string, value: unknown): void {
    this.#post({ tag: "value", run: this.id, name, text: showValue(value) })
  }

  /** As under Node, what nobody caught ends a program; but a unikernel that is up goes on serving. */
  uncaught(thrown: unknown, kind: "exception" | "unhandled-rejection"): void {
    const error = this.#errors.describe(thrown, kind)
    if (this.#world?.registration() !== undefined) this.#tellError(error)
    else this.#finish({ tag: "failed", error })
  }

  #installOutput(): void {
    const outbox = this.#outbox
    const print = (stream: "out" | "err", text: string): void => this.#print(stream, text)
    const sink = {
      print,
      get full() {
        return outbox.full
      },
    }
    installConsole(this.#platform.globals, sink)
    this.#platform.onWrite?.(print)
  }

  #print(stream: "out" | "err", text: string): void {
    this.#checks?.heard(text)
    this.#outbox.print(stream, text)
  }

  async #runChecks(): Promise<void> {
    const checks = this.#checks
    if (checks === undefined || checks.count() === 0) return
    await checks.run(({ name, failure }) => {
      const result = failure === undefined ? { name } : { name, failure: this.#failure(failure) }
      this.#post({ tag: "checked", run: this.id, result })
    })
  }

  #failure(failure: Failure): NonNullable<CheckResult["failure"]> {
    if (failure.tag === "thrown") {
      const { name, message } = this.#errors.describe(failure.thrown, "exception")
      return { message: `${name}: ${message}` }
    }
    const { message, compared } = failure
    if (compared === undefined) return { message }
    return { message, expected: showValue(compared.expected), got: showValue(compared.got) }
  }

  #tellError(error: ProgramError): void {
    this.#errorCount++
    if (this.#errorCount <= MAX_ERRORS) this.#post({ tag: "error", run: this.id, error })
    else if (this.#errorCount === MAX_ERRORS + 1) {
      this.#outbox.print("err", `There are more errors than ${MAX_ERRORS}: the others are not shown.\n`)
    }
  }

  #startWorld(door: HostDoor | undefined): World | undefined {
    const world = door?.start({
      print: (text) => this.#print("out", text),
      pace: (ms, wake) => this.#liveness.during(ms !== Number.POSITIVE_INFINITY, this.#pacer.pace(ms, wake)),
      seed: this.#program.seed,
    })
    world?.onServing((machine) => this.#post({ tag: "serving", run: this.id, machine }))
    world?.onFrames((rows) => {
      if (!this.#over) this.#outbox.frames(rows)
    })
    if (this.#program.trace === true) {
      const sites = new CallSites(this.#errors, (site) => this.#outbox.site(site))
      world?.onThreads?.(
        () => sites.here(),
        (event) => {
          if (!this.#over) this.#outbox.thread(event)
        },
      )
    }
    world?.onAsyncException((thrown) => this.#tellError(this.#errors.describe(thrown, "unikernel")))
    return world
  }

  /** The module that `foreign("Name.Main")` names. */
  async #load(moduleName: string): Promise<Record<string, unknown> | undefined> {
    const name = fileOfModule(moduleName, this.#program.entry, this.#program.group)
    return name === undefined ? undefined : this.#platform.import(this.#linker.link(name, false))
  }

  async #fetch(id: number, url: string): Promise<void> {
    let result: Fetched
    try {
      result = (await this.#world?.fetch(url)) ?? { ok: false, message: "This cell has no simulated network." }
    } catch (thrown) {
      result = { ok: false, message: this.#errors.describe(thrown, "fetch").message }
    }
    this.#post({ tag: "fetched", run: this.id, id, result })
  }

  #beat(): void {
    if (this.#over) return
    this.#post({ tag: "heartbeat", run: this.id })
    this.#platform.setTimeout(() => this.#beat(), HEARTBEAT_MS)
  }

  #post(message: FromGuest): void {
    if (!this.#over) this.#platform.post(message)
  }

  #finish(exit: Exit): void {
    if (this.#over) return
    this.#shells.finish()
    this.#outbox.finish()
    this.#over = true
    this.#platform.post({ tag: "exit", run: this.id, exit })
  }
}
