// Several scenes as the steps of one: what is the same stays, what has only moved moves, and the rest comes and goes.

import {
  type Art,
  type Box,
  type Edge,
  type Item,
  type Label,
  type Move,
  type Point,
  type Scene,
  type Step,
  timeless,
} from "./scene.ts"

/** Join `scenes`, the first of which is there without a fragment. Each gives the text of its step. */
export function sequence(
  scenes: readonly (Scene & { readonly step: Step })[],
  title: string,
  description: string,
): Scene {
  const [first] = scenes
  if (first === undefined) throw new RangeError("A sequence of no scenes.")
  // By key, in the order of the drawing: what there was of it, the last still open.
  const histories = new Map<string, Item[]>()
  for (const [k, scene] of scenes.entries()) {
    const seen = new Set<string>()
    for (const item of scene.items) {
      const key = keyOf(item)
      if (seen.has(key)) throw new Error(`Two items of a scene are called ${key}.`)
      seen.add(key)
      const history = histories.get(key)
      if (history === undefined) {
        histories.set(key, [k === 0 ? item : { ...item, from: k }])
        continue
      }
      const last = history.at(-1) as Item
      const moved = last.until === undefined ? movedTo(last, item, k) : undefined
      if (moved !== undefined) history[history.length - 1] = moved
      else {
        if (last.until === undefined) history[history.length - 1] = { ...last, until: k }
        history.push({ ...item, from: k })
      }
    }
    for (const [key, history] of histories) {
      const last = history.at(-1) as Item
      if (!seen.has(key) && last.until === undefined) history[history.length - 1] = { ...last, until: k }
    }
  }
  const items = [...histories.values()].flat()
  const height = Math.max(...scenes.map((s) => s.height))
  return { title, description, width: first.width, height, items, steps: scenes.map((s) => s.step), replaces: true }
}

function keyOf(item: Item): string {
  switch (item.kind) {
    case "box":
      return `box ${item.id}`
    case "edge":
      return `edge ${item.source} ${item.target}`
    case "label":
      return `label ${item.key ?? item.lines.map((l) => l.text).join("\n")}`
    case "art":
      return `art ${item.key ?? item.paths.map((p) => p.d).join(" ")}`
  }
}

/** `last` with a move that takes it to where `item` is at step `k`; `undefined` if more than the place differs. */
function movedTo(last: Item, item: Item, k: number): Item | undefined {
  if (JSON.stringify(withoutPlace(last)) !== JSON.stringify(withoutPlace(item))) return undefined
  const moves = last.moves ?? []
  const start = placeOf(last)
  const end = placeOf(item)
  const done = total(moves)
  const own = total(item.moves ?? [])
  const move = { at: k, dx: end.x + own.x - start.x - done.x, dy: end.y + own.y - start.y - done.y }
  return move.dx === 0 && move.dy === 0 ? last : { ...last, moves: [...moves, move] }
}

const total = (moves: readonly Move[]): Point => ({
  x: moves.reduce((sum, m) => sum + (m.dx ?? 0), 0),
  y: moves.reduce((sum, m) => sum + (m.dy ?? 0), 0),
})

function placeOf(item: Item): Point {
  if (item.kind === "art") return { x: 0, y: 0 }
  return item.kind === "edge" ? (item.points[0] as Point) : { x: item.x, y: item.y }
}

function withoutPlace(item: Item): Item {
  const rest = timeless(item)
  const origin = placeOf(item)
  switch (item.kind) {
    case "box":
      return { ...(rest as Box), x: 0, y: 0 }
    case "label":
      return { ...(rest as Label), x: 0, y: 0 }
    case "edge":
      return { ...(rest as Edge), points: item.points.map(({ x, y }) => ({ x: x - origin.x, y: y - origin.y })) }
    case "art":
      return rest as Art
  }
}
