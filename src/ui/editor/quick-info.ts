// What TypeScript's hover says of a name, turned into what an OCaml toplevel would say: the type alone.

/**
 * The type in a quick-info text: `const a: Option.t<number>` gives `Option.t<number>`, and a function's declaration
 * becomes its type, `function f<A>(x: A): A` gives `<A>(x: A) => A`. `undefined` if there is no type to be read.
 * The same binding has the same words here as in a cell whose types were found at build time (content/types.ts).
 */
export function typeOfQuickInfo(text: string): string | undefined {
  // TypeScript breaks an object's type over lines; a toplevel's line is one.
  const line = text
    .replace(/ \(\+\d+ overloads?\)$/, "")
    .replace(/\s*\n\s*/g, " ")
    .trim()
  const type = declaredType(line)
  return type === undefined ? undefined : (widened(type) ?? type)
}

/** `1` has the type `1` in TypeScript; a toplevel says `number`, which is what the lesson is about. */
function widened(type: string): string | undefined {
  if (/^-?[\d.]+(e[+-]?\d+)?$/i.test(type)) return "number"
  if (/^-?\d+n$/.test(type)) return "bigint"
  if (/^(true|false)$/.test(type)) return "boolean"
  return /^"(?:[^"\\]|\\.)*"$/.test(type) ? "string" : undefined
}

function declaredType(line: string): string | undefined {
  const variable = /^(?:const|let|var|\(local var\)|\(constant\)) [\p{ID_Continue}$]+: ([^]+)$/u.exec(line)
  if (variable !== null) return variable[1]
  const declaration = /^function [\p{ID_Continue}$]+([<(][^]*)$/u.exec(line)
  if (declaration !== null) return arrow(declaration[1] as string)
  const named = /^(?:class|enum) ([\p{ID_Continue}$]+)/u.exec(line)
  return named === null ? undefined : `typeof ${named[1]}`
}

/** `<A>(x: A): A` as `<A>(x: A) => A`: the colon of the result is the one after the parameters' closing parenthesis. */
function arrow(signature: string): string | undefined {
  let depth = 0
  for (let i = 0; i < signature.length; i++) {
    const c = signature[i]
    if (c === "(" || c === "{" || c === "[" || c === "<") depth++
    // The `>` of an arrow type closes nothing.
    else if (c === ")" || c === "}" || c === "]" || (c === ">" && signature[i - 1] !== "=")) depth--
    if (depth === 0 && c === ")") {
      const result = /^: ([^]+)$/.exec(signature.slice(i + 1))
      return result === null ? undefined : `${signature.slice(0, i + 1)} => ${result[1]}`
    }
  }
  return undefined
}
