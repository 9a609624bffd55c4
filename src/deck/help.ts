// The page's help: its keys, and the switch for those that are single letters.

import type { Choices } from "./choices.ts"

const MAC = /^(Mac|iP)/.test(navigator.platform)

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["Space"], "the next slide, or the next step of this one"],
  [["Shift Space"], "back"],
  [["↓", "↑"], "through a section"],
  [["→", "←"], "to the next section, or the one before"],
  [["Home", "End"], "to the first section, to the last"],
  [["Esc"], "all slides at once; Enter or Esc goes back"],
  [[MAC ? "⌘ K" : "Ctrl K"], "search slides, notes and code"],
  [["?", "F1"], "this help"],
]

const LETTER_KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["N", "P"], "the next slide, the one before"],
  [["H", "J", "K", "L"], "left, down, up, right"],
  [["/"], "search slides, notes and code"],
  [["G"], "go to a slide: its number, Enter"],
  [["S"], "the presenter's window: notes, clock, next slide"],
  [["B"], "black screen"],
  [["F"], "full screen"],
]

const CELL_KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [[MAC ? "⌘ Enter" : "Ctrl Enter"], "run"],
  [["Shift Enter"], "run, and on to the next program"],
  [["F12"], "to where a name is defined, into the library OS too"],
  [[MAC ? "⌃ ⇧ M" : "Ctrl M"], "let Tab leave the editor"],
  [["Esc"], "leave the editor"],
]

/** The help dialog, made when it is first wanted. */
export class Help {
  readonly #choices: Choices
  #dialog: HTMLDialogElement | undefined

  constructor(choices: Choices) {
    this.#choices = choices
  }

  open(): void {
    this.#dialog ??= this.#make()
    if (!this.#dialog.open) this.#dialog.showModal()
  }

  #make(): HTMLDialogElement {
    const dialog = document.createElement("dialog")
    dialog.className = "deck-help"
    dialog.setAttribute("aria-labelledby", "deck-help-title")
    dialog.innerHTML = `
      <form method="dialog"><h2 id="deck-help-title">Help</h2><button type="submit">Close</button></form>
      <div class="deck-help-keys">
        <section><h3>Slides</h3>${table(KEYS)}</section>
        <section><h3>In a program</h3>${table(CELL_KEYS)}</section>
        <section><h3>Single letters</h3>${table(LETTER_KEYS)}
          <label><input type="checkbox"> single letters are shortcuts</label></section>
      </div>
      <p><a href="notebooks/lwt.html">A notebook on Lwt</a>, with exercises, to be read at your own pace.</p>
      <p>Your changes to the programs are kept in this browser. Reset takes a program back to what it was.</p>`
    const letters = dialog.querySelector("input") as HTMLInputElement
    letters.checked = this.#choices.letters
    letters.addEventListener("change", () => {
      this.#choices.letters = letters.checked
    })
    // A click on the backdrop has the dialog itself as its target, and lies outside of its box.
    dialog.addEventListener("click", (event) => {
      const { left, right, top, bottom } = dialog.getBoundingClientRect()
      const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom
      if (event.target === dialog && !inside) dialog.close()
    })
    document.body.append(dialog)
    return dialog
  }
}

function table(rows: readonly (readonly [readonly string[], string])[]): string {
  const row = ([keys, what]: readonly [readonly string[], string]) =>
    `<tr><th scope="row">${keys.map((key) => `<kbd>${key}</kbd>`).join(" ")}</th><td>${what}</td></tr>`
  return `<table>${rows.map(row).join("")}</table>`
}
