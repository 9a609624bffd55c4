import { describe, expect, it } from "vitest"
import { isForSlides, type KeyPathElement } from "../../src/deck/keyboard.ts"

interface Fake extends Partial<Omit<KeyPathElement, "classList" | "getAttribute">> {
  readonly classes?: string
  readonly attributes?: Readonly<Record<string, string>>
}

function element(localName: string, { classes = "", attributes = {}, ...rest }: Fake = {}): KeyPathElement {
  return {
    localName,
    classList: { contains: (name) => classes.split(" ").includes(name) },
    getAttribute: (name) => attributes[name] ?? null,
    ...rest,
  }
}

const reveal = element("div", { classes: "reveal ready" })
// What lies around every element of a slide; the document and the window are no elements.
const outside = [element("section"), reveal, element("body"), element("html"), {}, {}]

function press(key: string, path: readonly KeyPathElement[] = [], more: Readonly<Record<string, boolean>> = {}) {
  const event = { key, isComposing: false, defaultPrevented: false, altKey: false, ctrlKey: false, metaKey: false }
  return { ...event, ...more, composedPath: () => [...path, ...outside] }
}

const letters = { letters: true }
const KEYS = ["ArrowRight", "ArrowDown", " ", "Enter", "Escape", "h", "b", "n", "Home"]

describe("keys on a slide", () => {
  it.each(KEYS)("%s is the show's when nothing has the focus", (key) => {
    expect(isForSlides(press(key), letters)).toBe(true)
    expect(isForSlides(press(key, [element("h2"), element("mirage-cell")]), letters)).toBe(true)
  })

  const takers: readonly (readonly [string, readonly KeyPathElement[]])[] = [
    ["a text area", [element("textarea")]],
    ["a text area in a shadow tree", [element("textarea"), element("div"), element("mirage-cell")]],
    ["an editor with an EditContext", [element("div", { classes: "native-edit-context", editContext: {} })]],
    ["Monaco", [element("span"), element("div", { classes: "monaco-editor vs-dark" })]],
    ["an input without a type", [element("input")]],
    ["an input for numbers", [element("input", { attributes: { type: "number" } })]],
    ["a select", [element("select")]],
    ["something editable", [element("p", { isContentEditable: true })]],
    ["a tab", [element("button"), element("div", { attributes: { role: "tablist" } })]],
    ["a slider", [element("div", { attributes: { role: "slider" } })]],
    ["an open dialog", [element("button"), element("dialog")]],
  ]
  it.each(takers)("none is the show's in %s", (_, path) => {
    for (const key of KEYS) expect([key, isForSlides(press(key, path), letters)]).toEqual([key, false])
  })

  const pressed: readonly (readonly [string, KeyPathElement])[] = [
    ["a button", element("button")],
    ["a link", element("a")],
    ["a summary", element("summary")],
    ["a checkbox", element("input", { attributes: { type: "checkbox" } })],
    ["a switch", element("div", { attributes: { role: "switch" } })],
  ]
  it.each(pressed)("Space and Enter press %s, and arrows turn the slide", (_, it) => {
    const path = [element("span"), it, element("mirage-cell")]
    expect(isForSlides(press(" ", path), letters)).toBe(false)
    expect(isForSlides(press("Enter", path), letters)).toBe(false)
    expect(isForSlides(press("ArrowRight", path), letters)).toBe(true)
    expect(isForSlides(press("Escape", path), letters)).toBe(true)
  })

  it("lets code with the focus scroll as long as it can", () => {
    const code = (scrollHeight: number) =>
      element("pre", { attributes: { tabindex: "0" }, scrollHeight, clientHeight: 300 })
    expect(isForSlides(press("ArrowDown", [code(500)]), letters)).toBe(false)
    expect(isForSlides(press("ArrowRight", [code(500)]), letters)).toBe(true)
    expect(isForSlides(press("ArrowDown", [code(300)]), letters)).toBe(true)
  })

  it("turns slides over code that is only to be read, and not over a text box", () => {
    const box = (readonly: string) => element("div", { attributes: { role: "textbox", "aria-readonly": readonly } })
    expect(isForSlides(press("ArrowRight", [box("true")]), letters)).toBe(true)
    expect(isForSlides(press("ArrowRight", [box("false")]), letters)).toBe(false)
  })

  it("does not look beyond the show: what holds it may be anything", () => {
    const event = { ...press("ArrowRight"), composedPath: () => [element("p"), reveal, element("dialog")] }
    expect(isForSlides(event, letters)).toBe(true)
  })
})

it("leaves composed text, keys that somebody has taken, and the browser's own alone", () => {
  expect(isForSlides(press("n", [], { isComposing: true }), letters)).toBe(false)
  expect(isForSlides(press("ArrowLeft", [], { defaultPrevented: true }), letters)).toBe(false)
  expect(isForSlides(press("ArrowLeft", [], { altKey: true }), letters)).toBe(false)
  expect(isForSlides(press("p", [], { ctrlKey: true }), letters)).toBe(false)
  expect(isForSlides(press("f", [], { metaKey: true }), letters)).toBe(false)
})

it("gives up single letters and signs when asked to, and no other key", () => {
  const off = { letters: false }
  for (const key of ["n", "B", "ж", ".", "?", ";"]) expect([key, isForSlides(press(key), off)]).toEqual([key, false])
  for (const key of ["ArrowRight", " ", "Escape", "Home", "F1"]) expect(isForSlides(press(key), off)).toBe(true)
})
