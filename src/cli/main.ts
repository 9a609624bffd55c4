// The `mirage` command: this process's arguments, streams and signals, lent to run.ts. It runs on the library OS that
// `import "mirage"` finds, which is also the one that a unikernel is linked with.

import { readFileSync } from "node:fs"
import { constants } from "node:os"
// A bundler for pages puts nothing in the place of what is imported.
import { env } from "node:process"
import { HELP } from "./help.ts"
import { parseCommand, UsageError } from "./options.ts"
import { runCommand, type RunHost } from "./run.ts"

const environment = Object.fromEntries(
  Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
)

async function main(args: readonly string[]): Promise<number> {
  const command = parseCommand(args, environment)
  switch (command.tag) {
    case "help":
      process.stdout.write(HELP[command.topic])
      return 0
    case "version":
      process.stdout.write(`mirage ${version()} (Node ${process.version})\n`)
      return 0
    case "run":
      return runCommand(command.run, thisProcess())
  }
}

function thisProcess(): RunHost {
  const stopped = new Promise<number>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const)
      process.on(name, () => {
        resolve(constants.signals[name])
        // Whoever asks twice does not want to wait.
        process.once(name, () => process.exit(128 + constants.signals[name]))
      })
  })
  return {
    cwd: process.cwd(),
    environment,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stopped,
    onUncaught(f) {
      process.on("uncaughtException", (thrown) => f(thrown, "exception"))
      process.on("unhandledRejection", (thrown) => f(thrown, "unhandled-rejection"))
    },
  }
}

/** Of the package that this file is in. */
function version(): string {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder)) {
    try {
      return (JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { version: string }).version
    } catch {
      if (folder.pathname === "/") return "of no package"
    }
  }
}

/** What is piped into `head` is not wanted any more. */
process.stdout.on("error", (e: NodeJS.ErrnoException) => process.exit(e.code === "EPIPE" ? 0 : 1))

let status: number
try {
  status = await main(process.argv.slice(2))
} catch (thrown) {
  if (!(thrown instanceof UsageError)) throw thrown
  process.stderr.write(`mirage: ${thrown.message}\n`)
  status = 2
}
// A timer of the reader's own must not keep the process, and what has been printed must not be lost.
process.stdout.write("", () => process.stderr.write("", () => process.exit(status)))
