// The reader's project on the disk: where its config.ts is, its modules compiled, its files.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { basename, dirname, join, relative, resolve, sep } from "node:path"
import type { DeviceError, Result } from "mirage"
import { error, ok } from "mirage"
import type { Files } from "mirage/host"
import { compile } from "../toolchain/compile.ts"
import type { CompiledModule, Diagnostic } from "../toolchain/compiled-module.ts"
import { evaluationOrder } from "../toolchain/graph.ts"

/** Folders that hold nobody's unikernel. */
const isOthers = (name: string): boolean => name === "node_modules" || name.startsWith(".")
/** How deep below a folder its configurations are looked for. */
const DEPTH = 4
/** More than this is no website but a mistake in the folder's name. */
const MAX_FILES = 10_000
const MAX_BYTES = 256 * 1024 * 1024

/** See the head of this file. Files are named by their path from the project's folder, with `/`. */
export class Project {
  /** The name of the configuration. */
  readonly config: string
  readonly #root: string
  /** Every file that has been read, by its absolute path. */
  readonly read: Set<string> = new Set()
  readonly #compiled = new Map<string, Result<CompiledModule, Diagnostic> | undefined>()

  constructor(root: string, config: string) {
    this.#root = root
    this.config = config
  }

  /** The files that `entry` is made of, compiled, each after those it imports; or everything that is wrong with them. */
  modules(entry: string): Result<readonly CompiledModule[], readonly Diagnostic[]> {
    const broken: Diagnostic[] = []
    const lookup = (name: string): CompiledModule | undefined => {
      const compiled = this.#compile(name)
      if (compiled === undefined || compiled.ok) return compiled?.value
      if (!broken.includes(compiled.error)) broken.push(compiled.error)
      // It is there all the same: its own mistake is enough said about it.
      return { name, code: "", imports: [], bindings: [], mappings: "" }
    }
    const order = evaluationOrder([entry], lookup, this.#known())
    if (!order.ok || broken.length > 0) return error([...broken, ...(order.ok ? [] : order.error)])
    return ok(order.value.map((name) => this.module(name)!))
  }

  /** A module that has been compiled. */
  module(name: string): CompiledModule | undefined {
    const compiled = this.#compiled.get(name)
    return compiled?.ok === true ? compiled.value : undefined
  }

  /** The name of the file at an absolute path. */
  nameOf(path: string): string {
    return relative(this.#root, path).split(sep).join("/")
  }

  /** The files beside the configuration. */
  siblings(): readonly string[] {
    const folder = dirname(this.config)
    const names = readdirSync(join(this.#root, folder))
    return folder === "." ? names : names.map((name) => `${folder}/${name}`)
  }

  /** Every file of a folder that the configuration names, by its path in there. */
  folder(name: string): Result<Files, DeviceError> {
    const path = resolve(this.#root, dirname(this.config), name)
    const files: Record<string, Uint8Array> = {}
    let count = 0
    let bytes = 0
    try {
      for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath, entry.name)
        if (!statSync(file).isFile()) continue
        const data = readFileSync(file)
        this.read.add(file)
        count++
        bytes += data.length
        files[relative(path, file).split(sep).join("/")] = data
        if (count > MAX_FILES || bytes > MAX_BYTES)
          return error({ kind: "too-large", message: `${path} is too large to be linked into a unikernel` })
      }
    } catch (thrown) {
      return error({ kind: "no-files", message: `the folder ${name} cannot be read: ${(thrown as Error).message}` })
    }
    if (count > 0) return ok(files)
    return error({ kind: "no-files", message: `there are no files in ${name}, which is ${path}` })
  }

  #compile(name: string): Result<CompiledModule, Diagnostic> | undefined {
    if (!this.#compiled.has(name)) {
      const path = resolve(this.#root, name)
      const isModule = name.endsWith(".ts") && existsSync(path)
      if (isModule) this.read.add(path)
      this.#compiled.set(name, isModule ? compile(name, readFileSync(path, "utf8")) : undefined)
    }
    return this.#compiled.get(name)
  }

  /** What could be imported, for a suggestion. */
  #known(): readonly string[] {
    return find(this.#root, dirname(this.config), (name) => name.endsWith(".ts"))
  }
}

/** The project whose configuration is `file`, as seen from the folder `cwd`; or why there is none, and what to type. */
export function findProject(cwd: string, file: string): Result<Project, string> {
  const asked = resolve(cwd, file)
  const path = existsSync(asked) && statSync(asked).isDirectory() ? join(asked, "config.ts") : asked
  if (!existsSync(path)) return error(`There is no ${relative(cwd, path)} here.${suggestion(cwd)}`)
  const name = relative(cwd, path).split(sep).join("/")
  if (!path.endsWith(".ts")) return error(`${name} is not TypeScript: a configuration is a file such as config.ts.`)
  // Imports may go up to the folder that the reader stands in; from outside of it, to that of the configuration.
  return ok(name.startsWith("../") ? new Project(dirname(path), basename(path)) : new Project(cwd, name))
}

function suggestion(cwd: string): string {
  const [first, ...more] = find(cwd, ".", (name) => name === "config.ts")
  if (first === undefined) return " A unikernel's folder has a config.ts and a unikernel.ts."
  const others = more.length === 0 ? "" : ` There is also ${more.slice(0, 6).join(", ")}.`
  return ` There is ${first}, to be run with -f ${first}.${others}`
}

/** The files below `folder` whose name is wanted, by their path from `root`, the nearest first. */
function find(root: string, folder: string, wanted: (name: string) => boolean): readonly string[] {
  const found: string[] = []
  let folders = [folder]
  for (let depth = 0; depth <= DEPTH && folders.length > 0; depth++) {
    const below: string[] = []
    for (const one of folders)
      for (const entry of readdirSync(join(root, one), { withFileTypes: true })) {
        const path = one === "." ? entry.name : `${one}/${entry.name}`
        if (entry.isDirectory() && !isOthers(entry.name)) below.push(path)
        else if (entry.isFile() && wanted(entry.name)) found.push(path)
      }
    folders = below
  }
  return found
}
