// Where a text that cannot be read goes wrong, when the parser's own complaint leads astray. Sucrase reads an arrow function on
// trial; when anything in it is wrong it says that there should be no arrow, whatever it was. And a bracket that is not closed
// is noticed where something else does not fit, or at the end.

import { type Token, tokenizer } from "acorn"
import { placeOf } from "./syntax-error.ts"

/** A place in a text, from 1, the sign that stands there, and what is wrong with it. */
export interface Misfit {
  readonly line: number
  readonly column: number
  readonly sign: string
  readonly message: string
}

const PARTNER: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "${": "}" }

/** The tokens of `text`; `undefined` if not even they can be read. Types are no hindrance: they have the same tokens. */
function tokensOf(text: string): readonly Token[] | undefined {
  try {
    return [...tokenizer(text, { ecmaVersion: "latest", sourceType: "module" })]
  } catch {
    return undefined
  }
}

/** The first bracket without a partner. */
export function unpaired(text: string): Misfit | undefined {
  const open: Token[] = []
  /** One that was closed by what stands further to the left: its own partner is missing, if any is. */
  let doubtful: Token | undefined
  for (const token of tokensOf(text) ?? []) {
    const sign = token.type.label
    if (PARTNER[sign] !== undefined) open.push(token)
    if (sign !== ")" && sign !== "]" && sign !== "}") continue
    const last = open.at(-1)
    if (last !== undefined && PARTNER[last.type.label] === sign) {
      open.pop()
      const begins = text.slice(0, token.start).split("\n").at(-1)!
      if (begins.trim() === "" && begins.length < indentation(text, last)) doubtful ??= last
    } else if (last !== undefined && open.some((one) => PARTNER[one.type.label] === sign)) {
      return misfit(
        text,
        last,
        `This ${last.type.label} is not closed: ${sign} comes before its ${PARTNER[last.type.label]}.`,
      )
    } else return misfit(text, token, `This ${sign} closes nothing.`)
  }
  const left = open.at(-1)
  if (left === undefined) return undefined
  const which = doubtful ?? left
  return misfit(text, which, `This ${which.type.label} is not closed.`)
}

/** A part of a text, in its place: what is around it is blank. */
export interface Part {
  readonly text: string
  /** The place of what comes after it. */
  readonly after: Pick<Misfit, "line" | "column">
}

/**
 * If the parser, by where it complains, has stumbled over an arrow function: that function's body. What is wrong in there is
 * said by reading it alone.
 */
export function bodyOfArrow(text: string, line: number, column: number): Part | undefined {
  const tokens = tokensOf(text) ?? []
  let at = tokens.findIndex(({ start }) => {
    const place = placeOf(text, start)
    return place.line === line && place.column === column
  })
  // At the colon of the type of what it returns, or at the arrow itself.
  if (at > 0 && tokens[at]!.type.label === ":" && tokens[at - 1]!.type.label === ")") at = atDepth(tokens, at, ["=>"])
  const first = tokens[at + 1]
  if (first === undefined || tokens[at]?.type.label !== "=>") return undefined
  // Alone it would be a declaration, which has to have a name.
  if (first.type.label === "function" || first.type.label === "class") return undefined
  const end =
    first.type.label === "{"
      ? tokens[atDepth(tokens, at + 2, ["}"])]?.end
      : // Without an end of its own it goes on into the next statement, which may be read along with it.
        (tokens[atDepth(tokens, at + 1, [",", ")", "]", "}"])]?.start ?? text.length)
  if (end === undefined) return undefined
  const blank = (part: string): string => part.replace(/[^\n]/g, " ")
  return {
    text: blank(text.slice(0, first.start)) + text.slice(first.start, end) + blank(text.slice(end)),
    after: placeOf(text, end),
  }
}

/** The first of `labels` from `from` on that is in no bracket which begins after `from`; -1 if there is none. */
function atDepth(tokens: readonly Token[], from: number, labels: readonly string[]): number {
  let depth = 0
  for (let i = from; i < tokens.length; i++) {
    const { label } = tokens[i]!.type
    if (depth === 0 && labels.includes(label)) return i
    if (PARTNER[label] !== undefined) depth++
    else if (label === ")" || label === "]" || label === "}") depth--
    if (depth < 0) return -1
  }
  return -1
}

function misfit(text: string, { start, type }: Token, message: string): Misfit {
  return { ...placeOf(text, start), sign: type.label, message }
}

/** The blanks that the line of `token` begins with. */
function indentation(text: string, token: Token): number {
  const begin = text.lastIndexOf("\n", token.start - 1) + 1
  return /^[ \t]*/.exec(text.slice(begin))![0].length
}
