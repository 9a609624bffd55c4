// How high the panel is: what the reader likes, within what the window has.

/** The least height at which there is something to be read, in pixels. */
export const LEAST = 120
/** What is left of the window for the page, at least. */
const PAGE = 160
/** One press of an arrow. */
const STEP = 24

/** The greatest height in a window `inner` pixels high. */
export function greatest(inner: number): number {
  return Math.max(LEAST, inner - PAGE)
}

/** `wished` as it fits into the window; without a wish, a good third of it. */
export function dockHeight(wished: number | undefined, inner: number): number {
  return Math.round(Math.min(greatest(inner), Math.max(LEAST, wished ?? inner * 0.38)))
}

/** Where a key of the handle leads, by the ARIA practice of a window splitter; `undefined` for keys that are none of its. */
export function heightByKey(key: string, height: number, inner: number): number | undefined {
  switch (key) {
    case "ArrowUp":
      return dockHeight(height + STEP, inner)
    case "ArrowDown":
      return dockHeight(height - STEP, inner)
    case "Home":
      return LEAST
    case "End":
      return greatest(inner)
    default:
      return undefined
  }
}
