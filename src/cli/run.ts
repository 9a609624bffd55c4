// `mirage run`: config.ts is evaluated, configured for this host, linked with the modules that it names, and booted.

import { Lwt } from "mirage"
import { type Environment, type Graph, graphOf, link, type Registration, registration, run } from "mirage/host"
import { showDiagnostic, showError, showPosition } from "../sandbox/error-text.ts"
import { installConsole } from "../sandbox/guest-console.ts"
import type { ProgramError } from "../sandbox/protocol.ts"
import { fileOfModule } from "../toolchain/graph.ts"
import { watchEdits } from "./edits.ts"
import { BuildError, Linker } from "./linker.ts"
import { Log } from "./log.ts"
import { startMachine } from "./machine.ts"
import type { RunOptions } from "./options.ts"
import { Ports } from "./ports.ts"
import { findProject } from "./project.ts"
import { ProcessTarget } from "./target.ts"

/** How long connections have to end once the unikernel is told to. */
const GRACE_MS = 2000

/** Where the command runs. */
export interface RunHost {
  readonly cwd: string
  readonly environment: Environment
  out(text: string): void
  err(text: string): void
  /** Resolves with the number of the first signal that asks it to end. */
  readonly stopped: Promise<number>
  /** Hear of what the reader's code throws where nobody catches it. */
  onUncaught(f: (thrown: unknown, kind: "exception" | "unhandled-rejection") => void): void
}

/** Why a run cannot go on, in words for the reader that need no place. */
class Refusal extends Error {}

/** Run a unikernel to its end. Gives the exit status. */
export async function runCommand(options: RunOptions, host: RunHost): Promise<number> {
  const log = new Log(options.levels, (text) => host.err(text))
  const found = findProject(host.cwd, options.file)
  if (!found.ok) {
    log.error(found.error)
    return 1
  }
  const project = found.value
  const linker = new Linker(project)
  const engine = startMachine((text) => host.out(text))
  const print = (stream: "out" | "err", text: string): void => host[stream](text)
  installConsole(globalThis as unknown as Record<string, unknown>, { print, full: false })

  let target: ProcessTarget | undefined
  let endWatching: () => void = () => {}
  const tell = (thrown: unknown, kind: "exception" | "unhandled-rejection" | "unikernel"): void => {
    if (thrown instanceof Refusal) log.error(thrown.message)
    else if (thrown instanceof BuildError)
      for (const d of thrown.diagnostics) log.error(showDiagnostic("error", d, same))
    else log.error(showThrown(linker.describe(thrown, kind)))
  }
  let fail: (why: Refusal) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  let endUncaught: () => void = () => {}
  const uncaught = new Promise<number>((resolve) => {
    endUncaught = () => resolve(1)
  })
  host.onUncaught((thrown, kind) => {
    tell(thrown, kind)
    // As in a cell: a unikernel that is up goes on serving.
    if (!isServing(target)) endUncaught()
  })

  const work = async (): Promise<number> => {
    await linker.import(project.config)
    const registered = registration()
    if (registered === undefined)
      throw new Refusal(
        `${project.config} registers no unikernel. A configuration ends with: register("name", [main.$(…)])`,
      )
    const { graph, environment, moves } = configure(registered, options, host.environment)
    const image = await link(graph, async (moduleName) => {
      const name = fileOfModule(moduleName, project.config, project.siblings())
      return name === undefined ? undefined : linker.import(name)
    })
    const ports = new Ports({ graph, log, options, moves, refused: (message) => fail(new Refusal(message)) })
    target = new ProcessTarget({
      engine,
      environment,
      folder: (name) => project.folder(name),
      net: options.net,
      sockets: ports,
      address: options.ipv4,
    })
    // While others can call, a mistake in what one of them began does not end what all of them use.
    if (graph.nodes.some((node) => node.type === "stackv4"))
      Lwt.asyncExceptionHook.set((thrown) => tell(thrown, "unikernel"))
    const ended = engine.run(run(image, target))
    endWatching = watchEdits([...project.read], (file) =>
      log.info(`${project.nameOf(file)} has changed: stop with Ctrl+C and run again to use it.`),
    )
    // What it wants done at its end is done however it has ended.
    await ended.finally(() => engine.exit())
    return 0
  }
  const stop = async (signal: number): Promise<number> => {
    const serving = isServing(target)
    log.info(serving ? "Stopping: no more connections are taken." : "Stopped.")
    await Promise.all((target?.stacks ?? []).map((stack) => stack.finish(GRACE_MS)))
    return serving ? 0 : 128 + signal
  }

  try {
    return await Promise.race([work(), failed, uncaught, host.stopped.then(stop)])
  } catch (thrown) {
    const missing = await linker.missingExport(thrown)
    if (missing !== undefined) log.error(showThrown(missing))
    else tell(thrown, "unikernel")
    return 1
  } finally {
    endWatching()
    for (const stack of target?.stacks ?? []) stack.disconnect()
    linker.dispose()
  }
}

function isServing(target: ProcessTarget | undefined): boolean {
  return target !== undefined && target.stacks.length > 0
}

/** The graph for this host. `moves`: the configuration has no key for its port, so that the host's is changed instead. */
function configure(
  registered: Registration,
  options: RunOptions,
  variables: Environment,
): { readonly graph: Graph; readonly environment: Environment; readonly moves: boolean } {
  const sockets = options.net === "socket"
  const others = Object.fromEntries(Object.entries(variables).filter(([name]) => name !== "PORT"))
  const environment = { ...others, ...(sockets ? { NET: "socket" } : {}) }
  const graph = graphOf(registered, environment, { sockets })
  const { port } = options
  const hasKey = graph.keys.some(({ key }) => key.env === "PORT")
  if (port === undefined || port === 0 || !hasKey) return { graph, environment, moves: true }
  const withPort = { ...environment, PORT: String(port) }
  return { graph: graphOf(registered, withPort, { sockets }), environment: withPort, moves: false }
}

/** Files are named in the terminal as they are in the project. */
const same = (file: string): string => file

/** An error, and the calls that led to it. */
function showThrown(error: ProgramError): string {
  const calls = error.stack
    .slice(1)
    .map((call) => `\n    from ${call.name === "" ? "" : `${call.name}, `}${showPosition(call, call.file)}`)
  return showError(error, same) + calls.join("")
}
