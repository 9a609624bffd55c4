// A container host made of paper: the test says what state it is in, and what its processes do.

import type {
  Absence,
  Container,
  ContainerHost,
  ContainerProcess,
  ContainerServer,
  ContainerState,
  SpawnOptions,
} from "../../../src/sandbox/webcontainer/container.ts"
import { whenUp } from "../../../src/sandbox/webcontainer/when-up.ts"

/** A process that the test plays. */
export interface PaperProcess {
  readonly command: string
  readonly args: readonly string[]
  readonly options: SpawnOptions
  readonly heard: string[]
  readonly sizes: (readonly [number, number])[]
  killed: boolean
  print(text: string): void
  end(code: number): void
}

/** A container that the test plays. */
export class PaperContainer implements Container {
  readonly workdir = "/home/mirage"
  readonly node: Container["node"]
  readonly lost: Promise<string>
  readonly processes: PaperProcess[] = []
  readonly files = new Map<string, string | Uint8Array>()
  /** What writing rejects with. */
  full: Error | undefined
  #lose: (reason: string) => void = () => {}
  #servers: readonly ContainerServer[] = []
  readonly #heard = new Set<(servers: readonly ContainerServer[]) => void>()

  constructor(node: Container["node"] = { version: "v22.1.0", runsTypeScript: true }) {
    this.node = node
    this.lost = new Promise((resolve) => {
      this.#lose = resolve
    })
  }

  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    if (this.full !== undefined) throw this.full
    for (const [path, text] of Object.entries(files)) this.files.set(path, text)
  }

  async remove(path: string): Promise<void> {
    this.files.delete(path)
  }

  async spawn(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<ContainerProcess> {
    let end: (code: number) => void = () => {}
    let out: ReadableStreamDefaultController<string>
    const output = new ReadableStream<string>({
      start(controller) {
        out = controller
      },
    })
    const exit = new Promise<number>((resolve) => {
      end = (code) => {
        out.close()
        resolve(code)
      }
    })
    const process: PaperProcess = {
      command,
      args,
      options,
      heard: [],
      sizes: [],
      killed: false,
      print: (text) => out.enqueue(text),
      end: (code) => end(code),
    }
    this.processes.push(process)
    return {
      output,
      exit,
      write: (text) => process.heard.push(text),
      resize: (cols, rows) => process.sizes.push([cols, rows]),
      kill: () => {
        process.killed = true
      },
    }
  }

  onServers(f: (servers: readonly ContainerServer[]) => void): () => void {
    this.#heard.add(f)
    f(this.#servers)
    return () => this.#heard.delete(f)
  }

  serve(...servers: readonly ContainerServer[]): void {
    this.#servers = servers
    for (const heard of this.#heard) heard(servers)
  }

  lose(reason: string): void {
    this.#lose(reason)
  }

  teardown(): void {
    this.#lose("it was thrown away")
  }
}

/** A host that the test plays. */
export class PaperHost implements ContainerHost {
  state: ContainerState = absent("not-chosen", "No WebContainer has been chosen.")
  readonly boots: (string | undefined)[] = []
  disposed = false
  readonly #heard = new Set<(state: ContainerState) => void>()

  say(state: ContainerState): void {
    this.state = state
    for (const heard of this.#heard) heard(state)
  }

  up(container: Container = new PaperContainer()): Container {
    this.say({ tag: "up", container })
    return container
  }

  onState(f: (state: ContainerState) => void): () => void {
    this.#heard.add(f)
    return () => this.#heard.delete(f)
  }

  boot(again?: "again"): void {
    this.boots.push(again)
    if (this.state.tag === "absent") this.say({ tag: "booting", attempt: 1 })
  }

  ready(): Promise<Container> {
    return whenUp(this.state, (f) => this.onState(f))
  }

  dispose(): void {
    this.disposed = true
  }
}

export function absent(cause: Absence["cause"], message: string): ContainerState {
  return { tag: "absent", why: { cause, message } }
}

export function givenUp(cause: Absence["cause"], message: string): ContainerState {
  return { tag: "given-up", why: { cause, message } }
}
