// One boot of the double: a folder of its own in the system's folder for temporary files, its processes and its previews.

import { mkdirSync, mkdtempSync, realpathSync } from "node:fs"
import { rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import process from "node:process"
import { type Death, type Fault, LAST_WORDS } from "./faults.ts"
import { Files } from "./files.ts"
import { Previews } from "./previews.ts"
import { type Command, killMarked, type Process, start } from "./processes.ts"
import type { ToPage, ToServer } from "./wire.ts"

/** A call of the client, as it came. */
export interface Call {
  /** Which boot of the double it was for, from 1. */
  readonly boot: number
  readonly name: string
  readonly args: readonly unknown[]
}

/** What an instance is given. */
export interface Surroundings {
  readonly boot: number
  /** The `coep` that its page was asked for with. */
  readonly coep: string
  readonly fault: () => Fault | undefined
  readonly log: (call: Call) => void
  readonly send: (message: ToPage) => void
}

/** What the client boots with, as far as the double heeds it. */
interface BuildOptions {
  readonly workdirName?: string
  readonly forwardPreviewErrors?: boolean | "exceptions-only"
}

const NETWORK = new URL("./network.mjs", import.meta.url).href
// bash is the shell that is nearest to theirs. It reads nothing of this machine's user.
const JSH = `#!/bin/sh\nPS1='\\w $ ' exec bash --norc --noprofile "$@"\n`

/** A boot that the client has built. */
export class Instance {
  readonly #at: Surroundings
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), "webcontainer-")))
  readonly #processes = new Map<number, Process>()
  #workdir = ""
  #files: Files | undefined
  #previews: Previews | undefined
  #count = 0
  #state: "running" | "dead" | "gone" = "running"
  #gone: Promise<void> | undefined

  constructor(at: Surroundings) {
    this.#at = at
  }

  /** Origins of its previews. */
  get origins(): ReadonlySet<string> {
    return this.#previews?.origins ?? new Set()
  }

  async hear(message: ToServer): Promise<void> {
    if (this.#state !== "running") return
    switch (message.tag) {
      case "call":
        return this.#answer(message.id, message.name, message.args)
      case "write":
        this.#at.log({ boot: this.#at.boot, name: "write", args: [message.text] })
        if (this.#at.fault()?.tag === "echo") this.#output(message.process, new TextEncoder().encode(message.text))
        return this.#processes.get(message.process)?.write(message.text)
      case "kill":
        this.#at.log({ boot: this.#at.boot, name: "kill", args: [] })
        return this.#processes.get(message.process)?.kill()
      case "resize":
        this.#at.log({ boot: this.#at.boot, name: "resize", args: [message.cols, message.rows] })
        return this.#processes.get(message.process)?.resize(message.cols, message.rows)
      case "unwatch":
        return this.#files?.unwatch(message.watcher)
    }
  }

  async #answer(id: number, name: string, args: readonly unknown[]): Promise<void> {
    this.#at.log({ boot: this.#at.boot, name, args })
    const fault = this.#at.fault()
    if (fault?.tag === "dies-after-boot" && name !== "build") return this.die(fault.how)
    try {
      const value = await this.#call(name, args)
      this.#send({ tag: "answer", id, value })
    } catch (e) {
      this.#send({ tag: "refusal", id, message: (e as Error).message.replaceAll(this.#workdir, "") })
    }
  }

  async #call(name: string, args: readonly unknown[]): Promise<unknown> {
    if (name === "build") return this.#build(args[0] as BuildOptions)
    const files = this.#files!
    switch (name) {
      case "fs.readFile":
        return files.readFile(...(args as Parameters<Files["readFile"]>))
      case "fs.writeFile":
        return files.writeFile(...(args as Parameters<Files["writeFile"]>))
      case "fs.readdir":
        return files.readdir(...(args as Parameters<Files["readdir"]>))
      case "fs.mkdir":
        return files.mkdir(...(args as Parameters<Files["mkdir"]>))
      case "fs.rm":
        return files.rm(...(args as Parameters<Files["rm"]>))
      case "fs.rename":
        return files.rename(...(args as Parameters<Files["rename"]>))
      case "fs.watch": {
        const [path, options] = args as Parameters<Files["watch"]>
        return files.watch(path, options, (watcher, event, file) =>
          this.#send({ tag: "changed", watcher, event, file }),
        )
      }
      case "loadFiles":
        return files.load(args[0] as Uint8Array, (args[1] as { mountPoints?: string } | undefined)?.mountPoints)
      case "serialize":
        return files.serialize(...(args as Parameters<Files["serialize"]>))
      case "run":
        return this.#run(args[0] as Command & { cwd?: string })
      case "setPreviewScript":
        return this.#previews!.setScript(...(args as Parameters<Previews["setScript"]>))
      case "setCredentials":
        return undefined
      case "teardown":
        return this.close()
      default:
        throw new Error(`the double knows no call '${name}'`)
    }
  }

  async #build({ workdirName, forwardPreviewErrors }: BuildOptions): Promise<{ path: string; cwd: string }> {
    const fault = this.#at.fault()
    if (fault?.tag === "refuses") throw new Error(fault.message)
    this.#workdir = join(this.#folder, "home", workdirName ?? `projects-${this.#at.boot}`)
    mkdirSync(this.#workdir, { recursive: true })
    mkdirSync(join(this.#folder, "bin"))
    await writeFile(join(this.#folder, "bin/jsh"), JSH, { mode: 0o755 })
    this.#files = new Files(this.#workdir)
    const event = (name: string, ...args: unknown[]): void => this.#send({ tag: "event", name, args })
    this.#previews = new Previews(
      join(this.#folder, "ports"),
      { coep: this.#at.coep, forwardErrors: forwardPreviewErrors !== undefined && forwardPreviewErrors !== false },
      {
        port: (port, type, url) => event("port", port, type, url),
        serverReady: (port, url) => event("server-ready", port, url),
        message: (message) => event("preview-message", message),
      },
    )
    return { path: this.#environment().PATH, cwd: this.#workdir }
  }

  /** What every process gets, and nothing of what this one has. */
  #environment(): { readonly PATH: string } & Readonly<Record<string, string>> {
    const own = [join(this.#workdir, "node_modules/.bin"), join(this.#folder, "bin"), dirname(process.execPath)]
    return {
      PATH: [...own, "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
      HOME: join(this.#folder, "home"),
      SHELL: join(this.#folder, "bin/jsh"),
      LANG: "C.UTF-8",
      // What npx does not find in the project it may not fetch: no test asks the world for anything.
      npm_config_offline: "true",
      npm_config_update_notifier: "false",
      WEBCONTAINER_PORTS: join(this.#folder, "ports"),
    }
  }

  async #run(command: Command & { cwd?: string }): Promise<number> {
    const id = ++this.#count
    const cwd = await this.#files!.locate(command.cwd ?? ".")
    // As much of what it has printed as may hold the beginning of what is waited for.
    let heard = ""
    this.#processes.set(
      id,
      start({ ...command, env: withNetwork(command.env) }, cwd, this.#environment(), {
        output: (bytes) => {
          this.#output(id, bytes)
          const fault = this.#at.fault()
          if (fault?.tag !== "dies-mid-run" && fault?.tag !== "process-killed") return
          heard += Buffer.from(bytes).toString("latin1")
          if (!heard.includes(fault.after)) return
          if (fault.tag === "dies-mid-run") this.die(fault.how)
          else this.#processes.get(id)?.kill()
        },
        exit: (code) => {
          this.#processes.delete(id)
          this.#send({ tag: "exit", process: id, code })
        },
      }),
    )
    return id
  }

  #output(process: number, bytes: Uint8Array): void {
    if (this.#at.fault()?.tag !== "one-byte-chunks") return this.#send({ tag: "output", process, bytes })
    for (const byte of bytes) this.#send({ tag: "output", process, bytes: new Uint8Array([byte]) })
  }

  #send(message: ToPage): void {
    if (this.#state === "running") this.#at.send(message)
  }

  /** Die, and leave the page without an answer. */
  die(how: Death): void {
    if (this.#state !== "running") return
    if (how === "with-error") this.#send({ tag: "event", name: "error", args: [{ message: LAST_WORDS }] })
    this.#send({ tag: "dead" })
    this.#state = "dead"
    this.killProcesses()
  }

  killProcesses(): void {
    for (const one of this.#processes.values()) one.kill()
  }

  /** End everything, and remove the folder. */
  close(): Promise<void> {
    return (this.#gone ??= (async () => {
      this.killProcesses()
      this.#files?.close()
      this.#previews?.close()
      killMarked(`HOME=${join(this.#folder, "home")}`)
      // A process that is being killed may write once more.
      await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
    })())
  }
}

/** A process's environment, with its Nodes on the double's network; the process may have options for them, too. */
function withNetwork(env: Command["env"] = {}): NonNullable<Command["env"]> {
  const options = [`--import ${NETWORK}`, env["NODE_OPTIONS"] ?? ""]
  return { ...env, NODE_OPTIONS: options.join(" ").trim() }
}
