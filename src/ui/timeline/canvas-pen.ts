// A pen that draws on a canvas, in the colours of the page.

import type { Ink, Mark, Pen } from "./picture.ts"

/** Resolved colours. */
export type Palette = Readonly<Record<Ink, string>>

/** Draws on `context`, whose unit is one pixel of the page's own. */
export class CanvasPen implements Pen {
  readonly #context: CanvasRenderingContext2D
  readonly #palette: Palette
  readonly #font: string

  /** `font` is a size and families, as CSS has it. */
  constructor(context: CanvasRenderingContext2D, palette: Palette, font: string) {
    this.#context = context
    this.#palette = palette
    this.#font = font
    context.textBaseline = "middle"
    context.lineCap = "butt"
  }

  rect(ink: Ink, x: number, y: number, width: number, height: number): void {
    this.#context.fillStyle = this.#palette[ink]
    this.#context.fillRect(x, y, width, height)
  }

  line(ink: Ink, x1: number, y1: number, x2: number, y2: number, width: number, dashed = false): void {
    const c = this.#context
    this.#stroke(ink, width, dashed)
    c.beginPath()
    c.moveTo(x1, y1)
    c.lineTo(x2, y2)
    c.stroke()
  }

  arrow(ink: Ink, x1: number, y1: number, x2: number, y2: number, dashed: boolean): void {
    this.line(ink, x1, y1, x2, y2, 1.5, dashed)
    const angle = Math.atan2(y2 - y1, x2 - x1)
    const c = this.#context
    c.fillStyle = this.#palette[ink]
    c.beginPath()
    c.moveTo(x2, y2)
    for (const turn of [2.6, -2.6]) c.lineTo(x2 + 7 * Math.cos(angle + turn), y2 + 7 * Math.sin(angle + turn))
    c.fill()
  }

  mark(mark: Mark, x: number, y: number): void {
    const c = this.#context
    switch (mark) {
      case "made":
        return this.line("text", x, y - 6, x, y + 6, 2)
      case "waiting":
        return this.#path("wait", 2, [x - 3, y - 5, x + 3, y, x - 3, y + 5])
      case "fulfilled":
        c.fillStyle = this.#palette.fulfilled
        c.beginPath()
        c.arc(x, y, 5, 0, 2 * Math.PI)
        c.fill()
        return
      case "rejected":
        this.#path("rejected", 3, [x - 5, y - 5, x + 5, y + 5])
        return this.#path("rejected", 3, [x - 5, y + 5, x + 5, y - 5])
      case "cancelled":
        c.fillStyle = this.#palette.ground
        c.fillRect(x - 5, y - 5, 10, 10)
        this.#path("cancelled", 2, [x - 5, y - 5, x + 5, y - 5, x + 5, y + 5, x - 5, y + 5, x - 5, y - 5])
        return this.#path("cancelled", 2, [x - 5, y + 5, x + 5, y - 5])
      case "asked":
        return this.#path("cancelled", 2, [x - 3, y - 8, x - 8, y, x - 3, y + 8])
    }
  }

  text(ink: Ink, text: string, x: number, y: number, width: number, bold = false): number {
    if (width <= 0) return 0
    const c = this.#context
    c.font = `${bold ? "700 " : ""}${this.#font}`
    c.fillStyle = this.#palette[ink]
    let shown = text
    let wide = c.measureText(shown).width
    while (wide > width && shown.length > 1) {
      // Most characters are as wide as the others.
      const keep = Math.max(0, Math.min(shown.length - 2, Math.floor((shown.length * width) / wide) - 1))
      shown = `${shown.slice(0, keep)}…`
      wide = c.measureText(shown).width
    }
    if (wide <= width) c.fillText(shown, x, y + 0.5)
    return Math.min(wide, width)
  }

  triangle(ink: Ink, x: number, y: number, open: boolean): void {
    const c = this.#context
    c.fillStyle = this.#palette[ink]
    c.beginPath()
    if (open) {
      c.moveTo(x - 4, y - 3)
      c.lineTo(x + 4, y - 3)
      c.lineTo(x, y + 4)
    } else {
      c.moveTo(x - 3, y - 4)
      c.lineTo(x - 3, y + 4)
      c.lineTo(x + 4, y)
    }
    c.fill()
  }

  clip(x: number, y: number, width: number, height: number): void {
    const c = this.#context
    c.save()
    c.beginPath()
    c.rect(x, y, width, height)
    c.clip()
  }

  unclip(): void {
    this.#context.restore()
  }

  #stroke(ink: Ink, width: number, dashed: boolean): void {
    const c = this.#context
    c.strokeStyle = this.#palette[ink]
    c.lineWidth = width
    c.setLineDash(dashed ? [4, 3] : [])
  }

  #path(ink: Ink, width: number, points: readonly number[]): void {
    const c = this.#context
    this.#stroke(ink, width, false)
    c.beginPath()
    c.moveTo(points[0]!, points[1]!)
    for (let i = 2; i < points.length; i += 2) c.lineTo(points[i]!, points[i + 1]!)
    c.stroke()
  }
}
