// Printed text on the page, for a cell and for a terminal: coloured spans in lines, appended a frame at a time and
// bounded, so that a program that prints without end costs the page no more than the lines that can be seen.

import type { OutputChunk } from "../../sandbox/protocol.ts"
import { AnsiReader } from "./ansi.ts"

/** Lines kept in the page. */
export const MAX_LINES = 2000
/** Lines dropped at once when there are too many, so that not every line costs a removal. */
const DROP = 500
/** Characters that may wait for the next frame; of more, the oldest are never drawn. */
const MAX_WAITING = 256 * 1024
/** Where a line without a newline is broken: one enormous line is slow to lay out. */
const MAX_LINE = 4000

/** Draws chunks of output as children of `target`, and keeps `scroller` at its end while the reader is there. */
export class OutputView {
  readonly #target: HTMLElement
  readonly #scroller: HTMLElement
  #ansi = new AnsiReader()
  #waiting: OutputChunk[] = []
  #size = 0
  #frame = 0
  #line: HTMLElement | undefined
  #length = 0
  #dropped = 0
  #skipped = false
  #note: HTMLElement | undefined
  /** Stay at the end. Until the reader scrolls up, and again when they have scrolled back. */
  #follow = true
  /** Where this view has scrolled to: any other place is the reader's doing. */
  #put = 0

  constructor(target: HTMLElement, scroller: HTMLElement) {
    this.#target = target
    this.#scroller = scroller
    scroller.addEventListener(
      "scroll",
      () => {
        if (Math.abs(scroller.scrollTop - this.#put) > 2) this.#follow = atEnd(scroller)
      },
      { passive: true },
    )
  }

  append(chunks: readonly OutputChunk[]): void {
    for (const chunk of chunks) {
      this.#waiting.push(chunk)
      this.#size += chunk.text.length
    }
    while (this.#size > MAX_WAITING && this.#waiting.length > 1) {
      this.#size -= this.#waiting.shift()?.text.length ?? 0
      this.#skipped = true
    }
    // A page in the background gets no frames; the queue is bounded, so it can wait.
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.flush())
  }

  clear(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#waiting = []
    this.#size = 0
    this.#ansi = new AnsiReader()
    this.#line = undefined
    this.#length = 0
    this.#dropped = 0
    this.#skipped = false
    this.#note = undefined
    this.#follow = true
    this.#target.replaceChildren()
  }

  /** Draw what waits, now. */
  flush(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    const chunks = this.#waiting
    this.#waiting = []
    this.#size = 0
    if (chunks.length === 0) return
    const fresh = document.createDocumentFragment()
    for (const chunk of chunks) {
      for (const span of this.#ansi.read(chunk.text)) this.#draw(fresh, span.text, span.classes, chunk.stream)
    }
    this.#target.append(fresh)
    this.#trim()
    this.toEnd()
  }

  /** Go to the end, if the reader is following. Also for what is not drawn here, and when it can be seen again. */
  toEnd(): void {
    if (!this.#follow) return
    this.#scroller.scrollTop = this.#scroller.scrollHeight
    this.#put = this.#scroller.scrollTop
  }

  #draw(into: DocumentFragment, text: string, classes: string, stream: OutputChunk["stream"]): void {
    let from = 0
    while (from < text.length) {
      const newline = text.indexOf("\n", from)
      const end = Math.min(newline < 0 ? text.length : newline, from + MAX_LINE - this.#length)
      if (this.#line === undefined) {
        this.#line = document.createElement("div")
        this.#line.className = "line"
        into.append(this.#line)
      }
      if (end > from) {
        const names = stream === "out" ? classes : `${classes} ${stream}`.trim()
        const piece = text.slice(from, end)
        if (names === "") this.#line.append(piece)
        else {
          const span = document.createElement("span")
          span.className = names
          span.append(piece)
          this.#line.append(span)
        }
      }
      this.#length += end - from
      from = end
      if (end === newline || this.#length >= MAX_LINE) {
        if (end === newline) from += 1
        this.#line = undefined
        this.#length = 0
      }
    }
  }

  #trim(): void {
    const lines = this.#target.childElementCount - (this.#note === undefined ? 0 : 1)
    if (lines > MAX_LINES) {
      const drop = Math.max(DROP, lines - MAX_LINES)
      const first = this.#note === undefined ? 0 : 1
      const range = document.createRange()
      range.setStart(this.#target, first)
      range.setEnd(this.#target, first + drop)
      range.deleteContents()
      this.#dropped += drop
    }
    if (this.#dropped > 0 || this.#skipped) {
      if (this.#note === undefined) {
        this.#note = document.createElement("div")
        this.#note.className = "line note"
        this.#target.prepend(this.#note)
      }
      const count = this.#skipped ? "Earlier" : `${this.#dropped.toLocaleString("en")} earlier`
      this.#note.textContent = `${count} lines are not shown.`
    }
  }
}

function atEnd(scroller: HTMLElement): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 24
}
