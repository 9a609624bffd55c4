// "It's all just source code": F12 on a name of the library OS opens the file that is running, read only, in a dialog
// over the page, and F12 goes on from there.

import { monaco } from "./monaco.ts"

interface Place {
  readonly uri: monaco.Uri
  readonly at: monaco.IPosition | undefined
}

/** The dialog. One a page; made when first needed. */
class SourceViewer {
  readonly #dialog = document.createElement("dialog")
  readonly #title = document.createElement("h2")
  readonly #back = button("Back")
  readonly #editor: monaco.editor.IStandaloneCodeEditor
  readonly #history: Place[] = []

  constructor() {
    this.#dialog.className = "mirage-source"
    this.#dialog.setAttribute("aria-labelledby", "mirage-source-title")
    this.#title.id = "mirage-source-title"
    const close = button("Close")
    close.addEventListener("click", () => this.#dialog.close())
    this.#back.addEventListener("click", () => this.#goBack())
    const bar = document.createElement("header")
    bar.append(this.#back, this.#title, close)
    const host = document.createElement("div")
    host.className = "mirage-source-text"
    this.#dialog.append(bar, host)
    document.body.append(this.#dialog)
    // Keys typed here are the viewer's, not the slide show's under it.
    this.#dialog.addEventListener("keydown", (event) => event.stopPropagation())
    this.#dialog.addEventListener("close", () => this.#history.splice(0))
    this.#editor = monaco.editor.create(host, {
      readOnly: true,
      automaticLayout: true,
      fontFamily: "var(--mirage-code-font, monospace)",
      fontSize: 16,
      minimap: { enabled: false },
      renderValidationDecorations: "off",
      scrollBeyondLastLine: false,
      stickyScroll: { enabled: false },
    })
  }

  show(place: Place): void {
    this.#history.push(place)
    this.#present(place)
  }

  #goBack(): void {
    this.#history.pop()
    const place = this.#history.at(-1)
    if (place !== undefined) this.#present(place)
  }

  #present({ uri, at }: Place): void {
    const model = monaco.editor.getModel(uri)
    if (model === null) return
    this.#editor.setModel(model)
    this.#title.textContent = uri.path.replace("/node_modules/mirage/", "mirage/").replace(/^\//, "")
    this.#back.disabled = this.#history.length < 2
    if (!this.#dialog.open) this.#dialog.showModal()
    if (at !== undefined) {
      this.#editor.setPosition(at)
      this.#editor.revealPositionInCenter(at)
    }
    this.#editor.focus()
  }
}

function button(text: string): HTMLButtonElement {
  const b = document.createElement("button")
  b.type = "button"
  b.textContent = text
  return b
}

let viewer: SourceViewer | undefined

/** Show the source at `uri`; `at` is a place or a selection in it. */
export function showSource(uri: monaco.Uri, at: monaco.IRange | monaco.IPosition | undefined): void {
  viewer ??= new SourceViewer()
  const position =
    at === undefined ? undefined : "lineNumber" in at ? at : { lineNumber: at.startLineNumber, column: at.startColumn }
  viewer.show({ uri, at: position })
}
