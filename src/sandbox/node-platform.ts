// Node as the guest's platform, whatever line leads to the page: guest-node.ts has one of its own, guest-stream.ts shares
// the process's streams.

import { mkdirSync } from "node:fs"
import type { Platform } from "./guest.ts"
import { moduleFiles } from "./module-files.ts"
import type { FromGuest } from "./protocol.ts"

/** A platform that links modules as files of `folder`, and sends messages by `post`. Taken before the reader's code could change it. */
export function nodePlatform(folder: string, post: (message: FromGuest) => void): Platform {
  const { setTimeout, clearTimeout, setImmediate } = globalThis
  mkdirSync(folder, { recursive: true })
  return {
    link: moduleFiles(folder),
    import: (url) => import(/* @vite-ignore */ url) as Promise<Record<string, unknown>>,
    post,
    now: performance.now.bind(performance),
    setTimeout: (f, ms) => setTimeout(f, ms),
    clearTimeout: (handle) => clearTimeout(handle),
    soon: (f) => void setImmediate(f),
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
          if (typeof called === "function") setImmediate(() => called())
          return true
        }
      process.stdout.write = writer("out")
      process.stderr.write = writer("err")
    },
    globals: globalThis as unknown as Record<string, unknown>,
  }
}
