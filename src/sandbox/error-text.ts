// How an error is said, in a page or in a terminal: its place in the reader's source, what kind it is, the message.

import type { CompiledModule, Diagnostic, Position } from "../toolchain/compiled-module.ts"
import { originalPosition } from "../toolchain/original-position.ts"
import type { ProgramError } from "./protocol.ts"

/** `error` with positions as the reader sees them. `moduleOf` knows the reader's files. */
export function inSource(error: ProgramError, moduleOf: (file: string) => CompiledModule | undefined): ProgramError {
  const position = ({ file, line, column }: Position): Position => {
    const module = moduleOf(file)
    return module === undefined ? { file, line, column } : originalPosition(module, line, column)
  }
  const { at, ...rest } = error
  return {
    ...rest,
    ...(at === undefined ? {} : { at: position(at) }),
    stack: error.stack.map((call) => ({ name: call.name, ...position(call) })),
  }
}

/** `unikernel.ts:3:5`, by the file's label. */
export function showPosition(at: Position, label: string): string {
  return `${label}:${at.line}:${at.column}`
}

/** What kind of error, before its message: an exception's class, or words for the names that the runtime makes. */
export function errorKind(name: string): string {
  switch (name) {
    case "unhandled-rejection":
      return "unhandled rejection"
    case "import":
      return "import error"
    case "unikernel":
      return "the unikernel failed"
    case "":
      return "error"
    default:
      return name
  }
}

/** An error in one line of plain text. */
export function showError(error: ProgramError, label: (file: string) => string): string {
  const where = error.at === undefined ? "" : `${showPosition(error.at, label(error.at.file))}: `
  return `${where}${errorKind(error.name)}: ${error.message}`
}

/** What a compiler would print. `kind` is `type error`, or `error` for what cannot be built at all. */
export function showDiagnostic(kind: string, d: Diagnostic, label: (file: string) => string): string {
  return `${kind}, ${showPosition(d, label(d.file))}: ${d.message}`
}
