// Where in the reader's file something was said: the configuration language's errors begin with it, `config.ts:12`.
//
// ECMAScript has no way to ask, so the text of an error's `stack` is searched. Engines lay it out differently and may
// leave it out; all of them print `file:line:column`, and that is all that is relied on.

/** A line of a file. Lines count from 1. */
export interface Location {
  readonly file: string
  readonly line: number
}

/** The innermost place in `stack` that is a TypeScript file outside of the library OS. */
export function locationOfStack(stack: string | undefined): Location | undefined {
  if (stack === undefined) return undefined
  for (const [, text, line] of stack.matchAll(/([^\n()@"']+\.ts)(?:\?[^\s():]*)?:(\d+)/g)) {
    const path = text?.replace(/^\s*at (async )?/, "")
    // Under Node the library OS is TypeScript too, with frames on top of the caller's, and below them is whoever runs it.
    if (path === undefined || /(^|\/)src\/(mirage|cli)\//.test(path)) continue
    return { file: readable(path), line: Number(line) }
  }
  return undefined
}

/** Where the library OS was called from, if the engine tells. */
export function callerLocation(): Location | undefined {
  return locationOfStack(new Error("where").stack)
}

/** `config.ts:12: `, or nothing: how a message begins. */
export function showLocation(at: Location | undefined): string {
  return at === undefined ? "" : `${at.file}:${at.line}: `
}

/** A cell's file is named by its path in the project, `mirage://cell/www/config.ts`. Other files are cut to their name. */
function readable(path: string): string {
  const cell = /^mirage:\/\/cell\/(.+)$/.exec(path)?.[1]
  if (cell !== undefined) return decodeURI(cell)
  return /^([a-z][a-z+.-]*:|\/)/i.test(path) ? path.slice(path.lastIndexOf("/") + 1) : path
}

/** A mistake in a configuration, or in how a unikernel fits one. The message starts with the place, if it is known. */
export class ConfigError extends Error {
  override readonly name = "ConfigError"
  /** Where the configuration is wrong. */
  readonly at: Location | undefined

  constructor(message: string, at: Location | undefined) {
    super(`${showLocation(at)}${message}`)
    this.at = at
  }
}
