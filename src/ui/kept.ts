// What the reader has chosen, kept in local storage, and where that is denied, for as long as the page lives.

/** The part of `Storage` that is used. */
export interface KeepingStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Values by name, which survive a reload where that is allowed. */
export class Kept {
  readonly #storage: () => KeepingStorage
  readonly #memory = new Map<string, string>()

  /** `storage` is asked for each time, since the mere mention of `localStorage` throws where it is denied. */
  constructor(storage: () => KeepingStorage) {
    this.#storage = storage
  }

  get(key: string): string | undefined {
    try {
      return this.#memory.get(key) ?? this.#storage().getItem(key) ?? undefined
    } catch {
      return this.#memory.get(key)
    }
  }

  set(key: string, value: string | undefined): void {
    try {
      if (value === undefined) this.#storage().removeItem(key)
      else this.#storage().setItem(key, value)
      this.#memory.delete(key)
    } catch {
      // The empty string is no choice, and hides what may still be in a storage that can be read but not written.
      this.#memory.set(key, value ?? "")
    }
  }
}
