// What a drawing must not do: put one thing over another, let words stick out, point at nothing. Checked for every picture at
// each of its steps, on the scene, which is what the drawing is made of.

import { describe, expect, it } from "vitest"
import type { Box, Edge, Item, Label, Point, Rectangle, Scene } from "../../../src/content/pictures/scene.ts"
import { LEADING, type Line, textHeight, textWidth } from "../../../src/content/pictures/text.ts"
import { VIEWS } from "./gallery.ts"

const boxesOf = (scene: Scene) => scene.items.filter((i): i is Box => i.kind === "box")
const edgesOf = (scene: Scene) => scene.items.filter((i): i is Edge => i.kind === "edge")

function labelsOf(scene: Scene): Label[] {
  return scene.items.flatMap((item: Item) => {
    if (item.kind === "label") return [item]
    return item.kind === "edge" && item.label !== undefined ? [item.label] : []
  })
}

/** Whether two rectangles have more in common than an edge. */
function overlap(a: Rectangle, b: Rectangle): boolean {
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return wide > 0.5 && high > 0.5
}

const contains = (a: Rectangle, b: Rectangle) =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height

const widest = (lines: readonly Line[]) => Math.max(0, ...lines.map(textWidth))

/** The space that a label takes at most. */
function spaceOf({ x, y, lines, anchor, turned }: Label): Rectangle {
  const width = widest(lines)
  const height = textHeight(lines)
  if (turned === true) return { x: x - height / 2, y: y - width / 2, width: height, height: width }
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor]
  return { x: left, y: y - ((lines[0]?.size ?? 0) * LEADING) / 2, width, height }
}

const isOnBorder = ({ x, y, width, height }: Rectangle, p: Point) => {
  const near = (a: number, b: number) => Math.abs(a - b) < 0.01
  const across = p.x >= x && p.x <= x + width
  const along = p.y >= y && p.y <= y + height
  return (along && (near(p.x, x) || near(p.x, x + width))) || (across && (near(p.y, y) || near(p.y, y + height)))
}

/** Whether the line from `a` to `b` goes through the inside of `r`: Liang and Barsky's clipping. */
function goesThrough(a: Point, b: Point, r: Rectangle): boolean {
  const inset = 2
  let [t0, t1] = [0, 1]
  const clip = (delta: number, from: number, least: number, most: number) => {
    if (delta === 0) return from > least && from < most
    const ts = [(least - from) / delta, (most - from) / delta].toSorted((m, n) => m - n) as [number, number]
    t0 = Math.max(t0, ts[0])
    t1 = Math.min(t1, ts[1])
    return t0 < t1
  }
  return (
    clip(b.x - a.x, a.x, r.x + inset, r.x + r.width - inset) &&
    clip(b.y - a.y, a.y, r.y + inset, r.y + r.height - inset)
  )
}

describe.each(VIEWS)("%s", (_, scene) => {
  const boxes = boxesOf(scene)
  const edges = edgesOf(scene)

  it("has one box of a name", () => {
    const ids = boxes.map((b) => b.id)
    expect(ids).toEqual([...new Set(ids)])
  })

  it("puts no box over another, unless inside of it", () => {
    const found = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .flatMap((b) => (overlap(a, b) && !contains(a, b) && !contains(b, a) ? [`${a.id}, ${b.id}`] : [])),
    )
    expect(found).toEqual([])
  })

  it("draws what holds another box before it", () => {
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(0, i)) expect(contains(a, b) && !contains(b, a), `${a.id} hides ${b.id}`).toBe(false)
    }
  })

  it("stays within its frame", () => {
    const frame = { x: 0, y: 0, width: scene.width, height: scene.height }
    for (const box of boxes) expect(contains(frame, box), box.id).toBe(true)
    for (const label of labelsOf(scene)) {
      expect(contains(frame, spaceOf(label)), label.lines.map((l) => l.text).join(" ")).toBe(true)
    }
    for (const { source, target, points } of edges) {
      for (const p of points) expect(contains(frame, { ...p, width: 0, height: 0 }), `${source}, ${target}`).toBe(true)
    }
  })

  it("has room in its boxes for their words", () => {
    for (const { id, lines, width, height, shape } of boxes) {
      if (lines.length === 0) continue
      const room = shape === "pill" ? height * 0.55 : 16
      expect(widest(lines), id).toBeLessThanOrEqual(width - room)
      expect(textHeight(lines), id).toBeLessThanOrEqual(height)
    }
  })

  it("has type that can be read from the last row", () => {
    for (const { lines, lean } of [...boxes, ...labelsOf(scene)]) {
      // As high as on the slide: letters that lean reach less far up.
      const upright = Math.cos(((lean?.degrees ?? 0) * Math.PI) / 180)
      for (const { text, size, style } of lines) {
        expect(size * upright, text).toBeGreaterThanOrEqual(style === "code" ? 20 : 24)
      }
    }
  })

  it("has labels that stand clear of boxes and of one another", () => {
    const labels = labelsOf(scene)
    for (const label of labels) {
      const space = spaceOf(label)
      const name = label.lines.map((l) => l.text).join(" ")
      for (const box of boxes) {
        expect(overlap(box, space) && !contains(box, space) && box.shape !== "area", `${name} on ${box.id}`).toBe(false)
      }
      for (const other of labels) {
        if (other === label) continue
        expect(overlap(space, spaceOf(other)), `${name}, and ${other.lines[0]?.text}`).toBe(false)
      }
    }
  })

  it("has arrows from border to border", () => {
    for (const { source, target, points } of edges) {
      const end = (id: string) => boxes.find((b) => b.id === id)
      const [a, b] = [end(source), end(target)]
      if (a === undefined || b === undefined)
        throw new Error(`An edge from ${source} to ${target}, which are not there`)
      expect(isOnBorder(a, points[0] as Point), `from ${source} to ${target}`).toBe(true)
      expect(isOnBorder(b, points.at(-1) as Point), `to ${target} from ${source}`).toBe(true)
    }
  })

  it("leads no arrow through somebody else's words", () => {
    for (const { source, target, points } of edges) {
      for (const box of boxes) {
        if (box.lines.length === 0 || box.shape === "area") continue
        for (const [i, p] of points.slice(1).entries()) {
          expect(goesThrough(points[i] as Point, p, box), `${source} to ${target} through ${box.id}`).toBe(false)
        }
      }
    }
  })
})
