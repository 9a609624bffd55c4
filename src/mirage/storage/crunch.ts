// Crunch: files linked into the unikernel as a read-only store. `ocaml-crunch` turns a folder into a module; here the
// folder's files come with the program, and the module is made of them when it is linked.

import * as Lwt from "../lwt/lwt.ts"
import { error, ok, type Result } from "../result.ts"
import type { Connected } from "../signatures/device.ts"
import type { KV_RO, UnknownKey } from "../signatures/kv-ro.ts"

/** A connected store: there is nothing to know about it. */
export type t = Readonly<Record<never, never>>

/** A crunched folder. */
export interface S extends KV_RO<t> {
  connect(): Connected<t>
  /** Every key, sorted. `ocaml-crunch`'s `file_list`. */
  readonly fileList: readonly string[]
}

/** The store of `files`: keys are their paths without a leading `/`. Texts are stored as UTF-8. */
export function Make(files: Readonly<Record<string, string | Uint8Array>>): S {
  const encoder = new TextEncoder()
  const values = new Map<string, Uint8Array>()
  for (const [path, value] of Object.entries(files))
    values.set(key(path), typeof value === "string" ? encoder.encode(value) : value)

  const get = (name: string): Result<Uint8Array, UnknownKey> => {
    const value = values.get(key(name))
    return value === undefined ? error({ kind: "unknown-key", key: name }) : ok(value)
  }
  return {
    fileList: [...values.keys()].sort(),
    connect: () => Lwt.return(ok({})),
    disconnect: () => Lwt.return(undefined),
    read(_, name, offset, length) {
      if (!(Number.isInteger(offset) && offset >= 0))
        throw new RangeError(`offset ${offset} is not a whole number >= 0`)
      if (!(Number.isInteger(length) && length >= 0))
        throw new RangeError(`length ${length} is not a whole number >= 0`)
      const value = get(name)
      // A copy: what is linked in cannot be written to through what was read.
      return Lwt.return(value.ok ? ok(value.value.slice(offset, offset + length)) : value)
    },
    size(_, name) {
      const value = get(name)
      return Lwt.return(value.ok ? ok(value.value.length) : value)
    },
    mem: (_, name) => Lwt.return(values.has(key(name))),
  }
}

/** The files of `folder` and below, by their path in it. `./htdocs/` and `htdocs` are the same folder, `.` is all. */
export function filesIn<V>(folder: string, files: Readonly<Record<string, V>>): Record<string, V> {
  const prefix = normal(folder) === "" ? "" : `${normal(folder)}/`
  const found: Record<string, V> = {}
  for (const [path, value] of Object.entries(files)) {
    const full = normal(path)
    if (full.startsWith(prefix)) found[full.slice(prefix.length)] = value
  }
  return found
}

/** A path without `.` and empty parts, `..` taking away the part before it. */
function normal(path: string): string {
  const parts: string[] = []
  for (const part of path.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return parts.join("/")
}

/** MirageOS 2.0 takes `/index.html` and `index.html` for the same key. */
function key(name: string): string {
  return name.startsWith("/") ? name.slice(1) : name
}
