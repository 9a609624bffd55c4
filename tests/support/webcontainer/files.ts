// The files of one boot, in a folder of this machine. A path is taken as the client's documents say: relative to the working
// directory, with or without a slash before it. Nothing outside the folder is reached, by `..` or through a symbolic link.

import { type FSWatcher, watch } from "node:fs"
import { mkdir, readdir, readFile, readlink, realpath, rename, rm, symlink, writeFile } from "node:fs/promises"
import { dirname, join, relative, resolve, sep } from "node:path"

/** A folder as the client sends and expects it. */
interface Folder {
  readonly d: Record<string, Folder | File>
}

/** A file: text, bytes as Latin-1 (`b`), or a symbolic link. */
interface File {
  readonly f: { readonly c: string; readonly b?: true } | { readonly l: string }
}

// What the client takes a dirent's type from: a symbol that has become a name on its way.
const TYPE = "Symbol(type)"
// Neither a mounted tree nor a written file says who may run it.
const MODE = 0o644
const FILE = 1
const DIRECTORY = 2

/** The file calls of a boot whose working directory is `root`. */
export class Files {
  readonly #root: string
  readonly #watchers = new Map<number, FSWatcher>()
  #count = 0

  constructor(root: string) {
    this.#root = root
  }

  /** The path on this machine. Fails if it is outside, or behind a link that leads outside. */
  async locate(path: string): Promise<string> {
    const at = resolve(this.#root, `./${path}`)
    const root = await realpath(this.#root)
    if (!isInside(this.#root, at) || !isInside(root, await target(at))) {
      throw new Error(`EACCES: permission denied, '${path}' is outside of the working directory`)
    }
    return at
  }

  async readFile(path: string, encoding?: BufferEncoding | null): Promise<string | Uint8Array> {
    const bytes = await readFile(await this.locate(path))
    return encoding == null ? new Uint8Array(bytes) : bytes.toString(encoding)
  }

  async writeFile(
    path: string,
    data: string | Uint8Array,
    options?: BufferEncoding | { encoding?: BufferEncoding | null } | null,
  ): Promise<void> {
    const encoding = typeof options === "string" ? options : options?.encoding
    await writeFile(await this.locate(path), data, { mode: MODE, encoding })
  }

  async readdir(
    path: string,
    options?: string | { encoding?: string | null; withFileTypes?: boolean } | null,
  ): Promise<unknown[]> {
    const { encoding, withFileTypes } = typeof options === "object" ? (options ?? {}) : { encoding: options }
    const entries = await readdir(await this.locate(path), { withFileTypes: true })
    const named = (name: string): string | Uint8Array => (encoding === "buffer" ? new TextEncoder().encode(name) : name)
    if (withFileTypes !== true) return entries.map((entry) => named(entry.name))
    return entries.map((entry) => ({ name: named(entry.name), [TYPE]: entry.isDirectory() ? DIRECTORY : FILE }))
  }

  async mkdir(path: string, options?: { recursive?: boolean } | null): Promise<string | undefined> {
    const made = await mkdir(await this.locate(path), options ?? {})
    return made === undefined ? undefined : `/${relative(this.#root, made)}`
  }

  async rm(path: string, options?: { recursive?: boolean; force?: boolean } | null): Promise<void> {
    // A link is removed itself, wherever it leads.
    const at = join(await this.locate(dirname(path)), path.replace(/\/+$/, "").split("/").at(-1)!)
    if (!isInside(this.#root, at) || at === this.#root) throw new Error(`EACCES: permission denied, rm '${path}'`)
    await rm(at, options ?? {})
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(await this.locate(from), await this.locate(to))
  }

  /** Tell of every change at a path; the number ends it. */
  async watch(
    path: string,
    options: { recursive?: boolean } | string | null | undefined,
    changed: (watcher: number, event: string, file: string | null) => void,
  ): Promise<number> {
    const recursive = typeof options === "object" && options?.recursive === true
    const id = ++this.#count
    const watcher = watch(await this.locate(path), { recursive }, (event, file) => changed(id, event, file))
    // A watched folder that is removed is no reason to stop the tests.
    watcher.on("error", () => this.unwatch(id))
    this.#watchers.set(id, watcher)
    return id
  }

  unwatch(id: number): void {
    this.#watchers.get(id)?.close()
    this.#watchers.delete(id)
  }

  /** Write a tree that the client mounts. */
  async load(payload: Uint8Array, mountPoint = "."): Promise<void> {
    const tree = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)) as Folder
    await this.#write(await this.locate(mountPoint), tree)
  }

  async #write(at: string, entry: Folder | File): Promise<void> {
    if ("d" in entry) {
      await mkdir(at, { recursive: true })
      for (const [name, child] of Object.entries(entry.d)) {
        if (name === "" || name === "." || name === ".." || name.includes("/")) {
          throw new Error(`EINVAL: '${name}' is no name of a file`)
        }
        await this.#write(join(at, name), child)
      }
      return
    }
    await rm(at, { force: true })
    if ("l" in entry.f) await symlink(entry.f.l, at)
    else await writeFile(at, entry.f.b === true ? Buffer.from(entry.f.c, "latin1") : entry.f.c, { mode: MODE })
  }

  /** A folder as the client expects it of `export`. */
  async serialize(path: string, { format }: { readonly format: string }): Promise<Uint8Array> {
    if (format !== "json") throw new Error(`the double exports as json, not as ${format}`)
    return new TextEncoder().encode(JSON.stringify(await this.#read(await this.locate(path))))
  }

  async #read(folder: string): Promise<Folder> {
    const d: Record<string, Folder | File> = {}
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const at = join(folder, entry.name)
      if (entry.isDirectory()) d[entry.name] = await this.#read(at)
      else if (entry.isSymbolicLink()) d[entry.name] = { f: { l: await readlink(at) } }
      else if (entry.isFile()) d[entry.name] = { f: contents(await readFile(at)) }
    }
    return { d }
  }

  close(): void {
    for (const id of this.#watchers.keys()) this.unwatch(id)
  }
}

const isInside = (root: string, path: string): boolean => path === root || path.startsWith(root + sep)

/** Where a path leads once all links are followed; what does not exist yet lies where its folder leads. */
async function target(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const link = await readlink(path).catch(() => undefined)
    const parent = await target(dirname(path))
    return link === undefined ? join(parent, path.slice(dirname(path).length + 1)) : target(resolve(parent, link))
  }
}

function contents(bytes: Uint8Array): { c: string; b?: true } {
  try {
    return { c: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { c: Buffer.from(bytes).toString("latin1"), b: true }
  }
}
