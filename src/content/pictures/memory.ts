// The address space of a unikernel on a 64-bit Xen, from low addresses at the bottom to high ones at the top.

import { connect, rectPath } from "./arrow.ts"
import type { ArtPath, Box, Item, Scene } from "./scene.ts"
import { lines } from "./text.ts"
import { type Layer, tower } from "./tower.ts"

const WIDTH = 1120
const HEIGHT = 510

const layer = (id: string, name: string, size: string, tone: Layer["tone"], height: number, says: string): Layer => ({
  id,
  lines: [...lines(name, 24, "bold"), ...(size === "" ? [] : lines(size, 24))],
  tone,
  height,
  says,
})

const MAP: readonly Layer[] = [
  layer(
    "major",
    "OCaml major heap",
    "about 128 TB of addresses",
    "leaf",
    146,
    "grows upwards, in one piece, as there are more than enough addresses.",
  ),
  layer("minor", "OCaml minor heap", "", "leaf", 54, "new values, most of which do not live long."),
  layer("reserved", "Reserved by Xen", "", "quiet", 54, "the hypervisor lives in everybody's address space."),
  layer(
    "grants",
    "Pages for input and output",
    "grants, about 120 TB",
    "iris",
    146,
    "pages lent to and by other machines, outside of the heap, where no collector moves them.",
  ),
  layer("text", "Text and data", "", "sea", 62, "the program: one, and read-only."),
]

const PLACE = { x: 170, y: 34, width: 360, group: "Addresses, from high to low" }

/** Segments beside each other in a page. */
function segments(x: number, y: number, widths: readonly number[], height: number, look: ArtPath["look"]): ArtPath[] {
  let left = x
  return widths.map((width) => {
    const path: ArtPath = { d: rectPath({ x: left, y, width, height }), look }
    left += width
    return path
  })
}

const text = (t: string, x: number, y: number, anchor: "start" | "middle" | "end"): Item => ({
  kind: "label",
  x,
  y,
  anchor,
  tone: "muted",
  lines: lines(t, 24),
})

/** The map, and two pages of it called out. */
export function memory(): Scene {
  const boxes = tower(MAP, PLACE)
  const grants = boxes.find((b) => b.id === "grants") as Box
  const frame: Box = {
    kind: "box",
    shape: "area",
    id: "frame",
    name: "A page with a frame in it",
    says: "4 kB, with the headers of Ethernet, IP and TCP, and then the payload.",
    lines: lines("A frame in a page of 4 kB", 24, "bold"),
    tone: "plain",
    x: 660,
    y: 40,
    width: 450,
    height: 190,
  }
  const sectors: Box = {
    ...frame,
    id: "sectors",
    name: "A page with sectors in it",
    says: "the same 4 kB, as eight sectors of 512 bytes.",
    lines: lines("Eight sectors of 512 bytes in one", 24, "bold"),
    y: 280,
    height: 170,
  }
  const bottom = PLACE.y + MAP.reduce((sum, l) => sum + l.height, 0)
  return {
    title: "One address space",
    description:
      "A unikernel has one address space: text and data at the bottom, above them pages for input and output, what Xen reserves, and OCaml's heaps, each in one piece. The heights are not to scale.",
    width: WIDTH,
    height: HEIGHT,
    steps: [],
    items: [
      ...boxes,
      text("high\naddresses", PLACE.x - 20, PLACE.y + 16, "end"),
      text("address 0", PLACE.x - 20, bottom - 12, "end"),
      { kind: "art", paths: [{ d: `M${PLACE.x - 48} ${bottom - 40}V${PLACE.y + 76}m-9 14l9 -14l9 14`, look: "line" }] },
      frame,
      sectors,
      { kind: "art", paths: segments(680, 88, [66, 54, 54], 62, "leaf") },
      { kind: "art", paths: segments(854, 88, [236], 62, "sea") },
      ...(["Eth", "IP", "TCP"] as const).map(
        (name, i): Item => ({
          ...(text(name, [713, 773, 827][i] as number, 119, "middle") as Extract<Item, { kind: "label" }>),
          tone: "text",
        }),
      ),
      { ...(text("payload", 972, 119, "middle") as Extract<Item, { kind: "label" }>), tone: "on-sea" },
      text("every layer is handed a view of it, and", 680, 177, "start"),
      text("the garbage collector never moves it", 680, 207, "start"),
      { kind: "art", paths: segments(680, 328, [51, 51, 51, 51, 51, 51, 51, 51], 62, "sky") },
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((i): Item => text(String(i), 705.5 + i * 51, 359, "middle")),
      text("read from a disk, handed on as they lie", 680, 418, "start"),
      connect([grants, "right", 0.3], [frame, "left"], "Some of the pages for input and output hold frames.", {
        style: "dashed",
        via: [
          { x: 596, y: grants.y + grants.height * 0.3 },
          { x: 596, y: 135 },
        ],
      }),
      connect([grants, "right", 0.7], [sectors, "left"], "Others hold sectors of a disk.", {
        style: "dashed",
        via: [
          { x: 596, y: grants.y + grants.height * 0.7 },
          { x: 596, y: 365 },
        ],
      }),
    ],
  }
}
