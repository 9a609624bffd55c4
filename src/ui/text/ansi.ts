// ANSI escape sequences in what a program prints: colours and weights become class names of a fixed set, everything
// else a terminal would obey (moving the cursor, titles, links) is dropped. Text goes on as text, never as HTML.
//
// ECMA-48 8.3.117 (SGR); a sequence may be split between two chunks of output, so the reader keeps its beginning.

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const

/** Text in one style. `classes` is empty or class names separated by blanks, all of them ours. */
export interface Span {
  readonly text: string
  readonly classes: string
}

// CSI … final byte, OSC … BEL or ST, or ESC and one other byte.
// oxlint-disable-next-line no-control-regex -- they are what this file is about
const SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_`-~])/g
// Other control characters, except tab and newline, print as nothing.
// oxlint-disable-next-line no-control-regex -- see above
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g
/** An unfinished sequence longer than this is not a sequence. */
const MAX_SEQUENCE = 256

/** Reads a stream of text with escape sequences in it. */
export class AnsiReader {
  #rest = ""
  #foreground = ""
  #background = ""
  readonly #set = new Set<string>()

  /** The next piece of the stream, as spans. */
  read(text: string): Span[] {
    const all = this.#rest + text
    this.#rest = ""
    const spans: Span[] = []
    let from = 0
    SEQUENCE.lastIndex = 0
    for (let match = SEQUENCE.exec(all); match !== null; match = SEQUENCE.exec(all)) {
      this.#push(spans, all.slice(from, match.index))
      from = SEQUENCE.lastIndex
      if (match[2] === "m") this.#style(match[1] ?? "")
    }
    const tail = all.slice(from)
    const escape = tail.lastIndexOf("\x1b")
    if (escape >= 0 && tail.length - escape <= MAX_SEQUENCE) {
      this.#push(spans, tail.slice(0, escape))
      this.#rest = tail.slice(escape)
    } else {
      this.#push(spans, tail)
    }
    return spans
  }

  #push(spans: Span[], raw: string): void {
    const text = raw.replace(CONTROL, "")
    if (text !== "") spans.push({ text, classes: this.#classes() })
  }

  #classes(): string {
    const names: string[] = [...this.#set]
    if (this.#foreground !== "") names.push(`fg-${this.#foreground}`)
    if (this.#background !== "") names.push(`bg-${this.#background}`)
    return names.join(" ")
  }

  #style(parameters: string): void {
    const codes = parameters.split(/[;:]/).map((p) => (p === "" ? 0 : Number(p)))
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] ?? 0
      if (code === 38 || code === 48) {
        // 38;5;n and 38;2;r;g;b: the sixteen named colours of the first are ours too, the rest stays as it was.
        const indexed = codes[i + 1] === 5
        const name = indexed ? colour(codes[i + 2]) : undefined
        if (name !== undefined && code === 38) this.#foreground = name
        if (name !== undefined && code === 48) this.#background = name
        i += indexed ? 2 : 4
      } else this.#code(code)
    }
  }

  #code(code: number): void {
    if (code === 0) {
      this.#set.clear()
      this.#foreground = ""
      this.#background = ""
    } else if (code === 1) this.#set.add("bold")
    else if (code === 2) this.#set.add("faint")
    else if (code === 3) this.#set.add("italic")
    else if (code === 4) this.#set.add("underline")
    else if (code === 7) this.#set.add("inverse")
    else if (code === 22) {
      this.#set.delete("bold")
      this.#set.delete("faint")
    } else if (code === 23) this.#set.delete("italic")
    else if (code === 24) this.#set.delete("underline")
    else if (code === 27) this.#set.delete("inverse")
    else if (code === 39) this.#foreground = ""
    else if (code === 49) this.#background = ""
    else if (code >= 30 && code <= 37) this.#foreground = colour(code - 30) ?? ""
    else if (code >= 40 && code <= 47) this.#background = colour(code - 40) ?? ""
    else if (code >= 90 && code <= 97) this.#foreground = colour(code - 90 + 8) ?? ""
    else if (code >= 100 && code <= 107) this.#background = colour(code - 100 + 8) ?? ""
  }
}

function colour(index: number | undefined): string | undefined {
  if (index === undefined || index < 0 || index > 15) return undefined
  const name = COLOURS[index % 8]
  return name === undefined || index < 8 ? name : `bright-${name}`
}

/** The text of a string without its escape sequences: what `MirageCell.output` and a screen reader get. */
export function stripAnsi(text: string): string {
  return text.replace(SEQUENCE, "").replace(CONTROL, "")
}
