// What the reader has chosen about the page itself: its theme, and whether letters are shortcuts.

import { Kept, type KeepingStorage } from "../ui/kept.ts"

/** A theme, or the system's. */
export type Theme = "system" | "light" | "dark" | "contrast"

const THEMES: readonly Theme[] = ["system", "light", "dark", "contrast"]

/** The choices, and their keeping. */
export class Choices {
  readonly #kept: Kept

  constructor(storage: () => KeepingStorage) {
    this.#kept = new Kept(storage)
  }

  get theme(): Theme {
    const kept = this.#kept.get("mirage-theme")
    return THEMES.find((theme) => theme === kept) ?? "system"
  }

  set theme(theme: Theme) {
    this.#kept.set("mirage-theme", theme === "system" ? undefined : theme)
  }

  /** Whether single letters are shortcuts. */
  get letters(): boolean {
    return this.#kept.get("mirage-letters") !== "off"
  }

  set letters(on: boolean) {
    this.#kept.set("mirage-letters", on ? undefined : "off")
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
