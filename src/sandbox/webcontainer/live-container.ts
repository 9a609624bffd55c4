// A container that is up: what the frame has, with an end. When the container is lost, whoever waits for it hears so, every
// process of it has ended, and every stream is closed; the frame itself would never say.

import type { Container, ContainerProcess, ContainerServer, SpawnOptions } from "./container.ts"
import { type FrameContainer, wordsOf } from "./door.ts"

/** Time, as far as a container needs it. */
export interface ContainerTime {
  now(): number
  setTimeout(f: () => void, ms: number): unknown
  clearTimeout(handle: never): void
}

/** Between an answer and the next question whether it is alive. */
const PING_MS = 5000
/** So many looks without a sign of life, and it is not. Looks are counted, not time: a page that slept has not looked. */
const LOOKS = 5
const LOOK_MS = 2000

/** What the container's Node says of itself. */
export function askNode(inner: FrameContainer): Promise<Container["node"]> {
  const question = "JSON.stringify([process.version, Boolean(process.features.typescript)])"
  return new Promise((resolve, reject) => {
    let text = ""
    const hear = (more: string | undefined): void => {
      text += more ?? ""
      const answer = /\["(v\d[^"]*)",(true|false)\]/.exec(text)
      if (answer !== null) resolve({ version: answer[1]!, runsTypeScript: answer[2] === "true" })
      else if (more === undefined)
        reject(new Error(`its Node does not start: ${text.trim().slice(-500) || "it says nothing"}`))
    }
    inner.spawn("node", ["-p", question], {}, hear).catch(reject)
  })
}

/** The container of a frame. */
export class LiveContainer implements Container {
  readonly workdir: string
  readonly node: Container["node"]
  readonly lost: Promise<string>
  readonly #inner: FrameContainer
  readonly #time: ContainerTime
  #reason: string | undefined
  #tellLost: (reason: string) => void = () => {}
  /** What is to be done when it is lost: reject who waits, end who runs. */
  readonly #ends = new Set<() => void>()
  readonly #servers = new Map<number, ContainerServer>()
  readonly #generations = new Map<number, number>()
  readonly #serverListeners = new Set<(servers: readonly ContainerServer[]) => void>()
  #timer: unknown
  /** Since its last sign of life. A flood of output is one, though an answer may be far behind it. */
  #looks = 0

  constructor(inner: FrameContainer, node: Container["node"], time: ContainerTime) {
    this.#inner = inner
    this.#time = time
    this.workdir = inner.workdir
    this.node = node
    this.lost = new Promise((resolve) => {
      this.#tellLost = resolve
    })
    inner.onServer((port, url) => this.#server(port, url))
    inner.onError((message) => this.lose(`it told of an error: ${message}`))
    this.#wait()
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    return this.#during(() => this.#inner.write(files))
  }

  remove(path: string): Promise<void> {
    return this.#during(() => this.#inner.remove(path))
  }

  async spawn(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<ContainerProcess> {
    let controller: ReadableStreamDefaultController<string> | undefined
    const output = new ReadableStream<string>({
      start(made) {
        controller = made
      },
      cancel() {
        controller = undefined
      },
    })
    const close = (): void => {
      controller?.close()
      controller = undefined
    }
    const process = await this.#during(() =>
      this.#inner.spawn(command, args, options, (text) => {
        this.#looks = 0
        if (text === undefined) close()
        else controller?.enqueue(text)
      }),
    )
    const exit = new Promise<number>((resolve) => {
      const end = (): void => {
        close()
        resolve(-1)
      }
      this.#ends.add(end)
      process.exit.then(resolve, end).finally(() => this.#ends.delete(end))
    })
    const unlessLost =
      <A extends unknown[]>(f: (...a: A) => void) =>
      (...a: A): void => {
        if (this.#reason === undefined) f(...a)
      }
    return {
      output,
      exit,
      write: unlessLost((text: string) => process.write(text)),
      kill: unlessLost(() => process.kill()),
      resize: unlessLost((cols: number, rows: number) => process.resize(cols, rows)),
    }
  }

  onServers(f: (servers: readonly ContainerServer[]) => void): () => void {
    this.#serverListeners.add(f)
    f([...this.#servers.values()])
    return () => void this.#serverListeners.delete(f)
  }

  teardown(why = "it was shut down."): void {
    this.lose(why)
  }

  /** It is gone, or is to be. */
  lose(reason: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#time.clearTimeout(this.#timer as never)
    for (const end of this.#ends) end()
    this.#ends.clear()
    try {
      this.#inner.teardown()
    } catch {
      // It went before, and its frame with it.
    }
    this.#servers.clear()
    this.#tellServers()
    this.#tellLost(reason)
  }

  /** What `f` promises, unless the container is lost before. */
  #during<A>(f: () => Promise<A>): Promise<A> {
    return new Promise((resolve, reject) => {
      const end = (): void => reject(new Error(`The WebContainer has gone: ${this.#reason}`))
      if (this.#reason !== undefined) return end()
      this.#ends.add(end)
      f()
        .then(resolve, (thrown: unknown) => reject(new Error(wordsOf(thrown))))
        .finally(() => this.#ends.delete(end))
    })
  }

  #server(port: number, url: string | undefined): void {
    if (url === undefined) this.#servers.delete(port)
    else {
      const generation = (this.#generations.get(port) ?? 0) + 1
      this.#generations.set(port, generation)
      this.#servers.set(port, { port, url, generation })
    }
    this.#tellServers()
  }

  #tellServers(): void {
    const servers = [...this.#servers.values()]
    for (const f of this.#serverListeners) f(servers)
  }

  #wait(): void {
    this.#timer = this.#time.setTimeout(() => this.#ping(), PING_MS)
  }

  #ping(): void {
    this.#looks = 0
    const look = (): void => {
      this.#looks++
      if (this.#looks === LOOKS) this.lose("it no longer answers.")
      else this.#timer = this.#time.setTimeout(look, LOOK_MS)
    }
    this.#timer = this.#time.setTimeout(look, LOOK_MS)
    this.#inner.ping().then(
      () => {
        this.#time.clearTimeout(this.#timer as never)
        if (this.#reason === undefined) this.#wait()
      },
      (thrown: unknown) => this.lose(wordsOf(thrown)),
    )
  }
}
