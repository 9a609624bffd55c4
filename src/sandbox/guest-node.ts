// The guest in a Node process, forked by node.ts. Its messages go over the IPC channel, which the reader's code does not
// get: what it writes to its standard output is output of the run, whatever it looks like.

import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { Worker } from "node:worker_threads"
import { type Platform, startGuest } from "./guest.ts"
import type { FromGuest, ToGuest } from "./protocol.ts"

// Made and removed by node.ts, because nobody is asked before a process is killed.
const folder = process.argv[2]!
const send = process.send!.bind(process) as (message: FromGuest) => boolean
const { setTimeout: nativeSetTimeout, clearTimeout: nativeClearTimeout, setImmediate: nativeSetImmediate } = globalThis
const now = performance.now.bind(performance)
let linked = 0

const platform: Platform = {
  link: (name, code) => {
    const path = join(folder, `${linked++}-${name.replace(/[^\w.-]/g, "_")}.mjs`)
    writeFileSync(path, code)
    return pathToFileURL(path).href
  },
  import: (url) => import(/* @vite-ignore */ url) as Promise<Record<string, unknown>>,
  post: (message) => void send(message),
  now,
  setTimeout: (f, ms) => nativeSetTimeout(f, ms),
  clearTimeout: (handle) => nativeClearTimeout(handle),
  soon: (f) => void nativeSetImmediate(f),
  onUncaught: (f) => {
    process.on("uncaughtException", (thrown) => f(thrown, "exception"))
    process.on("unhandledRejection", (thrown) => f(thrown, "unhandled-rejection"))
  },
  onWrite: (f) => {
    const writer =
      (stream: "out" | "err") =>
      (data: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
        f(stream, typeof data === "string" ? data : new TextDecoder().decode(data))
        const called = typeof encoding === "function" ? encoding : done
        if (typeof called === "function") nativeSetImmediate(() => called())
        return true
      }
    process.stdout.write = writer("out")
    process.stderr.write = writer("err")
  },
  globals: globalThis as unknown as Record<string, unknown>,
}

// Whoever started us is gone: nobody is left to run for. In an endless loop only another thread can notice.
process.on("disconnect", () => process.exit())
new Worker(
  `const parent = process.ppid; setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 1000)`,
  { eval: true },
).unref()

const receive = startGuest(platform)
process.on("message", (message) => receive(message as ToGuest))
Object.defineProperty(process, "send", { value: undefined })
