// Processes of one boot: real ones, of this machine, with an environment of their own. Standard output and error come as one
// stream; with a terminal it is that of a real one, which `script` makes.

import { type ChildProcess, execFile, spawn } from "node:child_process"
import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import { constants } from "node:os"

/** What the client asks to be run. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | number | boolean>>
  readonly terminal?: { readonly cols: number; readonly rows: number }
}

/** A process that runs. */
export interface Process {
  write(text: string): void
  kill(): void
  resize(cols: number, rows: number): void
}

/** What is heard of it. `exit` is the last. */
export interface ProcessListener {
  output(bytes: Uint8Array): void
  exit(code: number): void
}

// One pipe for both, so that lines come in the order in which they were printed.
const MERGED = `command -v "$1" >/dev/null || { echo "jsh: command not found: $1"; exit 127; }; exec "$@" 2>&1`

/** Start a process in a folder. */
export function start(
  { command, args, env, terminal }: Command,
  cwd: string,
  base: Readonly<Record<string, string>>,
  listener: ProcessListener,
): Process {
  const own = Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, String(value)]))
  const [program, words] =
    terminal === undefined
      ? ["/bin/sh", ["-c", MERGED, "sh", command, ...args]]
      : ["script", ["-qefc", inTerminal([command, ...args], terminal), "/dev/null"]]
  const child = spawn(program, words, {
    cwd,
    env: { ...base, ...(terminal === undefined ? {} : { TERM: "xterm-256color", SHELL: "/bin/sh" }), ...own },
    stdio: ["pipe", "pipe", "inherit"],
    // A group of its own, so that what it starts can be ended with it.
    detached: true,
  })
  let ended = false
  const end = (code: number): void => {
    if (ended) return
    ended = true
    listener.exit(code)
  }
  let size = terminal
  let resized = false
  child.stdout.on("data", (bytes: Buffer) => {
    listener.output(new Uint8Array(bytes))
    if (resized) applySize()
  })
  // A pipe to somebody who has gone is an ordinary end of things.
  child.stdin.on("error", () => {})
  child.on("error", (e) => {
    listener.output(new TextEncoder().encode(`${e.message}\n`))
    end(127)
  })
  // What it left running would keep its output open.
  child.on("exit", () => killTree(child, "SIGKILL"))
  child.on("close", (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))

  function applySize(): void {
    // Until `script` has started its child there is no terminal; then its first output comes by here.
    const slave = child.pid === undefined ? undefined : terminalOf(child.pid)
    resized = slave === undefined
    if (slave !== undefined && size !== undefined) {
      execFile("stty", ["-F", slave, "cols", String(size.cols), "rows", String(size.rows)], () => {})
    }
  }

  return {
    write: (text) => void child.stdin.write(text),
    kill: () => killTree(child, "SIGKILL"),
    resize(cols, rows) {
      if (terminal === undefined) return
      size = { cols, rows }
      applySize()
    },
  }
}

/** The line that gives a command a sane terminal of the size asked for. */
function inTerminal(
  words: readonly string[],
  { cols, rows }: { readonly cols: number; readonly rows: number },
): string {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ")
  return `stty sane cols ${cols} rows ${rows}; exec ${quoted}`
}

/** The terminal of the child that `script` has started. */
function terminalOf(script: number): string | undefined {
  try {
    const [child] = readFileSync(`/proc/${script}/task/${script}/children`, "utf8").trim().split(" ")
    const name = readlinkSync(`/proc/${child}/fd/0`)
    return name.startsWith("/dev/") && name !== "/dev/null" ? name : undefined
  } catch {
    return undefined
  }
}

function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  for (const pid of [...descendants(child.pid), -child.pid]) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended by itself.
    }
  }
}

/** The processes below one, as far as this system tells. */
function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number)
    return children.flatMap((child) => [child, ...descendants(child)])
  } catch {
    return []
  }
}

/** End every process whose environment has `mark`: also those that have left their group and their parent. */
export function killMarked(mark: string): void {
  let pids: string[] = []
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name))
  } catch {
    return
  }
  for (const pid of pids) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(mark))
        process.kill(Number(pid), "SIGKILL")
    } catch {
      // It is not ours, or has ended.
    }
  }
}
