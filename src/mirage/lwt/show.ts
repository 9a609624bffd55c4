// How promises, and the values in them, look in a toplevel's line. The toplevel's own printer is richer, and hands itself
// in; this one is for messages.

/** The method by which a value prints itself; the same registered symbol as in os/show.ts. */
export const show: unique symbol = Symbol.for("mirage.show") as never

/** Values of `type` print as `<abstr>`, as OCaml's toplevel has it for types whose inside is nobody's business. */
export function abstract(type: { readonly prototype: object }): void {
  Object.defineProperty(type.prototype, show, { value: () => "<abstr>" })
}

/** `value` in one line, in OCaml's manner. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "()"
    case "string":
      return JSON.stringify(value)
    case "function":
      return "<fun>"
    case "object":
      return value === null ? "null" : describeObject(value)
    default:
      return String(value)
  }
}

function describeObject(value: object): string {
  if (show in value && typeof value[show] === "function") return String(value[show]())
  if (value instanceof Error) return value.name === "Canceled" ? value.name : `${value.name} ${describe(value.message)}`
  if (Array.isArray(value)) return `[${value.map(describe).join("; ")}]`
  if ("tag" in value && typeof value.tag === "string") {
    if (!("value" in value)) return value.tag
    const inner = describe(value.value)
    return `${value.tag} ${/^\S* /.test(inner) && !/^["[{<]/.test(inner) ? `(${inner})` : inner}`
  }
  const fields = Object.entries(value).map(([name, field]) => `${name} = ${describe(field)}`)
  return `{${fields.join("; ")}}`
}
