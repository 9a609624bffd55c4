// Two windows of one deck in step: the presenter's, and those that show the same to the room. No network: a
// BroadcastChannel, which joins the pages of one browser at one address. Nothing here knows reveal.js or the cells.

import {
  channelName,
  type CellAct,
  type Envelope,
  envelopeOf,
  type FromPresenter,
  type FromProjected,
  MIRROR_VERSION,
  type Place,
} from "../ui/mirror-protocol.ts"
import { ActLog } from "./act-log.ts"

/** The part of `BroadcastChannel` that is used. */
export interface Channel {
  postMessage(message: Envelope): void
  onmessage: ((event: MessageEvent) => void) | null
  close(): void
}

/** The show of a window. */
export interface MirroredShow {
  place(): Place
  go(place: Place): void
}

/** The cells of a window. */
export interface MirroredCells {
  text(project: string, file: string, text: string): void
  perform(project: string, file: string, act: CellAct): void
}

/** The channel of this page; `undefined` in a browser that has none. */
export function openChannel(pathname: string): Channel | undefined {
  return typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(channelName(pathname))
}

/** A name for a window, which nobody reads. */
function windowName(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
}

const same = (a: Place, b: Place): boolean => a.slide === b.slide && a.step === b.step && a.paused === b.paused

/** The presenter's end: what is done here is told to whoever listens. */
export class Presenting {
  readonly #channel: Channel
  readonly #show: MirroredShow
  readonly #changed: () => void
  readonly #me = windowName()
  readonly #log = new ActLog()
  readonly #texts = new Map<string, FromPresenter & { tag: "text" }>()
  readonly #followers = new Set<string>()

  /** `changed` is called when a window has come or gone. */
  constructor(channel: Channel, show: MirroredShow, changed: () => void) {
    this.#channel = channel
    this.#show = show
    this.#changed = changed
    channel.onmessage = (event) => this.#hear(envelopeOf(event.data))
    this.#say({ tag: "presenting" })
    this.moved()
  }

  /** How many windows follow. */
  get followers(): number {
    return this.#followers.size
  }

  /** The show is somewhere else now. */
  moved(): void {
    this.#say({ tag: "place", place: this.#show.place() })
  }

  /** A file has another text now. */
  text(project: string, file: string, text: string): void {
    const message = { tag: "text", project, file, text } as const
    this.#texts.set(key(project, file), message)
    this.#say(message)
  }

  /** Something happened in a cell. */
  act(project: string, file: string, act: CellAct): void {
    this.#log.add(key(project, file), act)
    this.#say({ tag: "cell", project, file, act })
  }

  close(): void {
    this.#say({ tag: "left" })
    this.#channel.close()
  }

  #hear(envelope: Envelope | undefined): void {
    if (envelope === undefined) return
    const { from } = envelope
    const message = envelope.message as FromProjected
    switch (message.tag) {
      case "arrived":
        // It has the texts before the runs of them, and is where we are before anything happens there.
        this.#say({ tag: "presenting" })
        this.moved()
        for (const text of this.#texts.values()) this.#say(text)
        for (const [cell, act] of this.#log.all()) this.#say({ tag: "cell", ...unkey(cell), act })
        return
      case "following":
        this.#followers.add(from)
        return this.#changed()
      case "turned":
        if (!same(message.place, this.#show.place())) this.#show.go(message.place)
        return
      case "closed":
        this.#followers.delete(from)
        return this.#changed()
      default:
        // Another presenter's window: each leads, and the last one to do something is right.
        message satisfies never
    }
  }

  #say(message: FromPresenter): void {
    this.#channel.postMessage({ version: MIRROR_VERSION, from: this.#me, message })
  }
}

/** The end of a window that shows. On its own until it hears of a presenter, and again when that one has gone. */
export class Following {
  readonly #channel: Channel
  readonly #show: MirroredShow
  readonly #cells: MirroredCells
  readonly #changed: () => void
  readonly #me = windowName()
  #leader = false
  /** Where the presenter was last. What is done on their behalf is not told to them. */
  #led: Place | undefined

  /** `changed` is called when a presenter leads the window from now on, or no more. */
  constructor(channel: Channel, show: MirroredShow, cells: MirroredCells, changed: () => void) {
    this.#channel = channel
    this.#show = show
    this.#cells = cells
    this.#changed = changed
    channel.onmessage = (event) => this.#hear(envelopeOf(event.data))
    this.#say({ tag: "arrived" })
  }

  /** Whether a presenter leads this window. */
  get led(): boolean {
    return this.#leader
  }

  /** The show is somewhere else now. */
  moved(): void {
    const place = this.#show.place()
    if (!this.#leader || (this.#led !== undefined && same(place, this.#led))) return
    this.#led = place
    this.#say({ tag: "turned", place })
  }

  close(): void {
    if (this.#leader) this.#say({ tag: "closed" })
    this.#channel.close()
  }

  #hear(envelope: Envelope | undefined): void {
    if (envelope === undefined) return
    const message = envelope.message as FromPresenter
    switch (message.tag) {
      case "presenting":
        this.#say({ tag: "following" })
        return this.#lead(true)
      case "place":
        this.#led = message.place
        if (!same(message.place, this.#show.place())) this.#show.go(message.place)
        return
      case "text":
        return this.#cells.text(message.project, message.file, message.text)
      case "cell":
        return this.#cells.perform(message.project, message.file, message.act)
      case "left":
        this.#led = undefined
        return this.#lead(false)
      default:
        // Other windows that show, and say so.
        message satisfies never
    }
  }

  #lead(led: boolean): void {
    if (led === this.#leader) return
    this.#leader = led
    this.#changed()
  }

  #say(message: FromProjected): void {
    this.#channel.postMessage({ version: MIRROR_VERSION, from: this.#me, message })
  }
}

// Files have blanks in their names no more often than projects do.
const key = (project: string, file: string): string => `${project} ${file}`
const unkey = (cell: string): { project: string; file: string } => {
  const blank = cell.indexOf(" ")
  return { project: cell.slice(0, blank), file: cell.slice(blank + 1) }
}
