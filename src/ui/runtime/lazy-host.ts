// The page's container host, whose code is fetched with its first boot: a page that never wants a container carries
// nothing of it but this.

import type { Absence, Container, ContainerHost, ContainerState } from "../../sandbox/webcontainer/container.ts"
import { whenUp } from "../../sandbox/webcontainer/when-up.ts"

/** A host that becomes the one that `load` resolves with, if it is not why there can be none. */
export class LazyHost implements ContainerHost {
  readonly #why: () => Absence
  readonly #load: () => Promise<ContainerHost | Absence>
  readonly #heard = new Set<(state: ContainerState) => void>()
  /** Absent as long as nobody has asked for a container. */
  #state: ContainerState | undefined
  #host: ContainerHost | undefined
  #loading = false
  #disposed = false

  /** `why` says why there is none before it is booted. */
  constructor(why: () => Absence, load: () => Promise<ContainerHost | Absence>) {
    this.#why = why
    this.#load = load
  }

  get state(): ContainerState {
    return this.#state ?? { tag: "absent", why: this.#why() }
  }

  onState(f: (state: ContainerState) => void): () => void {
    this.#heard.add(f)
    return () => this.#heard.delete(f)
  }

  boot(again?: "again"): void {
    if (this.#disposed) return
    if (this.#host !== undefined) return this.#host.boot(again)
    if (this.#loading) return
    this.#loading = true
    this.#say({ tag: "booting", attempt: 1 })
    this.#load().then(
      (host) => {
        this.#loading = false
        if ("cause" in host) return this.#say({ tag: "absent", why: host })
        if (this.#disposed) return host.dispose()
        this.#host = host
        host.boot()
        this.#say(host.state)
        host.onState((state) => this.#say(state))
      },
      (e: unknown) => {
        this.#loading = false
        const reason = e instanceof Error ? e.message : String(e)
        const message = `The part of the page that starts a WebContainer could not be fetched (${reason}). Check the connection.`
        this.#say({ tag: "given-up", why: { cause: "offline", message } })
      },
    )
  }

  ready(): Promise<Container> {
    return whenUp(this.state, (f) => this.onState(f))
  }

  dispose(): void {
    this.#disposed = true
    this.#host?.dispose()
    this.#heard.clear()
  }

  #say(state: ContainerState): void {
    this.#state = state
    for (const heard of this.#heard) heard(state)
  }
}
