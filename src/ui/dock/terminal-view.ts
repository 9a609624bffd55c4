// The terminal of the panel: xterm.js, in the page's colours and type, with a way out by keyboard. Fetched when a shell is
// first opened.

import { FitAddon } from "@xterm/addon-fit"
import { type ITheme, Terminal } from "@xterm/xterm"
import { watchPalette } from "../timeline/palette.ts"
import type { TerminalSize } from "./shell-session.ts"

/** What a terminal tells. */
export interface TerminalListener {
  typed(text: string): void
  resized(size: TerminalSize): void
  /** The reader wants to leave it by keyboard. */
  leave(): void
}

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const

/** A terminal that fills `host`. `host` lies in styles that have the classes of printed text, whose colours it takes. */
export class TerminalView {
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #host: HTMLElement
  readonly #observer: ResizeObserver
  readonly #unwatch: () => void

  constructor(host: HTMLElement, listener: TerminalListener) {
    this.#host = host
    this.#terminal = new Terminal({
      screenReaderMode: true,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      scrollback: 5000,
      // Programs print line feeds to a terminal, which the container's does translate.
      convertEol: false,
      ...this.#look(),
    })
    this.#terminal.loadAddon(this.#fit)
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event, listener))
    this.#terminal.open(host)
    this.#terminal.textarea?.setAttribute("aria-label", "Shell in the WebContainer. Control M leaves it.")
    this.#terminal.onData((text) => listener.typed(text))
    this.#terminal.onResize(({ cols, rows }) => listener.resized({ cols, rows }))
    this.#observer = new ResizeObserver(() => this.fit())
    this.#observer.observe(host)
    this.#unwatch = watchPalette(() => this.#restyle())
    // Characters are measured once, and the site's font may come later.
    void document.fonts.ready.then(() => this.#restyle())
    this.fit()
  }

  get size(): TerminalSize {
    const { cols, rows } = this.#terminal
    return { cols, rows }
  }

  write(text: string): void {
    this.#terminal.write(text)
  }

  /** For another shell: nothing of the last one's is left but its text. */
  again(): void {
    this.#terminal.write("\x1b[0m\x1b[?25h\r\n")
  }

  focus(): void {
    this.#terminal.focus()
  }

  /** As many characters as there is room for. */
  fit(): void {
    if (this.#host.offsetHeight > 0) this.#fit.fit()
  }

  dispose(): void {
    this.#observer.disconnect()
    this.#unwatch()
    this.#terminal.dispose()
  }

  /** Which keys are not the shell's. */
  #key(event: KeyboardEvent, { leave }: TerminalListener): boolean {
    if (event.type !== "keydown") return true
    const { key, ctrlKey, altKey, metaKey } = event
    if (!ctrlKey || altKey || metaKey) return true
    switch (key.toLowerCase()) {
      case "m":
        // As in the editor. A shell reads it as Enter, which has a key of its own.
        event.preventDefault()
        leave()
        return false
      case "c":
        // With a selection it copies, as it does in the cells' terminals.
        return !this.#terminal.hasSelection()
      case "v":
        return false
      default:
        return true
    }
  }

  #restyle(): void {
    Object.assign(this.#terminal.options, this.#look())
    this.fit()
  }

  /** Colours and type as they are on the page now. */
  #look(): { theme: ITheme; minimumContrastRatio: number; fontFamily: string; fontSize: number } {
    const style = getComputedStyle(this.#host)
    const probe = document.createElement("span")
    this.#host.append(probe)
    const colour = (name: string): string => {
      probe.className = `fg-${name}`
      return getComputedStyle(probe).color
    }
    const theme: ITheme = {
      background: style.backgroundColor,
      foreground: style.color,
      cursor: style.color,
      cursorAccent: style.backgroundColor,
      selectionBackground: style.color,
      selectionForeground: style.backgroundColor,
    }
    for (const name of NAMES) {
      theme[name] = colour(name)
      theme[`bright${name[0]!.toUpperCase()}${name.slice(1)}` as keyof ITheme & `bright${string}`] = colour(
        `bright-${name}`,
      )
    }
    probe.remove()
    const strong =
      document.documentElement.dataset["theme"] === "contrast" || matchMedia("(prefers-contrast: more)").matches
    return {
      theme,
      // For the colours that a program mixes itself, and for those on a coloured ground.
      minimumContrastRatio: strong ? 7 : 4.5,
      fontFamily: style.fontFamily,
      fontSize: Number.parseFloat(style.fontSize),
    }
  }
}
