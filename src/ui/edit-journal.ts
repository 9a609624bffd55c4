// The last keystrokes before a page goes. IndexedDB writes a moment later, and a page that is being left hears of nothing a
// moment later: what it has asked for by then may be dropped with it. So every edit is first put down here, at once, and
// struck out when the database has it; what is still here when a page loads is what the one before could not write.

/** The part of `localStorage` that is used. Any of it may throw: storage denied, or full. */
export type JournalStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">

const PREFIX = "mirage-edit "

/** Entries of one deck, by key. An entry's text is the caller's business. */
export class EditJournal {
  readonly #prefix: string
  readonly #storage: () => JournalStorage

  /** `storage` is asked each time, since naming `localStorage` may throw by itself. */
  constructor(deck: string, storage: () => JournalStorage) {
    this.#prefix = `${PREFIX}${deck} `
    this.#storage = storage
  }

  /** Put down an entry, over an older one of the same key. */
  put(key: string, entry: string): void {
    try {
      this.#storage().setItem(this.#prefix + key, entry)
    } catch {
      // The database may have more room, and says so itself if it has not.
    }
  }

  /** Strike out an entry, if it is still the one that was put down. */
  strike(key: string, entry: string): void {
    try {
      const storage = this.#storage()
      if (storage.getItem(this.#prefix + key) === entry) storage.removeItem(this.#prefix + key)
    } catch {
      // Then it is found at the next load, and is no newer than what the database has.
    }
  }

  /** All entries. */
  entries(): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    try {
      const storage = this.#storage()
      for (let i = 0; i < storage.length; i++) {
        const name = storage.key(i)
        if (name?.startsWith(this.#prefix) !== true) continue
        const entry = storage.getItem(name)
        if (entry !== null) found.set(name.slice(this.#prefix.length), entry)
      }
    } catch {
      // Denied: there was nothing put down either.
    }
    return found
  }
}
