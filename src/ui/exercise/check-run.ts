// One run of an exercise's checks: the reader's program and the check file as one program, in the sandbox, as fast as
// simulated time can pass. An endless loop is stopped.

import type { Exercise, ProjectData } from "../../content/project.ts"
import { errorKind } from "../../sandbox/error-text.ts"
import type { program as programOf } from "../../sandbox/program.ts"
import type { CheckResult } from "../../sandbox/protocol.ts"
import type { Sandbox } from "../../sandbox/sandbox.ts"
import type { Position } from "../../toolchain/compiled-module.ts"
import type { Later } from "../text/announcer.ts"

/** What a run of the checks needs. */
export interface CheckSurroundings {
  sandbox(): Promise<Sandbox>
  program(): Promise<typeof programOf>
  later: Later
}

/** What kept the checks from being run, or from ending. */
export interface Trouble {
  readonly message: string
  readonly at?: Position
}

/** How it went. */
export interface CheckReport {
  readonly results: readonly CheckResult[]
  readonly trouble?: Trouble
}

/** Real time that a program and its checks may take; all their sleeping takes none. */
export const LIMIT_MS = 8000

/** Whether an exercise is solved. */
export function isPassed({ results, trouble }: CheckReport): boolean {
  return trouble === undefined && results.length > 0 && results.every((one) => one.failure === undefined)
}

/**
 * Run the checks of `entry` on the reader's texts, `edits`. Aborting `signal` ends it. Never rejects: what goes wrong is
 * told as trouble.
 */
export async function runChecks(
  { sandbox, program, later }: CheckSurroundings,
  project: ProjectData,
  edits: Readonly<Record<string, string>>,
  entry: string,
  signal: AbortSignal,
): Promise<CheckReport> {
  const results: CheckResult[] = []
  const check = exerciseOf(project, entry)?.compiledCheck
  if (check === undefined) return { results, trouble: { message: "This exercise has no check." } }
  try {
    const [build, where] = await Promise.all([program(), sandbox()])
    const file = { language: "typescript", text: "", compiled: check }
    const withCheck = { files: { ...project.files, [check.name]: file }, cells: project.cells }
    const built = await build(withCheck, edits, check.name, { pace: "max" })
    if (!built.ok) {
      const { message, file: name, line, column } = built.error[0]!
      return { results, trouble: { message, at: { file: name, line, column } } }
    }
    if (signal.aborted) return { results, trouble: STOPPED }
    const run = where.run(built.value, { checked: (result) => void results.push(result) })
    let late = false
    const stop = (): void => void run.stop()
    const cancel = later(() => {
      late = true
      stop()
    }, LIMIT_MS)
    signal.addEventListener("abort", stop, { once: true })
    const exit = await run.done
    cancel()
    signal.removeEventListener("abort", stop)
    if (late) return { results, trouble: TOO_LONG }
    if (exit.tag === "stopped") return { results, trouble: STOPPED }
    if (exit.tag === "done") return results.length > 0 ? { results } : { results, trouble: NO_RESULT }
    const { name, message, at } = exit.error
    return { results, trouble: { message: `${errorKind(name)}: ${message}`, ...(at === undefined ? {} : { at }) } }
  } catch (e) {
    return { results, trouble: { message: e instanceof Error ? e.message : String(e) } }
  }
}

/** The exercise of the cell `entry`. */
export function exerciseOf(project: ProjectData, entry: string): Exercise | undefined {
  return project.cells.find((cell) => cell.entry === entry)?.exercise
}

const STOPPED: Trouble = { message: "The check was stopped." }
const NO_RESULT: Trouble = { message: "The program ended before it could be checked." }
const TOO_LONG: Trouble = {
  message: `The check was stopped after ${LIMIT_MS / 1000} seconds: there is a loop, most likely, that never ends.`,
}
