// A parser's complaint as a sentence, at the place in the author's text.

import type { CompiledModule, Diagnostic } from "./compiled-module.ts"
import { originalPosition } from "./original-position.ts"

/**
 * What sucrase or acorn threw, as a diagnostic. Sucrase's places are of the source already; acorn's are of the generated
 * code, and `generated` then has its map.
 */
export function syntaxDiagnostic(
  name: string,
  text: string,
  thrown: unknown,
  generated?: Pick<CompiledModule, "name" | "mappings">,
): Diagnostic {
  const { message, loc } = thrown as { message?: unknown; loc?: { line: number; column: number } }
  let at = { line: 1, column: 1 }
  if (loc !== undefined) {
    // Sucrase counts columns from 1, acorn from 0.
    at = generated === undefined ? loc : originalPosition(generated, loc.line, loc.column + 1)
  }
  // Sucrase notices at the end of the text; the comment began elsewhere.
  if (/Unterminated comment/.test(String(message))) at = placeOf(text, text.lastIndexOf("/*"))
  const word = wordAt(text, at.line, at.column)
  return {
    file: name,
    line: at.line,
    column: at.column,
    ...(word === "" ? {} : { endLine: at.line, endColumn: at.column + word.length }),
    message: sentence(bare(String(message ?? thrown)), word),
  }
}

/** Without the file and the place, which the diagnostic has in its fields. */
function bare(message: string): string {
  return message.replace(/^Error transforming .*?: /, "").replace(/ \(\d+:\d+\)$/, "")
}

/** Line and column, from 1, of what stands at `offset`. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split("\n")
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}

/** The name, number, string's start or sign at a place; empty at the end of a line or of the text. */
function wordAt(text: string, line: number, column: number): string {
  const rest = (text.split("\n")[line - 1] ?? "").slice(column - 1)
  return /^(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*|=>|[=!]==?|&&|\|\||\?\?|\*\*|\S)/u.exec(rest)?.[0] ?? ""
}

function sentence(message: string, word: string): string {
  const expected = /^Unexpected token, expected "(.+)"$/.exec(message)
  if (expected !== null) {
    return word === "" ? `Expected ${expected[1]} before the end.` : `Expected ${expected[1]} before ${word}.`
  }
  if (message === "Unexpected token" || message === "Unexpectedly reached the end of input.") {
    if (word === "@") return "Decorators are not supported here: no engine runs them yet."
    return word === ""
      ? "Syntax error: something is missing before the end. Is a bracket, or a quote, not closed?"
      : `Syntax error: ${word} is not expected here.`
  }
  if (message.startsWith("Unexpected character '@'"))
    return "Decorators are not supported here: no engine runs them yet."
  if (/Unterminated string/.test(message)) return "This string is not closed: its quote has no partner on the line."
  if (/Unterminated template/.test(message)) return "This template string is not closed: a ` is missing."
  if (/Unterminated comment/.test(message)) return "This comment is not closed: a */ is missing."
  if (/Unterminated regular expression/.test(message)) return "This regular expression is not closed: a / is missing."
  const again = /^Identifier '(.+)' has already been declared$/.exec(message)
  if (again !== null) return `${again[1]} is declared twice in this scope. Give one of them another name.`
  const exported = /^Export '(.+)' is not defined$/.exec(message)
  if (exported !== null) return `${exported[1]} is exported, but this file does not declare it.`
  return `Syntax error: ${message.replace(/[.]?$/, ".")}`
}
