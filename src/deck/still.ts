// A slide as a picture of itself: for the presenter's view of what comes next. Nothing in it runs, and nothing in it can
// be reached.

/** A copy of `slide` in which `steps` of its fragments are shown. */
export function stillOf(slide: HTMLElement, steps: number): HTMLElement {
  const still = slide.cloneNode(true) as HTMLElement
  for (const notes of still.querySelectorAll("aside.notes")) notes.remove()
  // A copied cell would be a second cell: its text stands for it.
  for (const cell of still.querySelectorAll<HTMLElement>("mirage-cell")) {
    const box = document.createElement("div")
    box.className = "still-cell"
    for (const pre of cell.querySelectorAll(":scope > .cell-code:not([hidden]) pre, :scope > pre.cell-output")) {
      const text = document.createElement("pre")
      text.append(...pre.childNodes)
      box.append(text)
    }
    cell.replaceWith(box)
  }
  for (const e of [still, ...still.querySelectorAll("[id]")]) e.removeAttribute("id")
  // reveal.js gives every fragment its number, and several may share one.
  for (const fragment of still.querySelectorAll<HTMLElement>(".fragment")) {
    fragment.classList.remove("current-fragment")
    fragment.classList.toggle("visible", Number(fragment.dataset["fragmentIndex"] ?? 0) < steps)
  }
  still.className = [...still.classList].filter((c) => c !== "past" && c !== "future").join(" ")
  still.classList.add("present")
  still.removeAttribute("style")
  still.hidden = false
  still.removeAttribute("aria-hidden")
  return still
}

/** How many steps a slide has: fragments that appear together are one. */
export function stepsOf(slide: HTMLElement): number {
  const numbers = [...slide.querySelectorAll<HTMLElement>(".fragment")].map((f) => f.dataset["fragmentIndex"])
  return new Set(numbers).size
}
