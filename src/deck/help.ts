// The page's help: its keys, and the switch for those that are single letters. Slides and notebooks have the same, opened by
// the same button and keys (WCAG 2.2, 3.2.6).

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
  [[MAC ? "⌃ ⇧ M" : "Ctrl M"], "let Tab leave the editor; leave a shell"],
  [["Esc"], "leave the editor"],
]

const NOTEBOOK_KEYS = KEYS.filter(([, what]) => what === "this help")

/** What the help's button is called, wherever it is. */
export const HELP_NAME = "Help and keys (?)"

/** Whether a key asks for the help. */
export function asksForHelp(key: string): boolean {
  return key === "?" || key === "F1"
}

/** The help dialog, made when it is first wanted. */
export class Help {
  readonly #choices: Choices
  readonly #page: "deck" | "notebook"
  #dialog: HTMLDialogElement | undefined

  constructor(choices: Choices, page: "deck" | "notebook" = "deck") {
    this.#choices = choices
    this.#page = page
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
      ${this.#page === "deck" ? DECK_HELP : NOTEBOOK_HELP}
      <p>The badge of a program says where it runs, and lets you choose: in this page, or in a WebContainer, with a shell.</p>
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

const letterSwitch = '<label><input type="checkbox"> single letters are shortcuts</label>'

const DECK_HELP = `
  <div class="deck-help-keys">
    <section><h3>Slides</h3>${table(KEYS)}</section>
    <section><h3>In a program</h3>${table(CELL_KEYS)}</section>
    <section><h3>Single letters</h3>${table(LETTER_KEYS)}${letterSwitch}</section>
  </div>
  <p><a href="notebooks/lwt.html">A notebook on Lwt</a>, with exercises, to be read at your own pace.</p>`

const NOTEBOOK_HELP = `
  <div class="deck-help-keys">
    <section><h3>In a program</h3>${table(CELL_KEYS)}</section>
    <section><h3>On this page</h3>${table(NOTEBOOK_KEYS)}${letterSwitch}</section>
  </div>
  <p>Check runs your program and says what is missing; Hint says a little more each time, and Solution shows one.
  <a href="../index.html">The slides of the tutorial</a> have the same programs in fewer words.</p>`
