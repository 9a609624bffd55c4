// What was thrown, as the page is told: the class, the message, and the calls in the reader's files.

import type { CompiledModule, Position } from "../toolchain/compiled-module.ts"
import { nearest } from "../toolchain/nearest.ts"
import type { LinkedModule } from "./link.ts"
import type { ProgramError } from "./protocol.ts"
import { errorName, showValue } from "./show-value.ts"
import { parseStack, type StackCall } from "./stack.ts"

const MAX_CALLS = 20
/** A message may be as long as a shown value; a program that throws all that it has read says no more with the rest. */
const MAX_MESSAGE = 10_000

/** Knows which URL is which of the reader's files. */
export class Errors {
  readonly #linked = new Map<string, LinkedModule>()
  readonly #imports: { readonly module: CompiledModule; readonly specifier: string; readonly url: string }[] = []

  constructor() {
    // The calls that matter to a reader may lie under many of the library's.
    Error.stackTraceLimit = 100
  }

  /** `linked` is found in stacks under either URL. */
  know(url: string, sourceUrl: string, linked: LinkedModule): void {
    this.#linked.set(url, linked)
    this.#linked.set(sourceUrl, linked)
  }

  /** `specifier` in `module` means the module at `url`. */
  knowImport(module: CompiledModule, specifier: string, url: string): void {
    this.#imports.push({ module, specifier, url })
  }

  /**
   * `thrown` with its place in generated code. An error keeps the name of its class, unless `kind` says that nobody
   * handled it; what is not an error is shown as a value, since it knows neither class nor place.
   */
  describe(thrown: unknown, kind: "exception" | "unhandled-rejection" | "unikernel" | "fetch"): ProgramError {
    let name: string = kind
    let message: string
    let stack: ProgramError["stack"] = []
    let at: Position | undefined
    try {
      if (thrown instanceof Error) {
        message = String(thrown.message)
        const className = errorName(thrown)
        if (kind === "unhandled-rejection") message = message === "" ? className : `${className}: ${message}`
        else name = className
        stack = this.#calls(thrown)
        const said = saidPlace(thrown)
        at = stack[0] === undefined ? said : placeOf(stack[0])
        // The library's errors begin with their place, for those who have nobody to show it beside them.
        if (said !== undefined && at?.line === said.line && at.file === said.file)
          message = message.replace(`${said.file}:${said.line}: `, "")
      } else {
        message = showValue(thrown)
      }
    } catch {
      message = "something was thrown that cannot be shown"
    }
    if (message.length > MAX_MESSAGE) message = `${message.slice(0, MAX_MESSAGE)}…`
    return { name, message, ...(at === undefined ? {} : { at }), stack }
  }

  /**
   * An import of a name that is not exported. Engines say that without saying where it was asked for, so it is looked
   * for; `exportsOf` knows the names of library modules, for a suggestion.
   */
  async missingExport(
    thrown: unknown,
    exportsOf: (specifier: string) => Promise<readonly string[]>,
  ): Promise<ProgramError | undefined> {
    if (!(thrown instanceof SyntaxError)) return undefined
    const message = String(thrown.message)
    const match = /export named:? '([^']+)'|binding name '([^']+)'|star exports for name '([^']+)'/.exec(message)
    const name = match?.[1] ?? match?.[2] ?? match?.[3]
    // V8 and Firefox say from which module, by the URL that we put in; Safari does not.
    const saysWhere = /\b(?:blob|file):/.test(message)
    for (const { module, specifier, url } of this.#imports) {
      const asked = module.imports.find((one) => one.specifier === specifier)?.names?.find((one) => one.name === name)
      if (asked === undefined || (saysWhere && !message.includes(url))) continue
      const before = module.code.slice(0, asked.start).split("\n")
      const near = nearest(asked.name, await exportsOf(specifier))
      const what = name === "default" ? "a default" : asked.name
      return {
        name: "import",
        message: `${JSON.stringify(specifier)} does not export ${what}.${near === undefined ? "" : ` Did you mean ${near}?`}`,
        at: { file: module.name, line: before.length, column: before.at(-1)!.length + 1 },
        stack: [],
      }
    }
    return undefined
  }

  /** The place of a call, in generated code; `undefined` if it is not in the reader's files. */
  placeOfCall({ url, line, column }: StackCall): Position | undefined {
    const linked = this.#linked.get(url)
    return linked === undefined ? undefined : { file: linked.name, ...linked.unlink(line, column) }
  }

  #calls(thrown: Error): ProgramError["stack"] {
    if (typeof thrown.stack !== "string") return []
    // V8 begins with the class and the message, whose lines may look like calls.
    const at = thrown.stack.indexOf(thrown.message)
    const calls = parseStack(at === -1 ? thrown.stack : thrown.stack.slice(at + thrown.message.length))
    return calls
      .flatMap(({ name, url, line, column }) => {
        const linked = this.#linked.get(url)
        return linked === undefined ? [] : [{ name, file: linked.name, ...linked.unlink(line, column) }]
      })
      .slice(0, MAX_CALLS)
  }
}

function placeOf({ file, line, column }: Position): Position {
  return { file, line, column }
}

/** The library's errors about a configuration know the line that they are about, though they are thrown elsewhere. */
function saidPlace(thrown: Error): Position | undefined {
  const { file, line } = ((thrown as { at?: unknown }).at ?? {}) as { file?: unknown; line?: unknown }
  return typeof file === "string" && typeof line === "number" ? { file, line, column: 1 } : undefined
}
