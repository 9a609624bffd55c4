// How wide text is, without a browser: advance widths of the slides' fonts, so that labels can be fitted when the deck is
// built. Kerning, which makes most words narrower, is left out.

/** A line of text in a picture. Sizes are in the slide's pixels. */
export interface Line {
  readonly text: string
  readonly size: number
  readonly style?: "bold" | "italic" | "code"
}

// Thousandths of an em, from the space to the tilde, as Chromium measures Source Sans 3 at weights 400 and 600.
const REGULAR =
  "200 289 426 497 497 824 609 249 303 303 418 497 249 311 249 350 497 497 497 497 497 497 497 497 497 497 249 249 497 497 497 425 847 543 588 571 615 527 494 617 652 263 479 579 486 727 647 664 566 664 569 534 536 645 515 786 513 476 539 303 350 303 497 500 542 504 553 456 555 496 292 504 544 246 247 495 255 829 547 542 555 555 347 419 338 544 467 719 446 467 425 303 241 303 497"
const BOLD =
  "200 315 482 513 513 841 639 275 324 324 438 513 275 322 275 344 513 513 513 513 513 513 513 513 513 513 275 275 513 513 513 444 875 558 597 576 625 538 510 628 663 282 494 597 502 745 657 674 582 674 592 545 546 655 536 800 541 501 540 324 344 324 513 500 549 516 563 462 564 507 317 520 558 262 263 522 271 843 560 549 564 564 373 431 361 556 495 748 481 495 443 324 255 324 513"

const WIDTHS = { regular: REGULAR.split(" ").map(Number), bold: BOLD.split(" ").map(Number) }

/** JetBrains Mono: every letter. */
const CODE_WIDTH = 600

/** A letter outside of ASCII is taken to be as wide as the widest that the slides use, the dash. */
const UNKNOWN = 1000

/** The width of a line in pixels; no browser draws it wider. */
export function textWidth({ text, size, style }: Line): number {
  const widths = style === "bold" ? WIDTHS.bold : WIDTHS.regular
  // A space that does not break is as wide as one that does.
  const at = (c: string) => (c === "\u00a0" ? 0 : (c.codePointAt(0) ?? 0) - 32)
  const letter = (c: string) => (style === "code" ? CODE_WIDTH : (widths[at(c)] ?? UNKNOWN))
  const sum = [...text].reduce((total, c) => total + letter(c), 0)
  return (sum * size) / 1000
}

/** From one line's baseline to the next, as a part of the type's size. */
export const LEADING = 1.22

/** The height of lines under one another. */
export function textHeight(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.size * LEADING, 0)
}

/** Lines of one size and style. */
export function lines(text: string, size: number, style?: Line["style"]): Line[] {
  return text.split("\n").map((line) => (style === undefined ? { text: line, size } : { text: line, size, style }))
}

/** A number with spaces between the thousands: `2 100 345`. The spaces do not break. */
export function showCount(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+(?!\d))/g, "\u00a0")
}
