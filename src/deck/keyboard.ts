// Which keys are the slide show's. reveal.js listens on the document and looks only at `document.activeElement`: it does
// not see into shadow trees, nor that an editor with an EditContext (Monaco's default) takes text although it is no
// input, and it turns the page when Space is pressed on a button. So every key is looked at here first.

/** What is read of an element on the key's way: a part of `Element`, so that tests can do without a browser. */
export interface KeyPathElement {
  readonly localName: string
  readonly isContentEditable?: boolean
  /** Set on elements that take text through the EditContext API. */
  readonly editContext?: unknown
  readonly classList: { contains(name: string): boolean }
  getAttribute(name: string): string | null
  readonly scrollHeight?: number
  readonly clientHeight?: number
}

/** What is read of a key press: a part of `KeyboardEvent`. */
export interface KeyPress {
  readonly key: string
  readonly isComposing: boolean
  readonly defaultPrevented: boolean
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  composedPath(): readonly unknown[]
}

/** What the reader has chosen. */
export interface KeyboardChoice {
  /** Whether single letters are shortcuts (WCAG 2.2, 2.1.4: there must be a way to switch them off). */
  readonly letters: boolean
}

// Things that text is typed into, or that want every key for themselves.
const TAKES_KEYS = new Set(["textarea", "select", "dialog", "iframe", "audio", "video"])
const TAKES_KEYS_CLASS = ["monaco-editor", "xterm"]
// Roles whose pattern (WAI-ARIA Authoring Practices) uses arrows, Home, End or letters.
const TAKES_KEYS_ROLE = new Set([
  "application",
  "combobox",
  "dialog",
  "grid",
  "listbox",
  "menu",
  "menubar",
  "radiogroup",
  "searchbox",
  "slider",
  "spinbutton",
  "tablist",
  "textbox",
  "tree",
  "treegrid",
])

// `input`s that are pressed, not typed into.
const PRESSED_INPUTS = new Set(["button", "checkbox", "color", "file", "image", "reset", "submit"])
const PRESSED = new Set(["a", "button", "summary"])
const PRESSED_ROLE = new Set(["button", "checkbox", "link", "menuitem", "option", "switch", "tab"])

const SCROLL_KEYS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "])

/** reveal.js's `keyboardCondition`: whether a key press is for the slide show. */
export function isForSlides(press: KeyPress, choice: KeyboardChoice): boolean {
  if (press.isComposing || press.defaultPrevented) return false
  // Alt and an arrow is the browser's history; reveal.js would take it.
  if (press.altKey || press.ctrlKey || press.metaKey) return false
  if (!choice.letters && /^[\p{L}\p{P}]$/u.test(press.key)) return false

  for (const node of press.composedPath()) {
    if (!isElement(node)) continue
    // The show itself, and what is around it, want nothing.
    if (node.classList.contains("reveal")) break
    if (takesKeys(node)) return false
    if ((press.key === " " || press.key === "Enter") && isPressed(node)) return false
    if (SCROLL_KEYS.has(press.key) && isScrolled(node)) return false
  }
  return true
}

function isElement(node: unknown): node is KeyPathElement {
  return typeof node === "object" && node !== null && "localName" in node && "classList" in node
}

function takesKeys(e: KeyPathElement): boolean {
  if (e.editContext !== undefined && e.editContext !== null) return true
  if (e.isContentEditable === true) return true
  if (e.localName === "input") return !PRESSED_INPUTS.has(e.getAttribute("type") ?? "text")
  if (TAKES_KEYS.has(e.localName)) return true
  const role = e.getAttribute("role") ?? ""
  // Text that can be read only, and has no caret: a cell's code before its editor has come.
  if (role === "textbox" && e.getAttribute("aria-readonly") === "true") return false
  return TAKES_KEYS_ROLE.has(role) || TAKES_KEYS_CLASS.some((name) => e.classList.contains(name))
}

function isPressed(e: KeyPathElement): boolean {
  return PRESSED.has(e.localName) || e.localName === "input" || PRESSED_ROLE.has(e.getAttribute("role") ?? "")
}

// Code longer than its box can have the focus so that it can be scrolled without a mouse. When all of it is to be seen
// the keys are free to turn the slide.
function isScrolled(e: KeyPathElement): boolean {
  return e.getAttribute("tabindex") === "0" && (e.scrollHeight ?? 0) > (e.clientHeight ?? 0) + 1
}
