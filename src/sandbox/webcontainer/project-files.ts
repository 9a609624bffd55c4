// A project's files in the container, as the reader has them at this moment, in a folder of their own; and beside it the
// library OS as an ordinary package in `node_modules`, so that Node finds `mirage` as it finds any other.
//
// The page's text is what counts: nothing is read back. What was written is remembered, so that only what has changed is
// written again; a new container knows nothing, and gets everything.

import type { Container, ContainerHost } from "./container.ts"

/** Files by their paths. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** Where the files come from. */
export interface ProjectFilesOptions {
  readonly host: ContainerHost
  /** The project's folder: `deck`, or a notebook's name. */
  readonly folder: string
  /** The files of the project as they are now, by their names in it. */
  readonly current: () => Promise<Files>
  /** The package, by paths from the container's working directory. Asked for once, and again if it could not be had. */
  readonly installed: () => Promise<Files>
}

/** What has been written to one container. */
interface Written {
  readonly container: Container
  readonly files: Map<string, string | Uint8Array>
  /** Resolves when all that was begun has ended: one thing is written at a time. */
  line: Promise<unknown>
}

/** Keeps a project's files in the page's container. */
export class ProjectFiles {
  readonly folder: string
  readonly #options: ProjectFilesOptions
  #installed: Promise<Files> | undefined
  #written: Written | undefined

  constructor(options: ProjectFilesOptions) {
    this.#options = options
    this.folder = options.folder
  }

  /**
   * The container with the package, and the project's files as they are now. Rejects, with words for the reader, if there
   * is no container or it does not take them.
   */
  async sync(): Promise<Container> {
    const container = await this.#options.host.ready()
    if (this.#written?.container !== container) {
      this.#written = { container, files: new Map(), line: Promise.resolve() }
    }
    const written = this.#written
    const mine = written.line.then(() => this.#write(written))
    // Whoever comes next begins anew with what could not be written.
    written.line = mine.catch(() => {})
    await mine
    return container
  }

  async #write({ container, files }: Written): Promise<void> {
    const wanted = new Map(Object.entries(await this.#wanted()))
    const changed = [...wanted].filter(([path, contents]) => !isSame(files.get(path), contents))
    const gone = [...files.keys()].filter((path) => !wanted.has(path))
    for (const path of gone) {
      await container.remove(path)
      files.delete(path)
    }
    if (changed.length === 0) return
    // If it fails, nobody knows how far it came.
    for (const [path] of changed) files.delete(path)
    await container.write(Object.fromEntries(changed))
    for (const [path, contents] of changed) files.set(path, contents)
    void makeRunnable(container, changed.map(([path]) => path).filter(isCommand)).catch(() => {})
  }

  async #wanted(): Promise<Files> {
    const { folder, current, installed } = this.#options
    this.#installed ??= installed().catch((thrown: unknown) => {
      this.#installed = undefined
      throw thrown
    })
    const [library, project] = await Promise.all([this.#installed, current()])
    const own = Object.entries(project).map(([name, contents]) => [`${folder}/${name}`, contents] as const)
    return { [`${folder}/package.json`]: packageJson(folder), ...library, ...Object.fromEntries(own) }
  }
}

/** What makes a folder of modules a project to Node. */
function packageJson(name: string): string {
  return `${JSON.stringify({ name, private: true, type: "module", dependencies: { mirage: "*" } }, null, 2)}\n`
}

/** Commands lie where npm puts them. */
function isCommand(path: string): boolean {
  return path.startsWith("node_modules/.bin/")
}

/** Let files be run by their names. What writes files into a container has no word for that, but its Node has. */
async function makeRunnable(container: Container, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  await container.spawn("node", ["-e", "process.argv.slice(1).map((path) => fs.chmodSync(path, 0o755))", ...paths])
}

function isSame(a: string | Uint8Array | undefined, b: string | Uint8Array): boolean {
  if (typeof a === "string" || typeof b === "string" || a === undefined) return a === b
  return a.length === b.length && a.every((byte, n) => byte === b[n])
}
