// Colours for code that the build has not highlighted: the reader's own text before the editor has come, the other tabs
// of a cell, OCaml. Five kinds of words by regular expression, the same kinds (and class names) as the build's. It need
// not be right about everything; every character of the text is in the result exactly once.

/** A piece of code; `kind` is a class name. */
export interface Token {
  readonly text: string
  readonly kind?: "comment" | "keyword" | "string" | "number" | "type"
}

const TS_WORDS =
  "abstract as async await boolean break case catch class const continue debugger declare default delete do else export extends false finally for from function get if implements import in infer instanceof interface is keyof let namespace never new null number of package private protected public readonly return satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield"
const OCAML_WORDS =
  "and as assert begin class constraint do done downto else end exception external false for fun function functor if in include inherit initializer lazy let match method module mutable new nonrec object of open or private rec sig struct then to true try type val virtual when while with"

const words = (list: string) => `\\b(?:${list.split(" ").join("|")})\\b`
const NUMBER = /\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)n?\b/
const CAPITAL = /\b[A-Z][\w$']*/

type Rules = readonly (readonly [NonNullable<Token["kind"]>, RegExp])[]

const TYPESCRIPT: Rules = [
  ["comment", /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/],
  ["string", /"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?/],
  ["keyword", new RegExp(words(TS_WORDS))],
  ["number", NUMBER],
  ["type", CAPITAL],
]
const OCAML: Rules = [
  ["comment", /\(\*[^]*?(?:\*\)|$)/],
  ["string", /"(?:\\.|[^"\\])*"?|'(?:\\[^\n]|[^'\\\n])'/],
  ["keyword", new RegExp(words(OCAML_WORDS))],
  ["number", NUMBER],
  ["type", CAPITAL],
]
const HTML: Rules = [
  ["comment", /<!--[^]*?(?:-->|$)/],
  ["keyword", /<\/?[a-z][\w-]*|\/?>|<!doctype[^>]*>/i],
  ["string", /"[^"\n]*"/],
]
const CSS: Rules = [
  ["comment", /\/\*[^]*?(?:\*\/|$)/],
  ["string", /"[^"\n]*"?|'[^'\n]*'?/],
  ["keyword", /@[\w-]+|[.#][a-z][\w-]*/i],
  ["number", /\b\d+(?:\.\d+)?[a-z%]*/i],
  ["type", /[a-z-]+(?=\s*:)/i],
]

function rulesOf(language: string): Rules | undefined {
  switch (language) {
    case "typescript":
      return TYPESCRIPT
    case "ocaml":
      return OCAML
    case "html":
      return HTML
    case "css":
      return CSS
    default:
      return undefined
  }
}

const patterns = new Map<Rules, RegExp>()

/** The words of `text` with their kinds. A language that is not known is one word. */
export function tokens(text: string, language: string): Token[] {
  const rules = rulesOf(language)
  if (rules === undefined) return text === "" ? [] : [{ text }]
  let pattern = patterns.get(rules)
  if (pattern === undefined) {
    const flags = rules.some(([, r]) => r.flags.includes("i")) ? "gi" : "g"
    pattern = new RegExp(rules.map(([, r]) => `(${r.source})`).join("|"), flags)
    patterns.set(rules, pattern)
  }
  const found: Token[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    if (match[0] === "") continue
    if (match.index > from) found.push({ text: text.slice(from, match.index) })
    const rule = rules.findIndex((_, i) => match[i + 1] !== undefined)
    const kind = rules[rule]?.[0]
    found.push(kind === undefined ? { text: match[0] } : { text: match[0], kind })
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ text: text.slice(from) })
  return found
}

/** A `<pre>` as the build makes them. */
export function highlighted(text: string, language: string): HTMLPreElement {
  const pre = document.createElement("pre")
  pre.className = "shiki"
  const code = document.createElement("code")
  for (const { text: word, kind } of tokens(text, language)) {
    if (kind === undefined) code.append(word)
    else {
      const span = document.createElement("span")
      span.className = kind
      span.append(word)
      code.append(span)
    }
  }
  pre.append(code)
  return pre
}
