// The reader's edits, kept in IndexedDB: per deck, file and the starting text that they began from.
//
// An edit is put into a journal at once and written soon after typing stops, or when the page is hidden, so it survives a
// reload and a crash at any moment (edit-journal.ts).
// When an author has changed the starting text since, the edit is still found, under the old text's hash: the reader
// keeps theirs and is told. Two tabs on one deck follow each other; if both have typed into one file, the later write
// wins and the earlier text is handed out rather than lost. Where storage is denied everything works from memory.

import { createStore, type UseStore } from "idb-keyval"
import { EditJournal, type JournalStorage } from "./edit-journal.ts"
import type { Later } from "./text/announcer.ts"

/** What is stored. */
export interface Edit {
  readonly deck: string
  readonly file: string
  /** Hash of the starting text of the page that wrote it: with deck and file, the key. */
  readonly base: string
  /** Hash of the starting text that the reader last knew of. Other than `base`, they have yet to be told of the change. */
  readonly basedOn: string
  readonly text: string
  /** When it was written, milliseconds since 1970, and by which page. */
  readonly at: number
  readonly writer: string
}

/** A kept text, and whether the author has changed the starting text under it. */
export interface Kept {
  readonly text: string
  readonly stale: boolean
}

/** What the outside lends: so that tests need no clock and no browser. */
export interface EditsHost {
  now(): number
  later: Later
  /** Where the journal is: `localStorage`. May throw. */
  journal(): JournalStorage
  /** Storage is denied or full; said once for each `Edits`. */
  denied(reason: string): void
  /** Another page of this browser changed a file. `text` is undefined when it took the edit back. */
  foreign(file: string, text: string | undefined): void
  /** Both this page and another changed a file. This page's text is kept; `theirs` is what was there. */
  conflict(file: string, theirs: string): void
}

const WRITE_MS = 300
/** A browser whose database does not open in this time is treated as one that denies it. */
const OPEN_MS = 4000

let writers = 0

/** All edits of one deck. Call `load` first. */
export class Edits {
  readonly #deck: string
  readonly #host: EditsHost
  readonly #writer: string
  readonly #channel: BroadcastChannel | undefined
  readonly #journal: EditJournal
  /** By key. */
  readonly #known = new Map<string, Edit>()
  /** Keys to write; `undefined` is to be deleted. */
  readonly #dirty = new Map<string, Edit | undefined>()
  /** What this page last read under a key, by writer and time. */
  readonly #seen = new Map<string, string>()
  /** Keys that are being written. */
  readonly #flying = new Set<string>()
  #store: UseStore | undefined
  #loaded = false
  #loading: Promise<void> | undefined
  #cancel: (() => void) | undefined
  #writing: Promise<void> = Promise.resolve()
  #denied = false

  constructor(deck: string, host: EditsHost) {
    this.#deck = deck
    this.#host = host
    this.#journal = new EditJournal(deck, () => host.journal())
    writers += 1
    this.#writer = `${host.now().toString(36)}-${Math.random().toString(36).slice(2)}-${writers}`
    this.#channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("mirage-edits")
    if (this.#channel !== undefined) this.#channel.onmessage = (e: MessageEvent<Message>) => this.#hear(e.data)
  }

  /** Read what is kept. Never rejects. */
  load(): Promise<void> {
    this.#loading ??= this.#load()
    return this.#loading
  }

  /** Whether there is any edit of these files, from whatever starting text. */
  has(files: readonly string[]): boolean {
    return [...this.#known.values()].some((e) => files.includes(e.file))
  }

  /** The kept text of a file whose starting text is `starting`, if the reader has changed it. */
  get(file: string, starting: string): Kept | undefined {
    const base = hash(starting)
    const edit = this.#find(file, base)
    if (edit === undefined || edit.text === starting) return undefined
    return { text: edit.text, stale: edit.basedOn !== base }
  }

  /** The reader's text from now on. The starting text itself takes the edit back. */
  set(file: string, starting: string, text: string): void {
    const base = hash(starting)
    this.#put(file, base, this.#find(file, base)?.basedOn ?? base, starting, text)
  }

  /** The reader knows that the starting text has changed. */
  acknowledge(file: string, starting: string): void {
    const base = hash(starting)
    const edit = this.#find(file, base)
    if (edit !== undefined) this.#put(file, base, base, starting, edit.text)
  }

  /** Write what is still to be written, now. Never rejects. */
  flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    const changes = new Map(this.#dirty)
    if (changes.size === 0) return this.#writing
    this.#dirty.clear()
    // Not chained to the write before it: at the end of a page's life only what is begun at once gets done. IndexedDB
    // keeps the order of transactions itself.
    this.#writing = this.#write(changes)
    return this.#writing
  }

  /** Stop listening to other pages, after a last flush. */
  async close(): Promise<void> {
    await this.flush()
    this.#channel?.close()
  }

  #find(file: string, base: string): Edit | undefined {
    const exact = this.#known.get(key(file, base))
    if (exact !== undefined) return exact
    let latest: Edit | undefined
    for (const edit of this.#known.values()) {
      if (edit.file === file && (latest === undefined || edit.at > latest.at)) latest = edit
    }
    return latest
  }

  #put(file: string, base: string, basedOn: string, starting: string, text: string): void {
    const k = key(file, base)
    const others = [...this.#known.values()].some((e) => e.file === file && e.base !== base)
    if (text === starting && !others) {
      this.#known.delete(k)
      this.#change(k, undefined)
    } else {
      // Taken back while an edit of an older starting text is kept: that one must not come up again, so say so.
      const edit: Edit = {
        deck: this.#deck,
        file,
        base,
        basedOn: text === starting ? base : basedOn,
        text,
        at: this.#host.now(),
        writer: this.#writer,
      }
      this.#known.set(k, edit)
      this.#change(k, edit)
    }
  }

  /** To be written soon; in the journal until then. */
  #change(k: string, edit: Edit | undefined): void {
    this.#dirty.set(k, edit)
    this.#journal.put(k, entryOf(edit))
    this.#cancel ??= this.#host.later(() => {
      this.#cancel = undefined
      void this.flush()
    }, WRITE_MS)
  }

  async #load(): Promise<void> {
    try {
      this.#store = createStore("mirage-tutorial", "edits")
      const range = IDBKeyRange.bound([this.#deck], [this.#deck, []])
      const reading = this.#store("readonly", (store) => settled<Edit[]>(store.getAll(range)))
      let cancel = () => {}
      const late = new Promise<never>((_, reject) => {
        cancel = this.#host.later(() => reject(new Error("the browser's database does not open")), OPEN_MS)
      })
      const edits = await Promise.race([reading, late]).finally(cancel)
      for (const edit of edits) {
        const k = key(edit.file, edit.base)
        this.#seen.set(k, stamp(edit))
        // What was typed while the database opened is newer.
        if (!this.#dirty.has(k)) this.#known.set(k, edit)
      }
    } catch (e) {
      this.#deny(e)
    }
    this.#takeJournal()
    this.#loaded = true
  }

  /** What an earlier page put down and could not write is newer than what is stored, unless yet another page wrote. */
  #takeJournal(): void {
    for (const [k, entry] of this.#journal.entries()) {
      if (this.#dirty.has(k)) continue
      const put = parseEntry(entry)
      const stored = this.#known.get(k)
      if (put === undefined || (stored !== undefined && put.edit !== undefined && stored.at >= put.edit.at)) {
        this.#journal.strike(k, entry)
        continue
      }
      if (put.edit === undefined) this.#known.delete(k)
      else this.#known.set(k, put.edit)
      this.#change(k, put.edit)
    }
  }

  async #write(changes: ReadonlyMap<string, Edit | undefined>): Promise<void> {
    // Awaited only when it has to be: on a page that is being closed nothing after an `await` is sure to happen.
    if (!this.#loaded) await this.load()
    const store = this.#store
    if (store === undefined) return
    const lost: Edit[] = []
    for (const k of changes.keys()) this.#flying.add(k)
    try {
      await store("readwrite", (objects) => {
        for (const [k, edit] of changes) {
          const [file, base] = unkey(k)
          const id = [this.#deck, file, base]
          const reading: IDBRequest<Edit | undefined> = objects.get(id)
          reading.onsuccess = () => {
            const there = reading.result
            if (there !== undefined && this.#unseen(there) && there.text !== edit?.text) lost.push(there)
          }
          // Asked for now, and done after the reading. A page that is being closed hears of no answer, and what it would
          // ask for then would never be.
          if (edit === undefined) objects.delete(id)
          else objects.put(edit, id)
        }
        const done = finished(objects.transaction)
        // Nor does its transaction end by itself: one that nobody has committed goes with the page.
        objects.transaction.commit()
        return done
      })
    } catch (e) {
      this.#deny(e)
      return
    } finally {
      for (const k of changes.keys()) this.#flying.delete(k)
    }
    for (const [k, edit] of changes) this.#journal.strike(k, entryOf(edit))
    for (const edit of lost) this.#host.conflict(edit.file, edit.text)
    for (const [k, edit] of changes) {
      const [file, base] = unkey(k)
      const message: Message = { deck: this.#deck, file, base, writer: this.#writer, ...(edit && { edit }) }
      this.#channel?.postMessage(message)
    }
  }

  /** Whether another page wrote this and this page has not read it. */
  #unseen(there: Edit): boolean {
    return there.writer !== this.#writer && this.#seen.get(key(there.file, there.base)) !== stamp(there)
  }

  #hear(message: Message): void {
    if (message.deck !== this.#deck || message.writer === this.#writer) return
    const k = key(message.file, message.base)
    // Typed into here too: leave it to the write, which finds the conflict.
    if (this.#dirty.has(k) || this.#flying.has(k)) return
    if (message.edit === undefined) this.#known.delete(k)
    else {
      this.#known.set(k, message.edit)
      this.#seen.set(k, stamp(message.edit))
    }
    this.#host.foreign(message.file, message.edit?.text)
  }

  #deny(e: unknown): void {
    if (this.#denied) return
    this.#denied = true
    this.#store = undefined
    this.#host.denied(e instanceof Error ? e.message : String(e))
  }
}

interface Message {
  readonly deck: string
  readonly file: string
  readonly base: string
  readonly writer: string
  readonly edit?: Edit
}

/** An edit, or that there is none any more, as the journal has it. */
const entryOf = (edit: Edit | undefined): string => JSON.stringify({ edit })

function parseEntry(entry: string): { edit: Edit | undefined } | undefined {
  try {
    const { edit } = JSON.parse(entry) as { edit?: Partial<Edit> }
    if (edit === undefined) return { edit }
    const whole = typeof edit.text === "string" && typeof edit.file === "string" && typeof edit.at === "number"
    return whole ? { edit: edit as Edit } : undefined
  } catch {
    return undefined
  }
}

const stamp = (edit: Edit): string => `${edit.writer} ${edit.at}`
const key = (file: string, base: string): string => `${base} ${file}`
const unkey = (k: string): [file: string, base: string] => {
  const blank = k.indexOf(" ")
  return [k.slice(blank + 1), k.slice(0, blank)]
}

function settled<A>(request: IDBRequest<A>): Promise<A> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
    transaction.onerror = () => reject(transaction.error)
  })
}

/** 53 bits that tell texts apart: not cryptography, `crypto.subtle` is not there on a page without TLS. (cyrb53's scheme.) */
export function hash(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 0x9e3779b1)
    b = Math.imul(b ^ c, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}
