// TypeScript that is more than types: enums, namespaces, parameter properties, `import x = require()`. Sucrase would
// compile or silently drop them, and then a cell would mean one thing here and another under Node, which only erases.

import { getFormattedTokens } from "sucrase"
import type { Diagnostic } from "./compiled-module.ts"

// Most files have none of these words, and need not be read a second time.
const SUSPECT = /\b(?:enum|namespace|module|constructor)\b|\bimport\s+(?:type\s+)?[\w$]+\s*=|\bexport\s*=/
const MODIFIERS = new Set(["public", "private", "protected", "readonly", "override"])

interface Token {
  readonly label: string
  readonly text: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly isType: boolean
}

/** The first thing in `text` that erasing types would not remove, or `undefined`. A syntax error is not reported here. */
export function notErasable(name: string, text: string): Diagnostic | undefined {
  if (!SUSPECT.test(text)) return undefined
  const tokens = tokenize(text)
  const at = (token: Token, message: string): Diagnostic => ({
    file: name,
    line: token.line,
    column: token.column,
    endLine: token.endLine,
    endColumn: token.endColumn,
    message,
  })
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]
    const after = tokens[index + 1]
    if (token.label === "enum" && !token.isType && !declared(tokens, index)) {
      const enumName = after?.text ?? "Color"
      return at(
        token,
        `An enum is not only a type, and cells run by erasing types. Use a union instead, type ${enumName} = "a" | "b", or const ${enumName} = { a: 1, b: 2 } as const.`,
      )
    }
    // Sucrase takes a whole namespace for a type, and would drop it with what it computes.
    const isNamespace = (token.text === "namespace" || token.text === "module") && token.isType
    if (isNamespace && after?.isType && /^[{.]$/.test(tokens[index + 2]?.text ?? "") && !declared(tokens, index)) {
      return at(
        token,
        `A namespace is not only a type, and cells run by erasing types. Use a file of its own and import * as ${after.text} from "./file.ts", or an object, const ${after.text} = { … }.`,
      )
    }
    if (token.text === "constructor" && after?.text === "(") {
      const modifier = parameterModifier(tokens, index + 1)
      if (modifier !== undefined) {
        return at(
          modifier,
          `A parameter property (${modifier.text} in a constructor's parameters) is not only a type, and cells run by erasing types. Declare the field in the class, and assign it in the constructor.`,
        )
      }
    }
    if (token.text === "=" && importAlias(tokens, index)) {
      return at(
        tokens[index - 2]!,
        `import ${before?.text} = … is not how an ECMAScript module imports. Write import { … } from "./file.ts".`,
      )
    }
    if (token.text === "=" && before?.label === "export") {
      return at(
        before,
        "export = is not how an ECMAScript module exports. Put export in front of what others may import.",
      )
    }
  }
  return undefined
}

/** Whether the word at `index` stands after `declare`, which makes a type of what follows (`declare const enum` too). */
function declared(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  if (before?.text === "declare") return true
  return before?.text === "const" && tokens[index - 2]?.text === "declare"
}

/** `import x =` with the `=` at `index`; `import type x =` is erased, and fine. */
function importAlias(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.label === "name" && /^import$/.test(tokens[index - 2]?.text ?? "")
}

/** The first modifier among the parameters whose opening parenthesis is at `open`. */
function parameterModifier(tokens: readonly Token[], open: number): Token | undefined {
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index]!
    if (token.isType) continue
    if (/^[([{]$/.test(token.text)) depth++
    else if (/^[)\]}]$/.test(token.text)) {
      depth--
      if (depth === 0) return undefined
    } else if (depth === 1 && MODIFIERS.has(token.label)) return token
  }
  return undefined
}

/** Sucrase's tokens. Its public door to them is a table for reading, one row a token, the place first, then the kind. */
function tokenize(text: string): Token[] {
  let table: string
  try {
    table = getFormattedTokens(text, { transforms: ["typescript"] })
  } catch {
    return []
  }
  const lines = text.split("\n")
  const tokens: Token[] = []
  for (const row of table.split("\n").slice(1)) {
    const match = /^(\d+):(\d+)-(\d+):(\d+) +(\S+) /.exec(row)
    if (match === null) continue // the rest of a token that has a newline in it
    const [line, column, endLine, endColumn] = match.slice(1, 5).map(Number) as [number, number, number, number]
    const source = line === endLine ? (lines[line - 1] ?? "").slice(column - 1, endColumn - 1) : ""
    tokens.push({
      label: match[5]!,
      text: source,
      line,
      column,
      endLine,
      endColumn,
      isType: / isType /.test(`${row} `),
    })
  }
  return tokens
}
