// A container that is a folder of this machine, with the double's files and processes, and without a browser: for what is
// said over the streams of a process.

import { mkdtempSync, realpathSync } from "node:fs"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type {
  Container,
  ContainerHost,
  ContainerProcess,
  SpawnOptions,
} from "../../../src/sandbox/webcontainer/container.ts"
import { Files } from "./files.ts"
import { start } from "./processes.ts"

/** What its streams do on the way. */
export interface Ways {
  /** How much output comes at once; as much as there is if not given. */
  readonly chunk?: number
  /** What is written comes back. */
  readonly echo?: boolean
  /** Each process has a terminal. */
  readonly terminal?: boolean
}

/** A container that is up. */
export interface LocalContainer extends Container {
  readonly root: string
  /** The commands that were started. */
  readonly spawned: string[]
  close(): Promise<void>
}

/** Make one. */
export function localContainer({ chunk, echo, terminal }: Ways = {}): LocalContainer {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "mirage-container-")))
  const files = new Files(root)
  const running = new Set<ContainerProcess>()
  const spawned: string[] = []
  let lose: (reason: string) => void = () => {}
  const lost = new Promise<string>((resolve) => {
    lose = resolve
  })

  async function spawn(
    command: string,
    args: readonly string[],
    options: SpawnOptions = {},
  ): Promise<ContainerProcess> {
    spawned.push([command, ...args].join(" "))
    // As the client does it: each chunk is decoded by itself.
    const decoder = new TextDecoder()
    const waiting: Uint8Array[] = []
    let ended = false
    let more = (): void => {}
    const output = new ReadableStream<string>(
      {
        async pull(controller) {
          while (waiting.length === 0 && !ended) {
            await new Promise<void>((resolve) => {
              more = resolve
            })
          }
          const bytes = waiting.shift()
          if (bytes === undefined) return controller.close()
          const size = chunk ?? bytes.length
          controller.enqueue(decoder.decode(bytes.subarray(0, size)))
          if (size < bytes.length) waiting.unshift(bytes.subarray(size))
        },
      },
      { highWaterMark: 0 },
    )
    const print = (bytes: Uint8Array): void => {
      waiting.push(bytes)
      more()
    }
    let exited: (code: number) => void = () => {}
    const exit = new Promise<number>((resolve) => {
      exited = resolve
    })
    const size = terminal === true ? { cols: 80, rows: 25 } : options.terminal
    const inner = start(
      { command, args, env: options.env ?? {}, ...(size === undefined ? {} : { terminal: size }) },
      await files.locate(options.cwd ?? "."),
      { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, HOME: root },
      {
        output: print,
        exit: (code) => {
          running.delete(one)
          ended = true
          more()
          exited(code)
        },
      },
    )
    const one: ContainerProcess = {
      output,
      exit,
      write(text) {
        if (echo === true) print(new TextEncoder().encode(text.replaceAll("\n", "\r\n")))
        inner.write(text)
      },
      kill: () => inner.kill(),
      resize: (cols, rows) => inner.resize(cols, rows),
    }
    running.add(one)
    return one
  }

  function teardown(): void {
    for (const one of running) one.kill()
    lose("it was shut down.")
  }

  return {
    root,
    spawned,
    workdir: root,
    node: { version: process.version, runsTypeScript: false },
    lost,
    async write(all) {
      for (const [path, contents] of Object.entries(all)) {
        const at = await files.locate(path)
        await mkdir(dirname(at), { recursive: true })
        await writeFile(at, contents)
      }
    },
    remove: (path) => files.rm(path, { recursive: true, force: true }),
    spawn,
    onServers: () => () => {},
    teardown,
    async close() {
      teardown()
      await Promise.all([...running].map((one) => one.exit))
      await rm(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A host that has it already. */
export function hostOf(container: Container): ContainerHost {
  return {
    state: { tag: "up", container },
    onState: () => () => {},
    boot() {},
    ready: () => Promise.resolve(container),
    dispose() {},
  }
}
