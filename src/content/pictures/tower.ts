// Towers of cells: layers of software, each standing on the next.

import type { Box, Item, Tone } from "./scene.ts"
import type { Line } from "./text.ts"

/** A cell of a tower. */
export interface Layer {
  readonly id: string
  readonly lines: readonly Line[]
  readonly tone: Tone
  readonly height: number
  readonly name?: string
  readonly says?: string
}

/** Where a tower stands: its top left corner and its width. */
export interface TowerPlace {
  readonly x: number
  readonly y: number
  readonly width: number
  /** What its cells are together, for the twin. */
  readonly group: string
}

/** The cells from the top down. */
export function tower(layers: readonly Layer[], { x, y, width, group }: TowerPlace): Box[] {
  let top = y
  return layers.map((layer) => {
    const box: Box = { kind: "box", shape: "cell", ...layer, x, y: top, width, group }
    top += layer.height
    return box
  })
}

/** A curly brace to the right of what is between `top` and `bottom`. */
export function brace(x: number, top: number, bottom: number): string {
  const middle = (top + bottom) / 2
  return `M${x} ${top}q14 0 14 14V${middle - 12}q0 12 12 12q-12 0 -12 12V${bottom - 14}q0 14 -14 14`
}

/** What is under a tower of `layers`. */
export function heightOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, layer) => sum + layer.height, 0)
}

/** All of `items`, shifted down: art, whose place is in its path, by a move. */
export function lowered(items: readonly Item[], dy: number): Item[] {
  return items.map((item): Item => {
    switch (item.kind) {
      case "box":
      case "label":
        return { ...item, y: item.y + dy }
      case "edge":
        return { ...item, points: item.points.map(({ x, y }) => ({ x, y: y + dy })) }
      case "art":
        return dy === 0 ? item : { ...item, moves: [{ at: 0, dy }] }
    }
  })
}
