// What the reader of a page has chosen for its runs, and what follows from it: the container is booted when it is wanted,
// and not before.

import type { WebContainerSettings } from "../../site/settings.ts"
import type { ContainerHost } from "../../sandbox/webcontainer/container.ts"
import type { Kept } from "../kept.ts"
import { runtimeName, type RuntimeName, wantsContainer, type Wish, wishOf } from "./wish.ts"

const KEY = "mirage-runtime"

/** Where the wishes are read. */
export interface PageRuntimeParts {
  readonly settings: WebContainerSettings
  readonly host: ContainerHost
  readonly kept: Kept
  /** The query of the address. */
  query(): string
  /** The page's own wish. */
  page(): string | undefined
  /** This page is to have no container. */
  unwanted(): void
}

/** The runtime of a page. */
export class PageRuntime {
  readonly settings: WebContainerSettings
  readonly host: ContainerHost
  readonly #parts: PageRuntimeParts
  readonly #heard = new Set<() => void>()

  constructor(parts: PageRuntimeParts) {
    this.#parts = parts
    this.settings = parts.settings
    this.host = parts.host
    parts.host.onState(() => this.#tell())
  }

  /** What the reader has chosen, now or on an earlier visit. */
  get chosen(): RuntimeName | undefined {
    return runtimeName(this.#parts.kept.get(KEY))
  }

  /** The reader chooses. What they chose before is forgotten, and what it has fetched stays until they leave the page. */
  choose(name: RuntimeName): void {
    this.#parts.kept.set(KEY, name)
    if (this.wanted) this.host.boot()
    else this.#parts.unwanted()
    this.#tell()
  }

  /** The wish that counts for a cell whose attribute is `cell`; without it, for the page. */
  wish(cell?: string | null): Wish {
    return wishOf({ query: this.#parts.query(), cell, reader: this.chosen, page: this.#parts.page() })
  }

  /** Whether this page may have a container and is to have one. */
  get wanted(): boolean {
    const { settings, query, page } = this.#parts
    return wantsContainer(settings.use, { query: query(), reader: this.chosen, page: page() })
  }

  /** Boot the container, if it is wanted; put away what the site's owner once wanted for it and wants no more. Harmless to repeat. */
  start(): void {
    const { use, isolation } = this.settings
    if (this.wanted) this.host.boot()
    else if (use === "off" || isolation === "headers") this.#parts.unwanted()
  }

  /** Hear when the choice or the container's state has changed. Returns what ends the listening. */
  subscribe(heard: () => void): () => void {
    this.#heard.add(heard)
    return () => this.#heard.delete(heard)
  }

  #tell(): void {
    for (const heard of this.#heard) heard()
  }
}
