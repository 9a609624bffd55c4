// How far the reader is with each exercise, kept in IndexedDB beside the edits. It only ever goes forward: resetting a
// cell's text, or an older page in another tab, takes nothing back. Where storage is denied it lasts as long as the page.

import { createStore, entries, update, type UseStore } from "idb-keyval"

/** Nothing done yet; checked or looked at a hint; passed every check once. */
export type Stage = "new" | "tried" | "passed"

/** How far the reader is with one exercise. */
export interface Standing {
  readonly stage: Stage
  /** How many hints have been shown. */
  readonly hints: number
  /** The solution has been shown. */
  readonly solution: boolean
}

/** Nothing done yet. */
export const NOT_STARTED: Standing = { stage: "new", hints: 0, solution: false }

const STAGES: readonly Stage[] = ["new", "tried", "passed"]

/** The further of both, in each respect. */
export function further(a: Standing, b: Standing): Standing {
  return {
    stage: STAGES.indexOf(a.stage) < STAGES.indexOf(b.stage) ? b.stage : a.stage,
    hints: Math.max(a.hints, b.hints),
    solution: a.solution || b.solution,
  }
}

/** A stage in the reader's words. */
export function stageText(stage: Stage): string {
  return { new: "not started", tried: "tried", passed: "passed" }[stage]
}

/** The progress of a browser, over all decks and notebooks. */
export class Progress {
  readonly #known = new Map<string, Standing>()
  readonly #heard = new Set<() => void>()
  readonly #channel: BroadcastChannel | undefined
  #store: UseStore | undefined
  #loading: Promise<void> | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor() {
    this.#channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("mirage-progress")
    if (this.#channel === undefined) return
    this.#channel.onmessage = ({ data }: MessageEvent<readonly [string, Standing]>) => this.#take(...data)
  }

  /** Read what is kept. Never rejects. */
  load(): Promise<void> {
    this.#loading ??= this.#load()
    return this.#loading
  }

  /** How far the reader is with the exercise whose file is `entry`. */
  of(project: string, entry: string): Standing {
    return this.#known.get(key(project, entry)) ?? NOT_STARTED
  }

  /** The reader has come as far as `to`. */
  advance(project: string, entry: string, to: Partial<Standing>): void {
    const k = key(project, entry)
    const standing = further(this.of(project, entry), { ...NOT_STARTED, ...to })
    this.#take(k, standing)
    this.#channel?.postMessage([k, standing])
    this.#writing = this.#write(k, standing)
  }

  /** Hear that something has changed. Call what is returned to hear no more. */
  subscribe(heard: () => void): () => void {
    this.#heard.add(heard)
    return () => this.#heard.delete(heard)
  }

  /** Resolves when what was said last is kept, or cannot be. */
  async written(): Promise<void> {
    await this.#writing
  }

  /** Stop listening to other pages. */
  async close(): Promise<void> {
    await this.#writing
    this.#channel?.close()
  }

  #take(k: string, standing: Standing): void {
    this.#known.set(k, further(this.#known.get(k) ?? NOT_STARTED, standing))
    for (const heard of this.#heard) heard()
  }

  async #load(): Promise<void> {
    try {
      this.#store = createStore("mirage-progress", "exercises")
      for (const [k, standing] of await entries<string, Standing>(this.#store)) this.#take(k, standing)
    } catch {
      // The reader is told by the edits, which share the fate of this.
      this.#store = undefined
    }
  }

  async #write(k: string, standing: Standing): Promise<void> {
    await this.load()
    if (this.#store === undefined) return
    await update<Standing>(k, (kept) => further(kept ?? NOT_STARTED, standing), this.#store).catch(() => {})
  }
}

const key = (project: string, entry: string): string => `${project}/${entry}`
