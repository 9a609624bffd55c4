// What is drawn, told to whoever draws it: rows with their names, bars and marks, arrows for who woke whom, the axis, the
// cursor. Only what shows is looked at, so that ten thousand promises cost no more than twenty.

import { at, type Scale, showTick, ticks, type View, xOf } from "./axis.ts"
import type { Ending, Moment, Thread } from "./threads.ts"
import type { Rows, Tree } from "./tree.ts"
import type { Words } from "./words.ts"

/** Height of a row, and of the axis above them. */
export const ROW = 24
export const AXIS = 22
const INDENT = 11
const DEEPEST = 7
/** The least room for a name. */
const LEAST_NAME = 24

/** Everything that a picture shows. */
export interface Scene {
  readonly width: number
  readonly height: number
  /** How wide the names are. */
  readonly names: number
  /** How far the rows have been scrolled. */
  readonly top: number
  readonly threads: readonly Thread[]
  readonly tree: Tree
  readonly rows: Rows
  readonly folded: (id: number) => boolean
  /** By id: the promises that it has woken. */
  readonly woken: (id: number) => readonly number[]
  readonly words: Words
  readonly view: View
  readonly scale: Scale
  /** Where the run has got to. */
  readonly last: Moment
  readonly cursor: number | undefined
  readonly selected: number
  readonly focused: boolean
}

/** A colour, by what it says. */
export type Ink =
  | "text"
  | "muted"
  | "grid"
  | "wait"
  | "fulfilled"
  | "rejected"
  | "cancelled"
  | "accent"
  | "chosen"
  | "ground"

/** A mark in a row. Each has a shape of its own. */
export type Mark = "made" | Ending["how"] | "asked" | "waiting"

/** Who draws. */
export interface Pen {
  rect(ink: Ink, x: number, y: number, width: number, height: number): void
  line(ink: Ink, x1: number, y1: number, x2: number, y2: number, width: number, dashed?: boolean): void
  /** A line with a head at its end. */
  arrow(ink: Ink, x1: number, y1: number, x2: number, y2: number, dashed: boolean): void
  mark(mark: Mark, x: number, y: number): void
  /** Text from `x` on, cut at `width`. Returns how wide it is. */
  text(ink: Ink, text: string, x: number, y: number, width: number, bold?: boolean): number
  triangle(ink: Ink, x: number, y: number, open: boolean): void
  /** What follows is drawn within this, until `unclip`. */
  clip(x: number, y: number, width: number, height: number): void
  unclip(): void
}

/** Which rows show, from the first to before the second. */
export function rowsInView({ top, height, rows }: Pick<Scene, "top" | "height" | "rows">): readonly [number, number] {
  const from = Math.max(0, Math.floor(top / ROW))
  return [from, Math.min(rows.places.length, Math.ceil((top + height - AXIS) / ROW))]
}

/** The row at `y` of the picture; `undefined` on the axis and below the last row. */
export function rowAt({ top, rows }: Pick<Scene, "top" | "rows">, y: number): number | undefined {
  if (y < AXIS) return undefined
  const row = Math.floor((y - AXIS + top) / ROW)
  return row < rows.places.length ? row : undefined
}

/** Whether `x` is where the triangle of a row is, by which it is folded. */
export function onTriangle({ tree, rows }: Pick<Scene, "tree" | "rows">, row: number, x: number): boolean {
  const place = rows.places[row]!
  const left = indent(tree.depth[place]!)
  return tree.under[place]! > 0 && x >= left - 4 && x < left + 16
}

function indent(depth: number): number {
  return 4 + Math.min(depth, DEEPEST) * INDENT
}

/** Draw `scene`. */
export function draw(scene: Scene, pen: Pen): void {
  const { width, height, names, view, scale, cursor } = scene
  const bars = width - names
  const x = (value: number): number => names + xOf(view, value, bars)
  pen.rect("ground", 0, 0, width, height)
  const [from, to] = rowsInView(scene)
  const selectedY = yOf(scene, scene.selected)
  if (scene.selected >= from && scene.selected < to) {
    pen.clip(0, AXIS, width, height - AXIS)
    pen.rect("chosen", 0, selectedY - ROW / 2, width, ROW)
    if (scene.focused) pen.rect("accent", 0, selectedY - ROW / 2, 3, ROW)
    pen.unclip()
  }
  const values = ticks(view, bars, 84, scale)
  for (const value of values) pen.line("grid", x(value), AXIS, x(value), height, 1)
  for (let row = from; row < to; row++) drawName(scene, pen, row)
  pen.line("grid", names, AXIS, names, height, 1)
  pen.clip(names, AXIS, bars, height - AXIS)
  for (let row = from; row < to; row++) drawBar(scene, pen, row, x)
  drawArrows(scene, pen, from, to, x)
  pen.unclip()
  // The axis last: rows scroll under it.
  pen.rect("ground", 0, 0, width, AXIS)
  pen.line("grid", 0, AXIS, width, AXIS, 1)
  pen.text("muted", scale === "time" ? "Simulated time" : "What came first", 6, AXIS / 2, names - 8)
  for (const value of values) {
    pen.line("grid", x(value), AXIS - 5, x(value), AXIS, 1)
    if (x(value) < width - 36) pen.text("muted", showTick(value, scale), x(value) + 3, AXIS / 2, width - x(value) - 4)
  }
  if (cursor !== undefined && cursor >= view.from && cursor <= view.to) {
    pen.line("accent", x(cursor), 0, x(cursor), height, 2)
  }
}

/** The middle of a row. */
function yOf({ top }: Pick<Scene, "top">, row: number): number {
  return AXIS + row * ROW - top + ROW / 2
}

function threadIn({ rows, tree, threads }: Pick<Scene, "rows" | "tree" | "threads">, row: number): Thread {
  return threads[tree.order[rows.places[row]!]!]!
}

function drawName(scene: Scene, pen: Pen, row: number): void {
  const { tree, rows, names, words } = scene
  const place = rows.places[row]!
  const thread = threadIn(scene, row)
  const y = yOf(scene, row)
  const left = indent(tree.depth[place]!)
  const under = tree.under[place]!
  pen.clip(0, AXIS, names, scene.height - AXIS)
  const folded = under > 0 && scene.folded(thread.id)
  if (under > 0) pen.triangle("muted", left + 4, y, !folded)
  const { text, given, at: written } = words.name(thread)
  const where = words.place(written)
  const beside = names - 8 - where.length * 7
  // On a phone there is no room for both; what is said of a row has its place too.
  const [line, right] = beside - left - 18 < LEAST_NAME ? ["", names - 8] : [where, beside]
  const number = words.number(thread)
  const more = `${number === undefined ? "" : ` #${number}`}${folded ? ` (+${under.toLocaleString("en")})` : ""}`
  const used = pen.text("text", text, left + 13, y, Math.max(LEAST_NAME, right - left - 18 - more.length * 6), given)
  if (more !== "") pen.text("muted", more, left + 13 + used, y, right - left - 13 - used)
  if (line !== "") pen.text("muted", line, right, y, names - right - 2)
  pen.unclip()
}

function drawBar(scene: Scene, pen: Pen, row: number, x: (value: number) => number): void {
  const { scale, threads, tree, rows, last } = scene
  const thread = threadIn(scene, row)
  const { made, end, until, asked } = thread
  const y = yOf(scene, row)
  const start = x(at(made, scale))
  const stop = x(at(end ?? last, scale))
  // Where a timer is what it waits for, the bar is thick: it sleeps.
  if (until === undefined) pen.line("wait", start, y, stop, y, 2, end === undefined)
  else pen.rect("wait", start, y - 4, Math.max(1, stop - start), 8)
  const place = rows.places[row]!
  const under = tree.under[place]!
  if (under > 0 && scene.folded(thread.id)) {
    // What is folded away shows as notches where something ended, one for each point of the picture at most.
    const seen = new Set<number>()
    for (let i = place + 1; i <= place + under; i++) {
      const inner = threads[tree.order[i]!]!.end
      if (inner === undefined) continue
      const point = Math.round(x(at(inner, scale)))
      if (point < scene.names || point > scene.width || seen.has(point)) continue
      seen.add(point)
      pen.line(inner.how, point, y - 6, point, y + 6, 1)
    }
  }
  pen.mark("made", start, y)
  if (asked !== undefined) pen.mark("asked", x(at(asked, scale)), y)
  pen.mark(end === undefined ? "waiting" : end.how, stop, y)
  const says = scene.words.how(thread)
  pen.text(
    end?.how === "fulfilled" || end === undefined ? "muted" : end.how,
    says,
    stop + 10,
    y,
    scene.width - stop - 12,
  )
}

/** Arrows between rows in view, and from or to one in view. */
function drawArrows(scene: Scene, pen: Pen, from: number, to: number, x: (value: number) => number): void {
  const arrows = (thread: Thread): void => {
    const { end, asked } = thread
    if (end !== undefined) between(scene, pen, thread, end, end.because, x)
    if (asked !== undefined) between(scene, pen, thread, asked, asked.because, x)
  }
  for (let row = from; row < to; row++) {
    const thread = threadIn(scene, row)
    arrows(thread)
    for (const id of leaving(scene, scene.woken(thread.id), from, to, x)) arrows(scene.threads[id]!)
  }
}

/** Of `ids`, those whose rows are not in view. Thousands that one promise wakes leave by the same way, which is drawn once. */
function leaving(
  { threads, rows, scale }: Scene,
  ids: readonly number[],
  from: number,
  to: number,
  x: (value: number) => number,
): Iterable<number> {
  const ways = new Map<string, number>()
  for (const id of ids) {
    const row = rows.rowOf[id]
    const { end } = threads[id]!
    if (row === undefined || end === undefined || (row >= from && row < to)) continue
    const way = `${row < from} ${end.how} ${Math.round(x(at(end, scale)))}`
    if (!ways.has(way)) ways.set(way, id)
  }
  return ways.values()
}

function between(
  scene: Scene,
  pen: Pen,
  thread: Thread,
  moment: Moment,
  because: Ending["because"],
  x: (value: number) => number,
): void {
  if (because.tag !== "promise") return
  const source = scene.threads[because.id]
  const fromRow = scene.rows.rowOf[because.id]
  const toRow = scene.rows.rowOf[thread.id]
  if (source === undefined || fromRow === undefined || toRow === undefined || fromRow === toRow) return
  const resolved = source.end !== undefined && source.end.step <= moment.step ? source.end : undefined
  const [y1, y2] = [yOf(scene, fromRow), yOf(scene, toRow)]
  const side = y2 > y1 ? 5 : -5
  // A promise that cancels what it waits for is not resolved yet: that goes backwards, and is drawn a little before.
  const asks = resolved === undefined || moment === thread.asked
  const before = asks ? -10 : 0
  const ink = asks ? "cancelled" : (thread.end?.how ?? "fulfilled")
  const start = at(resolved ?? source.asked ?? moment, scene.scale)
  pen.arrow(ink, x(start) + before, y1 + side, x(at(moment, scene.scale)) + before, y2 - side * 1.2, asks)
}
