// A command as a process: what it has printed so far, and a promise for what it will.

import { type ChildProcess, spawn } from "node:child_process"

/** A process that has been started. */
export interface Running {
  readonly child: ChildProcess
  out(): string
  err(): string
  /** Resolves with the match once `pattern` is in what it has printed; rejects if it ends without. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves when it has ended and everything that it printed has been read. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** How to start it. */
export interface StartOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
}

/** Start `program`. */
export function start(program: string, args: readonly string[], options: StartOptions = {}): Running {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
    env: { ...process.env, ...options.env },
  })
  let out = ""
  let err = ""
  const looks = new Set<() => void>()
  const heard = (): void => looks.forEach((look) => look())
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
    heard()
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text
    heard()
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code, signal) => resolve({ code, signal }))
  })
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    until(pattern) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(out) ?? pattern.exec(err)
          if (match === null) return
          looks.delete(look)
          resolve(match)
        }
        looks.add(look)
        look()
        const missed = (): void => reject(new Error(`ended without ${String(pattern)}:\n${out}${err}`))
        ended.then(missed, missed)
      })
    },
  }
}
