// The search dialog: a box to type into and the slides that are meant, in the pattern of a combobox with a list (WAI-ARIA
// Authoring Practices). A number is a slide's number, so `G`, `1`, `2`, Enter goes to slide 12.

import { type Hit, search, type Searched } from "./search-index.ts"

/** What the dialog wants of its page. */
export interface SearchHost {
  /** All slides, in reading order. */
  slides(): readonly HTMLElement[]
  /** The code of files that have no place on the page, by the entry of their cell. May come late, or not at all. */
  code(): Promise<ReadonlyMap<string, string>>
  go(id: string): void
}

/** Search, made when it is first wanted. */
export class Search {
  readonly #host: SearchHost
  #dialog: HTMLDialogElement | undefined
  #index: readonly Searched[] = []
  #hits: readonly Hit[] = []
  #chosen = 0

  constructor(host: SearchHost) {
    this.#host = host
  }

  /** Open it, with the box empty. */
  open(): void {
    this.#dialog ??= this.#make()
    if (this.#dialog.open) return
    this.#index = indexOf(this.#host.slides(), new Map())
    this.#box.value = ""
    this.#find()
    this.#dialog.showModal()
    this.#box.focus()
    // The other files of the cells are fetched with the project; what is found until then is found in the page.
    this.#host
      .code()
      .then((code) => {
        this.#index = indexOf(this.#host.slides(), code)
        // Whoever has moved through the list by now stays where they are.
        this.#find(this.#hits[this.#chosen]?.slide.id)
      })
      .catch(() => {})
  }

  get #box(): HTMLInputElement {
    return this.#dialog?.querySelector("input") as HTMLInputElement
  }

  #make(): HTMLDialogElement {
    const dialog = document.createElement("dialog")
    dialog.className = "deck-search"
    dialog.setAttribute("aria-label", "Search the slides")
    dialog.innerHTML = `
      <input type="text" role="combobox" aria-label="Words, or a slide's number" placeholder="Words, or a slide's number"
        aria-autocomplete="list" aria-expanded="true" aria-controls="deck-hits" autocomplete="off" autocapitalize="off" spellcheck="false">
      <ul id="deck-hits" role="listbox" aria-label="Slides"></ul>
      <p role="status"></p>`
    const box = dialog.querySelector("input") as HTMLInputElement
    box.addEventListener("input", () => this.#find())
    box.addEventListener("keydown", (event) => this.#key(event))
    const list = dialog.querySelector("ul") as HTMLElement
    list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]")
      if (option !== null) this.#go(Number(option.dataset["at"]))
    })
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && !inside(dialog, event)) dialog.close()
    })
    document.body.append(dialog)
    return dialog
  }

  /** List what the words in the box mean, and choose the slide `keep` if it is among them, or else the first. */
  #find(keep?: string): void {
    this.#hits = search(this.#index, this.#box.value)
    this.#chosen = 0
    const list = this.#dialog?.querySelector("ul") as HTMLElement
    list.replaceChildren(...this.#hits.map(option))
    const count = this.#hits.length
    const says = count === 0 ? "No slide has these words." : count === 1 ? "1 slide" : `${count} slides`
    const status = this.#dialog?.querySelector("[role=status]")
    if (status != null) status.textContent = says
    this.#choose(
      Math.max(
        0,
        this.#hits.findIndex((hit) => hit.slide.id === keep),
      ),
    )
  }

  #choose(at: number): void {
    const options = this.#dialog?.querySelectorAll<HTMLElement>("[role=option]") ?? []
    options[this.#chosen]?.setAttribute("aria-selected", "false")
    this.#chosen = at
    const chosen = options[at]
    if (chosen === undefined) return this.#box.removeAttribute("aria-activedescendant")
    chosen.setAttribute("aria-selected", "true")
    this.#box.setAttribute("aria-activedescendant", chosen.id)
    chosen.scrollIntoView({ block: "nearest" })
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return
    const last = this.#hits.length - 1
    const page = 8
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#chosen === last ? 0 : this.#chosen + 1,
      ArrowUp: this.#chosen === 0 ? last : this.#chosen - 1,
      PageDown: Math.min(last, this.#chosen + page),
      PageUp: Math.max(0, this.#chosen - page),
    }
    const to = moves[event.key]
    if (to !== undefined) {
      event.preventDefault()
      if (last >= 0) this.#choose(to)
    } else if (event.key === "Enter") {
      event.preventDefault()
      this.#go(this.#chosen)
    }
  }

  #go(at: number): void {
    const hit = this.#hits[at]
    if (hit === undefined) return
    this.#dialog?.close()
    this.#host.go(hit.slide.id)
  }
}

function option({ slide, number, where, excerpt }: Hit, at: number): HTMLElement {
  const item = document.createElement("li")
  item.id = `deck-hit-${at}`
  item.setAttribute("role", "option")
  item.setAttribute("aria-selected", "false")
  item.dataset["at"] = String(at)
  const line = (kind: string, text: string) => {
    const span = document.createElement("span")
    span.className = kind
    span.textContent = text
    return span
  }
  item.append(line("number", String(number)), " ", line("title", slide.title), " ", line("section", slide.section))
  if (excerpt !== "") item.append(" ", line("excerpt", where === "text" ? excerpt : `${where}: ${excerpt}`))
  return item
}

function inside(dialog: HTMLElement, event: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect()
  return event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom
}

/** What the page's slides say. */
function indexOf(slides: readonly HTMLElement[], more: ReadonlyMap<string, string>): Searched[] {
  return slides.map((slide) => {
    const cells = [...slide.querySelectorAll<HTMLElement>("mirage-cell")]
    const notes = slide.querySelector("aside.notes")
    const heading = slide.querySelector("h1, h2")
    const rest = slide.cloneNode(true) as HTMLElement
    for (const e of rest.querySelectorAll("h1, h2, mirage-cell, aside.notes, script, style")) e.remove()
    return {
      id: slide.id,
      title: heading?.textContent?.trim() ?? slide.id,
      section: slide.parentElement?.dataset["title"] ?? "",
      text: rest.textContent ?? "",
      notes: notes?.textContent ?? "",
      code: cells
        .map((cell) => more.get(cell.getAttribute("file") ?? "") ?? cell.querySelector(".cell-code")?.textContent ?? "")
        .concat([...rest.querySelectorAll("pre")].map((pre) => pre.textContent ?? ""))
        .join("\n"),
    }
  })
}
