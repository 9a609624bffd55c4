// Values as OCaml's toplevel shows them: `Some 3`, `{a = 1; b = "x"}`, `[1; 2; 3]`, `<fun>`.
//
// The value is the reader's, and may be anything: a circle, a million elements, a getter that never ends, a Proxy that
// throws. So getters are not called, and depth, width and length have limits.

const MAX_DEPTH = 6
const MAX_ELEMENTS = 100
const MAX_STRING = 1000
const MAX_LENGTH = 10_000

// Set by os/show.ts; asked for by its name, so that the classes need not be imported.
const SHOW = Symbol.for("mirage.show")

/** `value` on one line, as a toplevel prints it after `val name : type =`. Never throws. */
export function showValue(value: unknown): string {
  const shower = new Shower()
  const text = shower.show(value, 0)
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}

/** The arguments of `console.log` as it prints them: strings as they are, `%s` and its like filled in. */
export function showArguments(values: readonly unknown[]): string {
  const [first, ...rest] = values
  if (typeof first !== "string") return values.map(showPlain).join(" ")
  const text = first.replace(/%([sdifjoOc%])/g, (directive, letter: string) => {
    if (letter === "%") return "%"
    if (rest.length === 0) return directive
    const value = rest.shift()
    if (letter === "c") return ""
    if (letter === "d") return String(Number(value))
    if (letter === "i") return String(Number.parseInt(String(value), 10))
    if (letter === "f") return String(Number.parseFloat(String(value)))
    return showPlain(value)
  })
  return [text, ...rest.map(showPlain)].join(" ")
}

function showPlain(value: unknown): string {
  return typeof value === "string" ? value : showValue(value)
}

class Shower {
  readonly #above: object[] = []
  // Stops a wide and deep value long before its text is cut.
  #left = MAX_LENGTH

  /** With `argument`, what would not be one word to OCaml's parser gets parentheses: `Some (Some 1)`, `Some (-1)`. */
  show(value: unknown, depth: number, argument = false): string {
    let text: string
    try {
      text = this.#any(value, depth)
    } catch {
      // A Proxy's trap, or a `mirage.show` of the reader's own.
      text = "<abstr>"
    }
    this.#left -= text.length
    return argument && /^-|^[A-Z][\w.]* (?!\[|\{)/.test(text) ? `(${text})` : text
  }

  #any(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return showString(value)
      case "number":
        return Object.is(value, -0) ? "-0" : String(value)
      case "bigint":
        return `${value}n`
      case "boolean":
        return String(value)
      case "undefined":
        return "()"
      case "symbol":
        return String(value)
      case "function":
        return showFunction(value as () => unknown)
      case "object":
        return value === null ? "null" : this.#object(value, depth)
    }
  }

  #object(value: object, depth: number): string {
    const own: unknown = SHOW in value ? (value as Record<symbol, unknown>)[SHOW] : undefined
    if (typeof own === "function") return String(own.call(value))
    if (this.#above.includes(value)) return "<cycle>"
    if (depth >= MAX_DEPTH || this.#left <= 0) return "…"
    this.#above.push(value)
    try {
      return this.#structure(value, depth + 1)
    } finally {
      this.#above.pop()
    }
  }

  #structure(value: object, depth: number): string {
    if (Array.isArray(value)) return this.#elements("[", value, value.length, depth, "]")
    if (value instanceof Error) return showError(value)
    if (value instanceof Map) {
      const entries = Array.from(take(value), ([k, v]) => `${this.show(k, depth)} => ${this.show(v, depth)}`)
      return `Map {${more(entries, value.size)}}`
    }
    if (value instanceof Set) return `Set ${this.#elements("{", value, value.size, depth, "}")}`
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const array = value as Uint8Array
      return `${value.constructor.name} ${this.#elements("[", array, array.length, depth, "]")}`
    }
    if (value instanceof Date) {
      return `<Date ${Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()}>`
    }
    if (value instanceof RegExp) return String(value)
    const kind = Object.prototype.toString.call(value).slice(8, -1)
    if (kind === "Module") return "<module>"
    const fields = this.#fields(value)
    const constructor = constructorName(value)
    if (constructor === undefined) return this.#record(fields, depth)
    // Promises, generators, weak maps and the like keep what they hold to themselves.
    if (kind !== "Object" && fields.length === 0) return `<${kind}>`
    return fields.length === 0 ? `<${constructor}>` : `${constructor} ${this.#showFields(fields, depth)}`
  }

  #record(fields: readonly Field[], depth: number): string {
    const [first, second] = fields
    if (first?.name === "tag" && typeof first.value === "string" && /^[A-Z]\w*$/.test(first.value)) {
      if (second === undefined) return first.value
      if (fields.length === 2 && (second.name === "value" || second.name === "error")) {
        return `${first.value} ${this.#field(second, depth, true)}`
      }
      return `${first.value} ${this.#showFields(fields.slice(1), depth)}`
    }
    // The results of result.ts.
    if (fields.length === 2 && first?.name === "ok") {
      if (first.value === true && second!.name === "value") return `Ok ${this.#field(second!, depth, true)}`
      if (first.value === false && second!.name === "error") return `Error ${this.#field(second!, depth, true)}`
    }
    return this.#showFields(fields, depth)
  }

  #fields(value: object): Field[] {
    const fields: Field[] = []
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key)
      if (property?.enumerable !== true) continue
      const name = typeof key === "symbol" ? `[${String(key)}]` : fieldName(key)
      fields.push("value" in property ? { name, value: property.value } : { name, getter: true })
    }
    return fields
  }

  #showFields(fields: readonly Field[], depth: number): string {
    const shown = fields.slice(0, MAX_ELEMENTS).map((field) => `${field.name} = ${this.#field(field, depth, false)}`)
    return `{${more(shown, fields.length)}}`
  }

  #field(field: Field, depth: number, argument: boolean): string {
    return field.getter === true ? "<getter>" : this.show(field.value, depth, argument)
  }

  #elements(open: string, values: Iterable<unknown>, count: number, depth: number, close: string): string {
    const shown = Array.from(take(values), (value) => this.show(value, depth))
    return `${open}${more(shown, count)}${close}`
  }
}

interface Field {
  readonly name: string
  readonly value?: unknown
  /** It has a getter, which is not called: it could print, change something, or never return. */
  readonly getter?: true
}

function* take<A>(values: Iterable<A>): Generator<A> {
  let left = MAX_ELEMENTS
  for (const value of values) {
    if (left-- === 0) return
    yield value
  }
}

function more(shown: readonly string[], count: number): string {
  return count > shown.length ? `${shown.join("; ")}; … ${count - shown.length} more` : shown.join("; ")
}

function fieldName(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : showString(key)
}

function showString(value: string): string {
  if (value.length <= MAX_STRING) return JSON.stringify(value)
  return `${JSON.stringify(value.slice(0, MAX_STRING)).slice(0, -1)}…" (${value.length} characters)`
}

function showFunction(value: () => unknown): string {
  const own: unknown = (value as unknown as Record<symbol, unknown>)[SHOW]
  if (typeof own === "function") return String(own.call(value))
  if (!/^class\b/.test(Function.prototype.toString.call(value))) return "<fun>"
  return value.name === "" ? "<class>" : `<class ${value.name}>`
}

/** `Failure "x"`: an exception as OCaml shows it. */
function showError(value: Error): string {
  return `${errorName(value)} ${showString(String(value.message))}`
}

/** The name of an error's class: of the constructor, if it did not trouble to set `name`. */
export function errorName(value: Error): string {
  const name = String(value.name)
  return name === "Error" ? (constructorName(value) ?? name) : name
}

/** `undefined` for records: objects whose prototype is `Object`'s, or none. */
function constructorName(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return undefined
  const property = Object.getOwnPropertyDescriptor(prototype, "constructor")
  const constructor: unknown = property !== undefined && "value" in property ? property.value : undefined
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "object"
}
