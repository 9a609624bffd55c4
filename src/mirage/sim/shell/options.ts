// Options as getopt reads them: `-c 3`, `-c3`, `-iv`, `--`, and long names where a tool has them.

import { error, ok, type Result } from "../../result.ts"

/** What options a command has. */
export interface OptionSpec {
  /** Short options without the dash; one that takes an argument is followed by a colon, as for getopt: `c:i:n`. */
  readonly short: string
  /** Long names, without dashes, for short options: `{ head: "I" }`. */
  readonly long?: Readonly<Record<string, string>>
}

/** A command's arguments, sorted into options and operands. */
export interface Options {
  has(letter: string): boolean
  /** The last argument given to an option. */
  value(letter: string): string | undefined
  /** Every argument given to an option, in order. */
  values(letter: string): readonly string[]
  readonly operands: readonly string[]
}

/** Why arguments are wrong, with the option as it was typed. */
export type OptionError =
  | { readonly kind: "unknown"; readonly option: string }
  | { readonly kind: "no-argument"; readonly option: string }

/** Read `args`. Options may stand after operands, as GNU's tools allow. */
export function parseOptions(args: readonly string[], spec: OptionSpec): Result<Options, OptionError> {
  const found: { letter: string; value: string | undefined }[] = []
  const operands: string[] = []
  const takesArgument = (letter: string) => spec.short.includes(`${letter}:`)
  const known = (letter: string) => letter !== ":" && spec.short.includes(letter)

  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ""
    if (arg === "--") {
      operands.push(...args.slice(i + 1))
      break
    }
    if (arg.startsWith("--")) {
      const [name = "", ...rest] = arg.slice(2).split("=")
      const letter = spec.long?.[name]
      if (letter === undefined) return error({ kind: "unknown", option: `--${name}` })
      let value = rest.length > 0 ? rest.join("=") : undefined
      if (takesArgument(letter)) {
        value ??= args[++i]
        if (value === undefined) return error({ kind: "no-argument", option: arg })
      }
      found.push({ letter, value })
    } else if (arg.startsWith("-") && arg !== "-") {
      for (let j = 1; j < arg.length; j++) {
        const letter = arg.charAt(j)
        if (!known(letter)) return error({ kind: "unknown", option: letter })
        if (!takesArgument(letter)) {
          found.push({ letter, value: undefined })
          continue
        }
        const value = j + 1 < arg.length ? arg.slice(j + 1) : args[++i]
        if (value === undefined) return error({ kind: "no-argument", option: letter })
        found.push({ letter, value })
        break
      }
    } else operands.push(arg)
  }
  const values = (letter: string) => found.filter((f) => f.letter === letter).flatMap((f) => f.value ?? [])
  return ok({
    has: (letter) => found.some((f) => f.letter === letter),
    value: (letter) => values(letter).at(-1),
    values,
    operands,
  })
}
