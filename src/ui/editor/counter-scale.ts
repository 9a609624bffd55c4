// An editor inside a scaled slide. Monaco measures the mouse in real pixels and places its cards in its own, so under a
// CSS transform the two disagree: hover cards float off, context menus open elsewhere. The cure is to undo the slide's
// scale around the editor and to make its type that much larger instead; text is then crisp as well.

/** How `host` is scaled by everything around it: 1.6 when 100 of its pixels take 160 on the screen; `undefined` while it is not laid out. */
export function scaleOf(host: HTMLElement): number | undefined {
  if (host.offsetWidth === 0) return undefined
  // Reveal rounds its own scale to hundredths; more digits than that are noise of the measurement.
  return Math.round((host.getBoundingClientRect().width / host.offsetWidth) * 1000) / 1000
}

/** A child of `host` that fills it in real pixels, whatever the scale around it. */
export class CounterScaled {
  readonly element: HTMLElement
  readonly #host: HTMLElement
  readonly #changed: (scale: number) => void
  readonly #observer: ResizeObserver
  #frame = 0
  #last = ""

  /** `changed` is called after the size or the scale has: lay out then. */
  constructor(host: HTMLElement, changed: (scale: number) => void) {
    this.#host = host
    this.#changed = changed
    this.element = document.createElement("div")
    this.element.className = "counter-scaled"
    this.element.style.transformOrigin = "0 0"
    this.element.style.position = "absolute"
    this.element.style.inset = "0 auto auto 0"
    host.append(this.element)
    this.#observer = new ResizeObserver(() => this.update())
    this.#observer.observe(host)
    addEventListener("resize", this.#later)
    document.addEventListener("mirage-scale", this.#later)
  }

  /** Measure again, at once. */
  update(): void {
    const scale = scaleOf(this.#host)
    if (scale === undefined) return
    const width = Math.round(this.#host.clientWidth * scale)
    const height = Math.round(this.#host.clientHeight * scale)
    const now = `${width} ${height} ${scale}`
    if (now === this.#last) return
    this.#last = now
    const style = this.element.style
    style.width = `${width}px`
    style.height = `${height}px`
    style.transform = scale === 1 ? "none" : `scale(${1 / scale})`
    this.#changed(scale)
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#observer.disconnect()
    removeEventListener("resize", this.#later)
    document.removeEventListener("mirage-scale", this.#later)
    this.element.remove()
  }

  // A slide show sets its transform in its own resize handler: measure after that.
  readonly #later = (): void => {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => this.update())
  }
}
