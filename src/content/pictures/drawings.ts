// Drawings, where the original deck has photographs: a board and a laptop, a leaning tower, a ship.

import { connect, rectPath } from "./arrow.ts"
import type { Art, ArtPath, Box, Item, Scene, Tone } from "./scene.ts"
import { lines } from "./text.ts"

const filled = (
  x: number,
  y: number,
  width: number,
  height: number,
  look: ArtPath["look"],
  radius: number = 0,
): ArtPath => ({
  d: rectPath({ x, y, width, height }, radius),
  look,
})

const art = (...paths: ArtPath[]): Art => ({ kind: "art", paths })

const label = (text: string, x: number, y: number, size: number = 24): Item => ({
  kind: "label",
  x,
  y,
  anchor: "middle",
  lines: lines(text, size),
})

const circle = (x: number, y: number, r: number, look: ArtPath["look"]): ArtPath => ({
  d: rectPath({ x: x - r, y: y - r, width: 2 * r, height: 2 * r }, r),
  look,
})

/** A small board serves what the laptop beside it shows. */
export function board(): Scene {
  const screen: Box = {
    kind: "box",
    id: "laptop",
    name: "A laptop",
    says: "its browser shows the slides.",
    lines: [],
    tone: "plain",
    x: 36,
    y: 30,
    width: 300,
    height: 196,
  }
  const pcb: Box = {
    kind: "box",
    id: "board",
    name: "A bare ARM board",
    says: "not larger than a hand, with a green light. A unikernel on it serves the slides.",
    lines: [],
    tone: "leaf",
    x: 424,
    y: 130,
    width: 176,
    height: 134,
  }
  return {
    title: "A board and a laptop",
    description: "A small ARM board, not larger than a hand, serves the slides that the laptop beside it shows.",
    width: 620,
    height: 360,
    steps: [],
    items: [
      screen,
      art(
        filled(52, 46, 268, 164, "sky-flat", 4),
        filled(76, 68, 150, 16, "sea-flat", 4),
        filled(76, 104, 190, 8, "shadow", 4),
        filled(76, 126, 210, 8, "shadow", 4),
        filled(76, 148, 160, 8, "shadow", 4),
        filled(76, 170, 178, 8, "shadow", 4),
        { d: "M24 226H348L372 262Q374 270 364 270H8Q-2 270 0 262Z", look: "plain" },
        { d: "M44 236H328M38 246H334M150 258H222", look: "thin" },
      ),
      pcb,
      connect(
        [pcb, "left", (196 - 130) / 134],
        [screen, "right", (120 - 30) / 196],
        "The board serves the slides to the laptop, over a wire.",
        {
          strong: {},
          via: [
            { x: 380, y: 196 },
            { x: 380, y: 120 },
          ],
        },
      ),
      art(
        filled(484, 170, 52, 52, "dark", 4),
        filled(554, 172, 34, 20, "dark", 3),
        filled(554, 200, 34, 20, "dark", 3),
        // Sockets: the wire's on the left, USB on the right, pins on the edges.
        filled(416, 178, 38, 36, "plain", 3),
        filled(586, 232, 22, 22, "plain", 3),
        ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => circle(448 + i * 14, 142, 3, "dark")),
        ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => circle(462 + i * 14, 252, 3, "dark")),
        circle(444, 236, 12, "glow"),
        circle(444, 236, 8, "glow"),
        circle(444, 236, 5, "glow"),
      ),
      label("a laptop", 186, 306),
      label("a bare ARM board", 512, 306),
    ],
  }
}

const PAINS = [
  { id: "code", name: "Much code", says: "a large surface to attack." },
  { id: "images", name: "Large images", says: "slow to copy and to boot." },
  { id: "work", name: "Work done twice", says: "by the hypervisor, the kernel and the runtime." },
  { id: "configuration", name: "Complex configuration", says: "each layer has its own." },
]

/** The leaning tower of cloud. */
export function leaningTower(): Scene {
  const lean = { degrees: 5.5, x: 250, y: 420 }
  const tones: Tone[] = ["rose", "sun", "sky", "sand"]
  const x = 96
  const width = 300
  const floors = PAINS.map(
    ({ id, name, says }, i): Box => ({
      kind: "box",
      shape: "cell",
      id,
      name,
      says,
      group: "Its floors, from the top down",
      // Turned letters are a little lower than they are high.
      lines: lines(name, 26, "bold"),
      tone: tones[i] as Tone,
      x,
      y: 72 + i * 88,
      width,
      height: 58,
      lean,
    }),
  )
  // Under every floor a row of arches, with the sky between the columns.
  const arches = floors.map((floor): Art => {
    const y = floor.y + floor.height
    const paths: ArtPath[] = [filled(x + 6, y, width - 12, 30, "plain")]
    for (let k = 0; k < 9; k++) {
      const left = x + 16 + k * 30.5
      paths.push({ d: `M${left} ${y + 30}v-14a10 10 0 0 1 20 0v14z`, look: "shadow" })
    }
    return { kind: "art", paths, lean }
  })
  const cloud = (cx: number, cy: number): ArtPath => ({
    d: `M${cx} ${cy}h92a20 20 0 0 0 2 -40a34 34 0 0 0 -62 -10a24 24 0 0 0 -36 18a16 16 0 0 0 4 32z`,
    look: "sky",
  })
  return {
    title: "The leaning tower of cloud",
    description:
      "A tower of four floors that leans. Each floor was put on the next for good reasons, and it is the sum that leans.",
    width: 520,
    height: 470,
    steps: [],
    items: [
      art(cloud(20, 66), cloud(396, 210)),
      {
        kind: "art",
        lean,
        paths: [
          filled(x + 52, 26, width - 104, 46, "plain"),
          ...[0, 1, 2, 3].map(
            (k): ArtPath => ({ d: `M${x + 72 + k * 42} 72v-18a12 12 0 0 1 24 0v18z`, look: "shadow" }),
          ),
          { d: `M${x + 44} 26h${width - 88}l-26 -18h${-(width - 140)}z`, look: "sand" },
        ],
      },
      ...arches,
      ...floors,
      art(
        { d: "M20 434Q140 404 260 413T500 430V448H20Z", look: "leaf-flat" },
        { d: "M20 434Q140 404 260 413T500 430", look: "line" },
      ),
    ],
  }
}

const CARGO = [
  ["wiki", "mail", "blog", "shop"],
  ["web", "cache", "queue", "jobs"],
  ["proxy", "database", "search", "logs"],
]

const CONTAINER = 130

/** A ship with containers. */
export function ship(): Scene {
  const tones: Tone[] = ["sand", "sky", "leaf", "rose", "iris", "sun"]
  const boxes = CARGO.flatMap((row, r) =>
    row.map(
      (name, c): Box => ({
        kind: "box",
        shape: "cell",
        id: name,
        group: "Containers, each with a whole system in it",
        lines: lines(name, 24, "bold"),
        tone: tones[(r * 3 + c + (r === 2 ? 1 : 0)) % tones.length] as Tone,
        x: 60 + c * CONTAINER,
        y: 62 + r * 56,
        width: CONTAINER,
        height: 56,
      }),
    ),
  )
  const ribs = boxes.map(
    (b): ArtPath => ({ d: `M${b.x + 8} ${b.y + 8}v40M${b.x + CONTAINER - 8} ${b.y + 8}v40`, look: "thin" }),
  )
  const wave = (y: number, x: number, crests: number) => `M${x} ${y}${"q20 -14 40 0t40 0".repeat(crests)}`
  return {
    title: "A ship with containers",
    description:
      "A ship carries boxes that are all of one size, whatever is in them. They are easy to load, and as heavy as what they hold.",
    width: 746,
    height: 380,
    steps: [],
    items: [
      // The bridge, its funnel and its windows; then the hull.
      art(
        filled(622, 40, 30, 60, "rose"),
        filled(600, 96, 90, 134, "plain"),
        ...[0, 1, 2].map((i) => filled(612 + i * 26, 112, 16, 14, "sky-flat", 2)),
        ...[0, 1, 2].map((i) => circle(620 + i * 26, 154, 6, "shadow")),
        ...[0, 1, 2].map((i) => circle(620 + i * 26, 188, 6, "shadow")),
        { d: "M16 230H722L698 318Q694 332 678 332H86Q66 332 56 314Z", look: "sea" },
        { d: "M47 296H704L698 318Q694 332 678 332H86Q66 332 56 314Z", look: "rose" },
      ),
      ...boxes,
      art(...ribs),
      art({ d: wave(336, 8, 9), look: "line" }, { d: wave(358, 48, 8), look: "thin" }),
    ],
  }
}
