// The calls in an error's stack, read from the text that engines make of it.
//
//   V8       at name (url:line:column)   at async name (url:…)   at url:line:column   at new Name (…)   at Object.f [as g] (…)
//   Firefox, Safari   name@url:line:column   @url:line:column   async*name@url:…   global code@url:…

/** One call: the URL as the engine knows it, line and column from 1. `name` is empty for code outside functions. */
export interface StackCall {
  readonly name: string
  readonly url: string
  readonly line: number
  readonly column: number
}

const V8 = /^\s*at (?:async )?(?:(.+?) \()?(?:async )?([^()\s]+):(\d+):(\d+)\)?$/
const OTHERS = /^\s*(?:async\*)?(.*?)@(.+):(\d+):(\d+)$/

/** The calls of `stack`, innermost first. Lines that are not calls, such as the message, are passed over. */
export function parseStack(stack: string): StackCall[] {
  return stack.split("\n").flatMap((text) => {
    const match = V8.exec(text) ?? OTHERS.exec(text)
    if (match === null) return []
    const [, name = "", url, line, column] = match
    return [{ name: callName(name), url: url!, line: Number(line), column: Number(column) }]
  })
}

function callName(name: string): string {
  if (/^(?:global|module|eval) code$/.test(name)) return ""
  return name
    .replace(/^new /, "")
    .replace(/ \[as .*\]$/, "")
    .replace(/^(?:Object|Module)\./, "")
    .replace(/^<anonymous>$|\/<$/, "")
}
