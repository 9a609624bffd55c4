// The projects that are in the container: each edit is written to its file there soon after, so that a shell sees what the
// reader sees. Runs have theirs written before they start, by the sandbox.

import type { Container, ContainerHost } from "../../sandbox/webcontainer/container.ts"
import { type Files, ProjectFiles } from "../../sandbox/webcontainer/project-files.ts"
import type { ProjectStore } from "../project-store.ts"
import type { Later } from "../text/announcer.ts"

/** What mounting needs. */
export interface MountedProjectsParts {
  readonly host: ContainerHost
  /** The project of a name. */
  open(project: string): Promise<ProjectStore>
  /** The library OS as a package. */
  installed(): Promise<Files>
  readonly later: Later
  /** An edit could not be written; said once for each container. */
  failed(message: string): void
}

/** From the last key to the write. */
const WRITE_MS = 100

/** The projects of a page, as they are in its container. */
export class MountedProjects {
  readonly #parts: MountedProjectsParts
  readonly #files = new Map<string, ProjectFiles>()
  readonly #pending = new Map<string, () => void>()
  /** The container whose failure has been told. */
  #told: Container | undefined

  constructor(parts: MountedProjectsParts) {
    this.#parts = parts
  }

  /** The files of a project, which follow the reader's edits from now on. */
  files(project: string): ProjectFiles {
    const there = this.#files.get(project)
    if (there !== undefined) return there
    const { host, open, installed } = this.#parts
    let following = false
    const current = async (): Promise<Files> => {
      const store = await open(project)
      if (!following) store.subscribe(() => this.#edited(project))
      following = true
      return Object.fromEntries(store.files.map(({ name }) => [name, store.text(name)]))
    }
    const made = new ProjectFiles({ host, folder: project, current, installed })
    this.#files.set(project, made)
    return made
  }

  /** Put a project into the container as it is now. Resolves with the container, and the folder in it. */
  async mount(project: string): Promise<{ readonly container: Container; readonly folder: string }> {
    const files = this.files(project)
    return { container: await files.sync(), folder: files.folder }
  }

  #edited(project: string): void {
    this.#pending.get(project)?.()
    const cancel = this.#parts.later(() => {
      this.#pending.delete(project)
      void this.#write(project)
    }, WRITE_MS)
    this.#pending.set(project, cancel)
  }

  async #write(project: string): Promise<void> {
    const { state } = this.#parts.host
    if (state.tag !== "up") return
    try {
      await this.files(project).sync()
    } catch (e) {
      // What is said of a container that has gone is said elsewhere.
      if (this.#told === state.container || this.#parts.host.state !== state) return
      this.#told = state.container
      const why = e instanceof Error ? e.message : String(e)
      this.#parts.failed(`Your edit could not be written into the WebContainer (${why}). It is kept in this page.`)
    }
  }
}
