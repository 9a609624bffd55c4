// The life of the page's container: booted in the background when it is wanted and can be had, given up when it does not
// answer, tried again after a while, and thrown away with its frame whenever anything is wrong with it. No clock, window or
// frame here: they are handed in, so that a test can be all three.

import type { WebContainerSettings } from "../../site/settings.ts"
import { absence, type Facts } from "./availability.ts"
import type { Absence, Container, ContainerHost, ContainerState } from "./container.ts"
import { type BootSettings, type FrameContainer, wordsOf } from "./door.ts"
import { askNode, type ContainerTime, LiveContainer } from "./live-container.ts"
import { whenUp } from "./when-up.ts"

/** A throw-away frame. */
export interface ThrowAwayFrame {
  /** May never settle. */
  boot(settings: BootSettings): Promise<FrameContainer>
  /** Resolves when somebody has taken it out of the page. */
  readonly gone: Promise<void>
  remove(): void
}

/** What happens to a page: the network is back; it is left; it is come back to. */
export type PageEvent = "online" | "hide" | "show"

/** What a host needs. */
export interface HostOptions {
  readonly settings: WebContainerSettings
  /** Asked before each attempt. */
  readonly facts: () => Facts
  readonly open: () => ThrowAwayFrame
  readonly time: ContainerTime
  /** Returns what ends the listening. */
  readonly listen: (f: (event: PageEvent) => void) => () => void
}

/** The client of the container has no limit of its own. */
export const BOOT_MS = 15_000
/** Between one failed attempt and the next; after the last, only whoever asks gets another. */
export const BACK_OFF_MS: readonly number[] = [2000, 8000]
/** A container that has been up for so long did not fail to boot. */
const STEADY_MS = 60_000
/** The folder's name in the container, which its shell shows. */
const WORKDIR = "mirage"

const NOT_BEGUN: Absence = { cause: "not-begun", message: "The WebContainer has not been started." }

/** The container of a page. Nothing happens before `boot` is called. */
export function containerHost(options: HostOptions): ContainerHost {
  return new Host(options)
}

class Host implements ContainerHost {
  readonly #options: HostOptions
  #state: ContainerState
  readonly #listeners = new Set<(state: ContainerState) => void>()
  /** Those who wait for the boot that goes on. They hear of its end before all others, whatever those make of it. */
  readonly #waiting = new Set<(state: ContainerState) => void>()
  readonly #unlisten: () => void
  /** Somebody has asked for it: it is booted again when it can be. */
  #wanted = false
  #disposed = false
  #attempts = 0
  /** Counts frames: what a thrown-away one still says is not heard. */
  #epoch = 0
  #frame: ThrowAwayFrame | undefined
  #container: LiveContainer | undefined
  #timer: unknown

  constructor(options: HostOptions) {
    this.#options = options
    this.#state = { tag: "absent", why: absence(options.facts()) ?? NOT_BEGUN }
    this.#unlisten = options.listen((event) => this.#on(event))
  }

  get state(): ContainerState {
    return this.#state
  }

  onState(f: (state: ContainerState) => void): () => void {
    this.#listeners.add(f)
    return () => void this.#listeners.delete(f)
  }

  boot(again?: "again"): void {
    if (this.#disposed) return
    this.#wanted = true
    const { tag } = this.#state
    if (tag === "absent" || (tag === "given-up" && again)) this.#first()
    else if (tag === "waiting" && again) this.#begin()
  }

  ready(): Promise<Container> {
    return whenUp(this.#state, (f) => {
      this.#waiting.add(f)
      return () => void this.#waiting.delete(f)
    })
  }

  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#unlisten()
    this.#rest()
  }

  #on(event: PageEvent): void {
    if (!this.#wanted) return
    const state = this.#state
    switch (event) {
      case "online":
        if (state.tag === "waiting" || state.tag === "given-up") this.#first()
        else if (state.tag === "absent" && state.why.cause === "offline") this.#first()
        return
      case "hide":
        // A page that is kept for the way back may not keep a container.
        return this.#rest()
      case "show":
        if (state.tag === "absent") this.#first()
    }
  }

  /** Throw everything away, and wait to be asked. */
  #rest(): void {
    this.#drop("the page was left.")
    this.#say({ tag: "absent", why: NOT_BEGUN })
  }

  #first(): void {
    this.#attempts = 0
    this.#begin()
  }

  #begin(): void {
    this.#drop("another is booted.")
    const why = absence(this.#options.facts())
    if (why !== undefined) return this.#say({ tag: "absent", why })
    this.#attempts++
    const epoch = this.#epoch
    this.#say({ tag: "booting", attempt: this.#attempts })
    // Whoever listens may have thrown it away again.
    if (epoch !== this.#epoch) return
    const { settings, time } = this.#options
    this.#timer = time.setTimeout(() => this.#fail(noAnswer(settings.origin)), BOOT_MS)
    this.#attempt(epoch).catch((thrown: unknown) => {
      if (epoch === this.#epoch) this.#fail(refused(thrown))
    })
  }

  async #attempt(epoch: number): Promise<void> {
    const { settings, open, time } = this.#options
    const { origin, apiKey, coep } = settings
    const frame = open()
    this.#frame = frame
    const goneBefore = frame.gone.then(() => {
      throw new Error("its frame was taken out of the page")
    })
    goneBefore.catch(() => {})
    const booting = frame
      .boot({ origin, coep, workdirName: WORKDIR, ...(apiKey === undefined ? {} : { apiKey }) })
      .then(async (inner) => ({ inner, node: await askNode(inner) }))
    const { inner, node } = await Promise.race([booting, goneBefore])
    if (epoch !== this.#epoch) return
    time.clearTimeout(this.#timer as never)
    const container = new LiveContainer(inner, node, time)
    this.#container = container
    const since = time.now()
    void frame.gone.then(() => container.lose("its frame was taken out of the page."))
    void container.lost.then((reason) => {
      if (epoch !== this.#epoch) return
      if (time.now() - since >= STEADY_MS) this.#attempts = 1
      this.#fail({ cause: "crashed", message: `The WebContainer has gone: ${reason}` })
    })
    this.#say({ tag: "up", container })
  }

  #fail(why: Absence): void {
    this.#drop(why.message)
    const retryInMs = BACK_OFF_MS[this.#attempts - 1]
    if (retryInMs === undefined) return this.#say({ tag: "given-up", why })
    this.#timer = this.#options.time.setTimeout(() => this.#begin(), retryInMs)
    this.#say({ tag: "waiting", why, retryInMs })
  }

  /** Throw the frame away, and all that is in it. */
  #drop(reason: string): void {
    this.#epoch++
    this.#options.time.clearTimeout(this.#timer as never)
    const frame = this.#frame
    const container = this.#container
    this.#frame = undefined
    this.#container = undefined
    container?.lose(reason)
    frame?.remove()
  }

  #say(state: ContainerState): void {
    this.#state = state
    for (const answer of this.#waiting) answer(state)
    for (const f of this.#listeners) {
      f(state)
      // A listener may have done something about it: the others have heard of that.
      if (this.#state !== state) return
    }
  }
}

function noAnswer(origin: string): Absence {
  return {
    cause: "no-answer",
    message: `The WebContainer did not answer within ${BOOT_MS / 1000} seconds: the connection is slow, or this network or browser keeps ${new URL(origin).host} from being loaded.`,
  }
}

function refused(thrown: unknown): Absence {
  return { cause: "refused", message: `The WebContainer could not be started: ${wordsOf(thrown)}` }
}
