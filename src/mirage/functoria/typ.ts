// Types of the configuration language: `console`, or `fn(console, kvRo, job)`, OCaml's `console @-> kv_ro @-> job`.
//
// A type is a value that carries its own name as TypeScript's type parameter: `console` is a `Typ<"console">`. That makes
// applying the wrong device a type error in the editor, and one that can be read: "Impl<"kvRo"> is not assignable to
// Impl<"console">". The same names are there at run time, for whoever does not look at the editor.

import { show } from "../os/show.ts"

/** The type of a functor that takes devices of the types `A`, in order, and gives one of type `R`. */
export interface Fn<A extends readonly string[], R extends string> {
  readonly takes: A
  readonly gives: R
}

/** What a type describes: a device, by its name, or a functor. */
export type Sort = string | Fn<readonly string[], string>

/** The type of a device or of a functor; OCaml's `'a typ`. */
export class Typ<T extends Sort> {
  declare protected readonly phantom: T
  /** The names of the devices that are taken, in order: empty for a device. */
  readonly takes: readonly string[]
  /** The name of what comes out. */
  readonly gives: string

  constructor(takes: readonly string[], gives: string) {
    this.takes = takes
    this.gives = gives
  }

  /** As in OCaml: `console @-> kvRo @-> job`. */
  toString(): string {
    return [...this.takes, this.gives].join(" @-> ")
  }
}

Object.defineProperty(Typ.prototype, show, { value: Typ.prototype.toString })

/** The type of devices called `name`; for devices of one's own. */
export function typ<const N extends string>(name: N): Typ<N> {
  return new Typ([], name)
}

type Names<T extends readonly Typ<string>[]> = { [K in keyof T]: T[K] extends Typ<infer N extends string> ? N : never }

/** The functor type that `fn(…)` gives: all but the last of its arguments are taken. */
export type FnOf<T extends readonly Typ<string>[]> = T extends readonly [
  ...infer A extends readonly Typ<string>[],
  Typ<infer R extends string>,
]
  ? Fn<Names<A>, R>
  : never

/** The type of functors: `fn(console, kvRo, job)` is OCaml's `console @-> kv_ro @-> job`. The last is the result. */
export function fn<T extends readonly [Typ<string>, Typ<string>, ...Typ<string>[]]>(...types: T): Typ<FnOf<T>> {
  const names = types.map((t) => t.gives)
  return new Typ(names.slice(0, -1), names[names.length - 1] ?? "job")
}

/** What a unikernel is made to run: what `register` wants. */
export const job: Typ<"job"> = typ("job")
/** Somewhere to print to; {@link CONSOLE}. */
export const console: Typ<"console"> = typ("console")
/** A read-only store of files; {@link KV_RO}. */
export const kvRo: Typ<"kvRo"> = typ("kvRo")
/** Sectors of a disk. */
export const block: Typ<"block"> = typ("block")
/** A file system on a block device. */
export const fs: Typ<"fs"> = typ("fs")
/** A network card; {@link NETWORK}. */
export const network: Typ<"network"> = typ("network")
/** TCP and UDP over IPv4; {@link STACKV4}. */
export const stackv4: Typ<"stackv4"> = typ("stackv4")
/** A web server; {@link HTTP_SERVER}. */
export const http: Typ<"http"> = typ("http")
/** Sleeping; {@link TIME}. */
export const time: Typ<"time"> = typ("time")
/** Random numbers; {@link RANDOM}. */
export const random: Typ<"random"> = typ("random")

/** The name of a type in a sentence: `a console`, `an http`. */
export function oneOf(name: string): string {
  return `${/^([aeiou]|fs\b|http\b)/.test(name) ? "an" : "a"} ${name}`
}
