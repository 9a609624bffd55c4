// The sandbox of the tests: a child process of Node for each run. It keeps a program's errors and endless loops from the
// process that started it, and nothing else: what runs here has all of Node.

import { type ChildProcess, fork } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { FromGuest, LibraryModule } from "./protocol.ts"
import { type GuestHandle, sandboxOf } from "./runs.ts"
import type { Sandbox } from "./sandbox.ts"

/** What a sandbox runs: the text of guest-node.ts as one module, and the library. */
export interface NodeGuest {
  readonly guest: string
  readonly library: readonly LibraryModule[]
}

const LAST_WORDS = 2000

/** A sandbox whose guests are processes. `load` is called once. */
export function nodeSandbox({ load }: { readonly load: () => Promise<NodeGuest> }): Sandbox {
  let loaded: Promise<{ folder: string; script: string; library: readonly LibraryModule[] }> | undefined
  const once = (): NonNullable<typeof loaded> =>
    (loaded ??= (async () => {
      const { guest, library } = await load()
      const folder = await mkdtemp(join(tmpdir(), "mirage-sandbox-"))
      const script = join(folder, "guest.mjs")
      await writeFile(script, guest)
      return { folder, script, library }
    })())
  return sandboxOf({
    kind: "node",
    async spawn() {
      const { folder, script, library } = await once()
      const own = await mkdtemp(join(folder, "run-"))
      const child = fork(script, [own], {
        serialization: "advanced",
        // A program that fills its memory should find the end of it before the machine does.
        execArgv: ["--max-old-space-size=512"],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      })
      return { guest: handleOf(child, own), library }
    },
    async dispose() {
      const made = await loaded?.catch(() => undefined)
      if (made !== undefined) await rm(made.folder, { recursive: true, force: true })
    },
  })
}

function handleOf(child: ChildProcess, folder: string): GuestHandle {
  let lastWords = ""
  let killed = false
  let onLost: (reason: string) => void = () => {}
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS)
  })
  const gone = new Promise<void>((resolve) => {
    child.on("error", (e) => {
      if (!killed) onLost(`The process could not be started: ${e.message}`)
      resolve()
    })
    // "close" rather than "exit": by then its last words have been read.
    child.on("close", (code, signal) => {
      if (!killed) onLost(farewell(code, signal, lastWords))
      rm(folder, { recursive: true, force: true }).then(resolve, resolve)
    })
  })
  return {
    send(message) {
      // A process that has just gone is told about by "close".
      if (child.connected) child.send(message, () => {})
    },
    listen(onMessage, lost) {
      onLost = lost
      child.on("message", (message) => onMessage(message as FromGuest))
    },
    kill() {
      killed = true
      child.kill("SIGKILL")
      return gone
    },
  }
}

function farewell(code: number | null, signal: string | null, lastWords: string): string {
  if (/heap out of memory/i.test(lastWords)) return "The program used up all its memory."
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  return `The process that ran the program ended ${how}.${lastWords === "" ? "" : `\n${lastWords.trim()}`}`
}
