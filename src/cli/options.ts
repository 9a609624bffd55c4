// The command line of `mirage`, read: what to do, or what is wrong with it. `NET=socket PORT=8080 mirage run` says the same
// as options do, as in the deck; an option wins.

import { parseArgs } from "node:util"
import { nearest } from "../toolchain/nearest.ts"
import { type Levels, levelsOf } from "./log.ts"

/** What to do. */
export type Command =
  | { readonly tag: "run"; readonly run: RunOptions }
  | { readonly tag: "help"; readonly topic: "mirage" | "run" }
  | { readonly tag: "version" }

/** How to run a unikernel. */
export interface RunOptions {
  /** The configuration: a file, or the folder that it is in. */
  readonly file: string
  readonly net: "socket" | "direct"
  /** The host's port for the first that the unikernel opens; 0 for any that is free. */
  readonly port: number | undefined
  /** The host's address to listen at, instead of the configuration's. */
  readonly ipv4: string | undefined
  readonly levels: Levels
}

/** The command line is wrong, or asks for what is not there yet. The message is for people. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

/** The commands of MirageOS that this version does not have, and what there is instead. */
const LATER: Readonly<Record<string, string>> = {
  configure: "config.ts is evaluated each time that a unikernel is run; its keys are set as NET=socket PORT=8080",
  describe: "in a cell of the tutorial, describe(name, jobs) of mirage/config prints the keys and the graph",
  build: "a unikernel is linked in memory each time that it is run",
  query: "in a cell of the tutorial, describe(name, jobs) of mirage/config prints the keys and the graph",
  clean: "nothing is left behind in your folder that could be cleaned away",
}

const COMMANDS = ["run", "help", ...Object.keys(LATER)]

interface Option {
  readonly type: "string" | "boolean"
  readonly short?: string
}

const RUN: Readonly<Record<string, Option>> = {
  file: { type: "string", short: "f" },
  target: { type: "string", short: "t" },
  net: { type: "string" },
  port: { type: "string" },
  logs: { type: "string", short: "l" },
  help: { type: "boolean", short: "h" },
}

/** What a unikernel is told when it boots, after `--`. */
const BOOT: Readonly<Record<string, Option>> = {
  ipv4: { type: "string" },
  "ipv4-gateway": { type: "string" },
  interface: { type: "string" },
  logs: { type: "string", short: "l" },
}

/** Read `args`, the words after `mirage`. Throws {@link UsageError}. */
export function parseCommand(args: readonly string[], environment: Readonly<Record<string, string>>): Command {
  const [first, ...rest] = args
  if (first === undefined || first === "--help" || first === "-h") return { tag: "help", topic: "mirage" }
  if (first === "--version" || first === "-V") return { tag: "version" }
  if (first === "help") return help(rest)
  if (first === "run") return run(rest, environment)
  const later = LATER[first]
  if (later !== undefined)
    throw new UsageError(
      `"mirage ${first}" is not in this version, which has "mirage run --net socket". Instead: ${later}.`,
    )
  if (first.startsWith("-"))
    throw new UsageError(`Say first what to do: mirage run ${first} … ("mirage --help" tells more)`)
  const near = nearest(first, COMMANDS)
  throw new UsageError(
    `There is no command "${first}".${near === undefined ? "" : ` Did you mean "mirage ${near}"?`} "mirage --help" lists them.`,
  )
}

function help([topic, ...more]: readonly string[]): Command {
  if (topic === undefined) return { tag: "help", topic: "mirage" }
  if (topic === "run" && more.length === 0) return { tag: "help", topic: "run" }
  throw new UsageError('There is help on "run": mirage help run')
}

function run(args: readonly string[], environment: Readonly<Record<string, string>>): Command {
  const end = args.indexOf("--")
  const given = read(end < 0 ? args : args.slice(0, end), RUN, "mirage help run")
  if (given.has("help")) return { tag: "help", topic: "run" }
  checkTarget(given.get("target"))
  const boot = read(end < 0 ? [] : args.slice(end + 1), BOOT, "mirage help run")
  for (const name of ["interface", "ipv4-gateway"])
    if (boot.has(name))
      throw new UsageError(`--${name} is for a network card, and --net socket has none: the host's own settings count.`)
  const logs = [given.get("logs"), boot.get("logs")].filter((l) => l !== undefined).join(",")
  const levels = levelsOf(logs)
  if (levels === undefined)
    throw new UsageError(
      `-l ${logs}: write a level, quiet, error, warning, info or debug, or *:debug as MirageOS does.`,
    )
  return {
    tag: "run",
    run: {
      file: given.get("file") ?? "config.ts",
      net: netOf(given.get("net"), environment["NET"]),
      port: portOf(given.get("port"), environment["PORT"]),
      ipv4: addressOf(boot.get("ipv4")),
      levels,
    },
  }
}

/** The options in `args` by their long names. */
function read(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
  more: string,
): ReadonlyMap<string, string> {
  // parseArgs splits the words; what is wrong with them is said in our own.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  const found = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue
    if (token.kind === "positional")
      throw new UsageError(
        `"${token.value}" is one word too many. A configuration is named by -f: mirage run -f ${token.value}`,
      )
    const option = options[token.name]
    if (option === undefined) {
      const near = nearest(token.name, Object.keys(options))
      throw new UsageError(
        `There is no option ${token.rawName}.${near === undefined ? "" : ` Did you mean --${near}?`} "${more}" lists them.`,
      )
    }
    if (option.type === "string" && (token.value === undefined || token.value === ""))
      throw new UsageError(`${token.rawName} needs a value.`)
    found.set(token.name, token.value ?? "")
  }
  return found
}

function checkTarget(target: string | undefined): void {
  if (target === undefined || target === "unix" || target === "macosx") return
  const known = target === "xen" || target === "worker" || target === "virtio" || target === "hvt"
  throw new UsageError(
    known
      ? `-t ${target} is not in this version: it runs unikernels as processes of this host, -t unix with --net socket.`
      : `There is no target "${target}". This version has -t unix.`,
  )
}

function netOf(option: string | undefined, variable: string | undefined): "socket" | "direct" {
  if (option === "socket" || option === undefined) return (option ?? variable) === "socket" ? "socket" : "direct"
  if (option === "direct")
    throw new UsageError(
      "--net direct is not in this version: it would put our own stack on a TAP device. Use --net socket; in a cell of the tutorial, our stack runs on a simulated network.",
    )
  throw new UsageError(`--net ${option}: write --net socket, for the host's own sockets.`)
}

function portOf(option: string | undefined, variable: string | undefined): number | undefined {
  const text = option ?? variable
  if (text === undefined || text === "") return undefined
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (port >= 0 && port <= 65535) return port
  throw new UsageError(
    `${option === undefined ? "PORT=" : "--port "}${text}: a port is a whole number from 1 to 65535, or 0 for any that is free.`,
  )
}

/** The address of `10.0.0.2/24`; a prefix is the host's business here. */
function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const address = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/\d{1,2})?$/.exec(text)?.[1]
  if (address !== undefined && address.split(".").every((n) => Number(n) < 256)) return address
  throw new UsageError(`--ipv4 ${text}: write an address of this host, as in --ipv4 0.0.0.0 for all of them.`)
}
