// A command line as words: the small part of a POSIX shell's grammar (2.2 quoting, 2.9.2 pipelines) that one line needs.

import { error, ok, type Result } from "../../result.ts"

/** A simple command: its name and arguments. Never empty. */
export type Words = readonly [name: string, ...args: string[]]

/**
 * The commands of `line`, left to right, as they are joined by `|`. A blank line, or only a comment, has none.
 *
 * Understands `'…'`, `"…"`, `\` and comments from `#`. There are no variables, globs, redirections or `;`: using one of
 * them unquoted is an error that says so, since taking it for a plain word would do something else than meant.
 */
export function parseLine(line: string): Result<readonly Words[], string> {
  const commands: Words[] = []
  let words: string[] = []
  let word: string | undefined
  let i = 0
  const endWord = () => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  while (i < line.length) {
    const c = line.charAt(i++)
    if (c === "'" || c === '"') {
      const quoted = readQuoted(line, i, c)
      if (quoted === undefined) return error(`syntax error: no closing ${c}`)
      word = (word ?? "") + quoted.text
      i = quoted.end
    } else if (c === "\\") {
      word = (word ?? "") + line.charAt(i++)
    } else if (c === " " || c === "\t" || c === "\n") {
      endWord()
    } else if (c === "#" && word === undefined) {
      break
    } else if (c === "|") {
      endWord()
      const command = toCommand(words)
      if (command === undefined || line.charAt(i) === "|") return error("syntax error near `|'")
      commands.push(command)
      words = []
    } else if ("<>;&`".includes(c) || (c === "$" && /[\w({]/.test(line.charAt(i)))) {
      // An & inside of a word is common in URLs, and nobody means to start a job with it here.
      if (c !== "&" || word === undefined || /^\s*$/.test(line.slice(i)))
        return error(`\`${c}' is not understood by this small shell; put it in quotes if it is meant as text`)
      word += c
    } else {
      word = (word ?? "") + c
    }
  }
  endWord()
  const last = toCommand(words)
  if (last !== undefined) commands.push(last)
  else if (commands.length > 0) return error("syntax error near `|'")
  return ok(commands)
}

function toCommand(words: readonly string[]): Words | undefined {
  const [name, ...args] = words
  return name === undefined ? undefined : [name, ...args]
}

/** The text up to the closing quote, and where it ends. In double quotes `\` quotes only `"`, `\`, `$` and a backquote. */
function readQuoted(line: string, start: number, quote: string): { text: string; end: number } | undefined {
  let text = ""
  for (let i = start; i < line.length; i++) {
    const c = line.charAt(i)
    if (c === quote) return { text, end: i + 1 }
    if (c === "\\" && quote === '"' && /["\\$`]/.test(line.charAt(i + 1))) text += line.charAt(++i)
    else text += c
  }
  return undefined
}
