// A picture as data: what is where, in which step it is there, and what it says in words.
//
// Steps count from 0, what is seen at first; each later one is a fragment. An item without `from` is there at first, one
// without `until` stays to the end.

import type { Line } from "./text.ts"

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rectangle extends Point {
  readonly width: number
  readonly height: number
}

/** Colours by name; pictures.css says what they are in each theme. */
export const TONES = ["plain", "quiet", "sea", "sand", "leaf", "iris", "rose", "sky", "sun"] as const
export type Tone = (typeof TONES)[number]

/** From `at` on, the item is this much further. */
export interface Move {
  readonly at: number
  readonly dx?: number
  readonly dy?: number
}

/** When an item is there, and where it goes. */
export interface Timed {
  readonly from?: number
  readonly until?: number
  readonly moves?: readonly Move[]
  /** Turned by so many degrees, clockwise, around a point. */
  readonly lean?: Point & { readonly degrees: number }
}

/** A node: something with a name. */
export interface Box extends Rectangle, Timed {
  readonly kind: "box"
  readonly id: string
  readonly lines: readonly Line[]
  readonly tone: Tone
  /** `area`: a ground that other boxes stand on, its name at the top left. */
  readonly shape?: "cell" | "round" | "pill" | "area"
  /** The name in words, if the lines alone do not say it. */
  readonly name?: string
  /** What the twin says after the name. */
  readonly says?: string
  /** Drawn for the sake of another box, which the twin mentions instead. */
  readonly partOf?: string
  /** Boxes of one group are one list in the twin. */
  readonly group?: string
  /** Where the lines stand. An area's are at the top left. */
  readonly align?: "middle" | "start"
}

/** A line from box to box. */
export interface Edge extends Timed {
  readonly kind: "edge"
  readonly source: string
  readonly target: string
  /** From the border of the one to the border of the other. */
  readonly points: readonly Point[]
  readonly style?: "line" | "dashed" | "bare"
  /** Steps in which it is drawn thick. */
  readonly strong?: { readonly from?: number; readonly until?: number }
  /** The sentence in the twin. */
  readonly says: string
  readonly label?: Label
}

/** Text that is not in a box. `x`, `y`: the middle of the first line at its start, middle or end. */
export interface Label extends Point, Timed {
  readonly kind: "label"
  readonly lines: readonly Line[]
  readonly anchor: "start" | "middle" | "end"
  readonly tone?: "text" | "muted" | "strong" | "on-sea"
  /** Read from the bottom to the top. */
  readonly turned?: boolean
  /** Tells labels of one scene apart where it is joined with another: sequence.ts. */
  readonly key?: string
}

/** Shapes without a name: a bracket, a ribbon, the hull of a ship. The twin does not mention it. */
export interface Art extends Timed {
  readonly kind: "art"
  /** As a label's. */
  readonly key?: string
  readonly paths: readonly ArtPath[]
}

export interface ArtPath {
  readonly d: string
  /** `bold`, `line`, `thin` and `ribbon` are strokes; a tone fills, with an outline or `-flat`; the others fill in a colour of theirs. */
  readonly look: "bold" | "line" | "thin" | "ribbon" | "shadow" | "dark" | "glow" | Tone | `${Tone}-flat`
}

export type Item = Box | Edge | Label | Art

/** What one step shows. */
export interface Step {
  /** A few words: the name of a frame on paper. */
  readonly title: string
  /** What there is to be understood. */
  readonly says: string
}

/** A picture. */
export interface Scene {
  readonly title: string
  /** The point of the picture, in a sentence or two. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly items: readonly Item[]
  /** The first is there without a fragment. */
  readonly steps: readonly Step[]
  /** Later steps take back what earlier ones showed: on paper, every step is drawn. */
  readonly replaces?: boolean
}

/** Whether an item is seen at `step`. */
export function isThere({ from = 0, until = Number.POSITIVE_INFINITY }: Timed, step: number): boolean {
  return from <= step && step < until
}

/** Where an item has gone by `step`. */
export function shiftAt({ moves = [] }: Timed, step: number): Point {
  const done = moves.filter((m) => m.at <= step)
  return { x: done.reduce((sum, m) => sum + (m.dx ?? 0), 0), y: done.reduce((sum, m) => sum + (m.dy ?? 0), 0) }
}

/** Only what is to be seen at `step`, where it is then, without steps. */
export function sceneAt(scene: Scene, step: number): Scene {
  const kept = scene.steps[step]
  const items = scene.items.filter((item) => isThere(item, step)).map((item) => frozen(item, step))
  const title = kept === undefined ? scene.title : `${scene.title}: ${kept.title}`
  return { ...scene, title, items, steps: kept === undefined ? [] : [kept], replaces: false }
}

/** `item` as something that is always there and stays where it began. */
export function timeless(item: Item): Item {
  const kept = Object.entries(item).filter(([name]) => name !== "from" && name !== "until" && name !== "moves")
  return Object.fromEntries(kept) as unknown as Item
}

function frozen(item: Item, step: number): Item {
  const rest = timeless(item)
  const { x, y } = shiftAt(item, step)
  switch (item.kind) {
    case "box":
      return { ...(rest as Box), x: item.x + x, y: item.y + y }
    case "label":
      return { ...(rest as Label), x: item.x + x, y: item.y + y }
    case "edge": {
      const { strong, ...edge } = rest as Edge
      const bold = strong !== undefined && isThere(strong, step)
      return {
        ...edge,
        points: item.points.map((p) => ({ x: p.x + x, y: p.y + y })),
        ...(bold ? { strong: {} } : {}),
        ...(item.label === undefined ? {} : { label: frozen(item.label, step) as Label }),
      }
    }
    case "art":
      // A path cannot be shifted without reading it: it keeps its way as one that is done at first.
      return x === 0 && y === 0 ? (rest as Art) : { ...(rest as Art), moves: [{ at: 0, dx: x, dy: y }] }
  }
}

/** What a box is called in words. */
export function nameOf(box: Box): string {
  return box.name ?? box.lines.map((line) => line.text).join(" ")
}
