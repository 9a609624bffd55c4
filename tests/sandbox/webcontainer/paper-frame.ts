// A container's frame made of paper: it does what a test tells it to, when it tells it.

import type { FrameContainer, FrameProcess } from "../../../src/sandbox/webcontainer/door.ts"
import type { ThrowAwayFrame } from "../../../src/sandbox/webcontainer/host.ts"

/** A process that a test writes the output of. */
export class PaperProcess implements FrameProcess {
  readonly words: readonly string[]
  readonly print: (text: string | undefined) => void
  readonly written: string[] = []
  killed = false
  #exited: (code: number) => void = () => {}
  readonly exit: Promise<number> = new Promise((resolve) => {
    this.#exited = resolve
  })

  constructor(words: readonly string[], print: (text: string | undefined) => void) {
    this.words = words
    this.print = print
  }

  write(text: string): void {
    this.written.push(text)
  }

  kill(): void {
    this.killed = true
  }

  resize(): void {}

  /** Say `text`, and end. */
  end(text: string, code = 0): void {
    this.print(text)
    this.print(undefined)
    this.#exited(code)
  }
}

/** A container whose Node says that it is `node`. */
export class PaperContainer implements FrameContainer {
  readonly workdir = "/home/mirage"
  readonly node: string
  readonly processes: PaperProcess[] = []
  readonly files: Record<string, string | Uint8Array> = {}
  readonly written: string[][] = []
  readonly removed: string[] = []
  /** What is waited for before it answers a ping. */
  answer: () => Promise<void> = () => Promise.resolve()
  pings = 0
  tornDown = false
  server: (port: number, url: string | undefined) => void = () => {}
  error: (message: string) => void = () => {}

  constructor(node = '["v20.19.1",false]\r\n') {
    this.node = node
  }

  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    this.written.push(Object.keys(files))
    Object.assign(this.files, files)
  }

  async remove(path: string): Promise<void> {
    this.removed.push(path)
    delete this.files[path]
  }

  async spawn(
    command: string,
    args: readonly string[],
    _options: unknown,
    onOutput: (text: string | undefined) => void,
  ): Promise<FrameProcess> {
    const process = new PaperProcess([command, ...args], onOutput)
    if (args[0] === "-p") process.end(this.node)
    else this.processes.push(process)
    return process
  }

  onServer(f: (port: number, url: string | undefined) => void): void {
    this.server = f
  }

  onError(f: (message: string) => void): void {
    this.error = f
  }

  async ping(): Promise<void> {
    this.pings++
    return this.answer()
  }

  teardown(): void {
    this.tornDown = true
  }
}

/** A frame that boots when a test says so. */
export class PaperFrame implements ThrowAwayFrame {
  settings: unknown
  removed = false
  /** Answer the boot. */
  booted: (container: FrameContainer) => void = () => {}
  refuse: (reason: Error) => void = () => {}
  /** Somebody takes it out of the page. */
  vanish: () => void = () => {}
  readonly gone: Promise<void> = new Promise((resolve) => {
    this.vanish = resolve
  })

  boot(settings: unknown): Promise<FrameContainer> {
    this.settings = settings
    return new Promise((resolve, reject) => {
      this.booted = resolve
      this.refuse = reject
    })
  }

  remove(): void {
    this.removed = true
  }
}
