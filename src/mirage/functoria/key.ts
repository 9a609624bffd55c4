// Keys: what is decided when a unikernel is configured, not when it is written. In the deck, `NET=socket PORT=8080
// mirage configure …`: the environment answers, and otherwise the default does.

import { show } from "../os/show.ts"
import { callerLocation, ConfigError, type Location } from "./location.ts"

/** Names and values as a shell exports them. */
export type Environment = Readonly<Record<string, string>>

/** What a key can hold. */
export type KeyValue = boolean | number | string

/** The type of a key whose default is a `V`: `80` makes a key of any number. */
export type Widen<V extends KeyValue> = V extends boolean ? boolean : V extends number ? number : string

/** A value to be given at configure time. Numbers are whole. */
export class Key<V extends KeyValue> {
  /** As `describe` shows it: `port`. */
  readonly name: string
  /** The variable that sets it: `PORT`, unless told otherwise. */
  readonly env: string
  readonly default: V
  /** One sentence for `describe`. */
  readonly doc: string
  readonly at: Location | undefined

  constructor(name: string, env: string, preset: V, doc: string, at: Location | undefined) {
    this.name = name
    this.env = env
    this.default = preset
    this.doc = doc
    this.at = at
  }

  /** The key's value in `environment`. Throws {@link ConfigError} if what stands there is of another type. */
  value(environment: Environment): V {
    const text = environment[this.env]
    if (text === undefined) return this.default
    const value = parse(typeof this.default, text)
    if (value === undefined)
      throw new ConfigError(
        `the key ${this.name} is a ${typeof this.default}, but ${this.env} is "${text}". ${hint(typeof this.default)} (the default is ${this.default})`,
        this.at,
      )
    return value as V
  }
}

Object.defineProperty(Key.prototype, show, {
  value(this: Key<KeyValue>) {
    return `<key ${this.name} = ${this.default}>`
  },
})

/** Make a key. Its type is that of `preset`, its value if the environment does not set it. */
export function key<V extends KeyValue>(
  name: string,
  preset: V,
  more: { readonly env?: string; readonly doc?: string } = {},
): Key<Widen<V>> {
  const env = more.env ?? name.toUpperCase().replaceAll("-", "_")
  return new Key(name, env, preset as unknown as Widen<V>, more.doc ?? "", callerLocation())
}

function parse(type: string, text: string): KeyValue | undefined {
  if (type === "string") return text
  if (type === "number") return /^-?\d+$/.test(text) ? Number(text) : undefined
  // The deck's `DHCP=true`, and the other ways in which people say it.
  if (/^(true|yes|on|1)$/i.test(text)) return true
  if (/^(false|no|off|0|)$/i.test(text)) return false
  return undefined
}

function hint(type: string): string {
  return type === "number" ? "Give a whole number" : "Say true or false"
}
