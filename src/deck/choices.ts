// What the reader has chosen about the page itself: its theme, and whether letters are shortcuts. Kept in local storage,
// and where that is denied, for as long as the page lives.

/** A theme, or the system's. */
export type Theme = "system" | "light" | "dark" | "contrast"

const THEMES: readonly Theme[] = ["system", "light", "dark", "contrast"]

/** The part of `Storage` that is used. */
export interface ChoiceStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The choices, and their keeping. */
export class Choices {
  readonly #storage: () => ChoiceStorage
  readonly #memory = new Map<string, string>()

  /** `storage` is asked for each time, since the mere mention of `localStorage` throws where it is denied. */
  constructor(storage: () => ChoiceStorage) {
    this.#storage = storage
  }

  get theme(): Theme {
    const kept = this.#get("mirage-theme")
    return THEMES.find((theme) => theme === kept) ?? "system"
  }

  set theme(theme: Theme) {
    this.#set("mirage-theme", theme === "system" ? undefined : theme)
  }

  /** Whether single letters are shortcuts. */
  get letters(): boolean {
    return this.#get("mirage-letters") !== "off"
  }

  set letters(on: boolean) {
    this.#set("mirage-letters", on ? undefined : "off")
  }

  #get(key: string): string | undefined {
    try {
      return this.#memory.get(key) ?? this.#storage().getItem(key) ?? undefined
    } catch {
      return this.#memory.get(key)
    }
  }

  #set(key: string, value: string | undefined): void {
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

/** The theme after `theme`, for a button that goes through all of them. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme
}

/** Show `theme`: style sheets and editors look at `data-theme` of the root element, which is absent for the system's. */
export function applyTheme(theme: Theme, root: HTMLElement): void {
  if (theme === "system") delete root.dataset["theme"]
  else root.dataset["theme"] = theme
}
