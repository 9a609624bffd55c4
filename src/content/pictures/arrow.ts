// Lines between boxes: where they start and end, and how they bend.

import type { Box, Edge, Point, Rectangle } from "./scene.ts"

export type Side = "left" | "right" | "top" | "bottom"

/** A point on a side of a box; `along` is 0 at its left or top end and 1 at the other. */
export function port({ x, y, width, height }: Rectangle, side: Side, along: number = 0.5): Point {
  switch (side) {
    case "left":
      return { x, y: y + height * along }
    case "right":
      return { x: x + width, y: y + height * along }
    case "top":
      return { x: x + width * along, y }
    case "bottom":
      return { x: x + width * along, y: y + height }
  }
}

/** Where an edge leaves or reaches a box: its side, and how far along. */
export type End = readonly [box: Box, side: Side, along?: number]

/** An edge between two ports, by way of `via`. */
export function connect(
  [a, aSide, aAlong]: End,
  [b, bSide, bAlong]: End,
  says: string,
  more: Omit<Partial<Edge>, "kind" | "points" | "says" | "source" | "target"> & {
    readonly via?: readonly Point[]
  } = {},
): Edge {
  const { via = [], ...rest } = more
  const points = [port(a, aSide, aAlong), ...via, port(b, bSide, bAlong)]
  return { kind: "edge", source: a.id, target: b.id, says, points, ...rest }
}

/** How long an arrow's head is. */
export const HEAD = 15
const HALF_HEAD = 7.5

const BEND = 16

const n = (x: number) => String(Math.round(x * 10) / 10)
const p = ({ x, y }: Point) => `${n(x)} ${n(y)}`

/** `from` moved towards `to` by `by`. */
function towards(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  if (length === 0) return from
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length }
}

/** A line through `points` with rounded bends, which ends `short` of the last. */
export function linePath(points: readonly Point[], short: number = 0): string {
  const [first, ...rest] = points
  if (first === undefined || rest.length === 0) return ""
  const last = rest.at(-1) as Point
  const before = points.at(-2) as Point
  const end = towards(last, before, short)
  let d = `M${p(first)}`
  for (const [i, corner] of rest.slice(0, -1).entries()) {
    const previous = points[i] as Point
    const next = i === rest.length - 2 ? end : (rest[i + 1] as Point)
    const room = Math.min(
      Math.hypot(corner.x - previous.x, corner.y - previous.y) / 2,
      Math.hypot(next.x - corner.x, next.y - corner.y) / 2,
    )
    const bend = Math.min(BEND, room)
    d += `L${p(towards(corner, previous, bend))}Q${p(corner)} ${p(towards(corner, next, bend))}`
  }
  return `${d}L${p(end)}`
}

/** The head of an arrow whose tip is the last of `points`. */
export function headPath(points: readonly Point[]): string {
  const tip = points.at(-1) as Point
  const back = towards(tip, points.at(-2) as Point, HEAD)
  const across = { x: ((tip.y - back.y) / HEAD) * HALF_HEAD, y: (-(tip.x - back.x) / HEAD) * HALF_HEAD }
  const left = { x: back.x + across.x, y: back.y + across.y }
  const right = { x: back.x - across.x, y: back.y - across.y }
  return `M${p(tip)}L${p(left)}L${p(right)}Z`
}

/** A rectangle as a path, its corners rounded. */
export function rectPath({ x, y, width, height }: Rectangle, radius: number = 0): string {
  if (radius === 0) return `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`
  const r = Math.min(radius, width / 2, height / 2)
  const arc = (dx: number, dy: number) => `a${n(r)} ${n(r)} 0 0 1 ${n(dx)} ${n(dy)}`
  return `M${n(x + r)} ${n(y)}h${n(width - 2 * r)}${arc(r, r)}v${n(height - 2 * r)}${arc(-r, r)}h${n(2 * r - width)}${arc(-r, -r)}v${n(2 * r - height)}${arc(r, -r)}z`
}
