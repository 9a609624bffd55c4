// The way of a page of memory: every layer writes into it, and nobody copies it.

import { connect, port, rectPath } from "./arrow.ts"
import type { ArtPath, Box, Item, Scene, Step, Tone } from "./scene.ts"
import { lines } from "./text.ts"

const WIDTH = 1120
const HEIGHT = 510

const box = (
  id: string,
  text: string,
  tone: Tone,
  x: number,
  y: number,
  width: number,
  height: number,
  says: string,
): Box => ({
  kind: "box",
  id,
  lines: lines(text, 24, "bold"),
  tone,
  x,
  y,
  width,
  height,
  says,
})

const pool: Box = {
  kind: "box",
  shape: "area",
  id: "pool",
  name: "I/O page pool",
  says: "pages of 4 kB, given to whoever has something to send.",
  lines: lines("I/O page pool", 24, "bold"),
  tone: "sun",
  x: 0,
  y: 0,
  width: 196,
  height: 236,
}

const LAYERS = [
  box("application", "Application", "sea", 248, 0, 176, 62, "writes what it answers to a GET."),
  box("http", "HTTP", "leaf", 464, 0, 176, 62, "puts its header before it."),
  box("tcp", "TCP/IP", "leaf", 680, 0, 176, 62, "puts its headers before that."),
  box("ethernet", "Ethernet", "leaf", 896, 0, 176, 62, "puts the last header before all."),
]
const ring: Box = {
  ...box("ring", "Ring of requests", "iris", 890, 340, 220, 62, "shared with the other side."),
  from: 3,
}
const driver: Box = {
  ...box("driver", "Driver domain", "plain", 570, 340, 210, 62, "the machine that has the wire."),
  from: 3,
}
const collector: Box = {
  ...box("collector", "Garbage collector", "sky", 248, 340, 222, 62, "knows when nobody holds the page any more."),
  from: 4,
}

/** What is in the page at last, from its end to its beginning. */
const PARTS: readonly { readonly name: string; readonly look: Tone }[] = [
  { name: "data", look: "sea" },
  { name: "HTTP", look: "leaf" },
  { name: "TCP/IP", look: "leaf" },
  { name: "Ethernet", look: "leaf" },
]
const PART = 34

/** The page under a layer: the part that is written so far, which grows towards its beginning at the top. */
function page(under: Box, parts: number): Item[] {
  const y = 96
  const height = PART * PARTS.length + 14
  const from = parts === 1 ? 1 : 2
  const paths: ArtPath[] = [{ d: rectPath({ x: under.x, y, width: 176, height }), look: "plain" }]
  const names: Item[] = []
  let top = y + height
  for (const { name, look } of PARTS.slice(0, parts)) {
    top -= PART
    paths.push({ d: rectPath({ x: under.x, y: top, width: 176, height: PART }), look })
    names.push({
      kind: "label",
      x: under.x + 88,
      y: top + PART / 2,
      anchor: "middle",
      tone: look === "sea" ? "on-sea" : "text",
      lines: lines(name, 24),
      from,
    })
  }
  return [{ kind: "art", paths, from }, ...names]
}

const pagesInPool: ArtPath[] = [0, 1, 2, 3, 4, 5].map((i) => ({
  d: rectPath({ x: 22 + (i % 2) * 82, y: 52 + Math.floor(i / 2) * 58, width: 70, height: 46 }),
  look: i === 1 ? "sea" : "plain",
}))

const STEPS: readonly Step[] = [
  { title: "A pool of pages", says: "Memory for input and output is set aside in pages of 4 kB." },
  {
    title: "One page is taken",
    says: "A request has come, and the application writes its answer into the end of a page.",
  },
  {
    title: "Headers are written in front",
    says: "Each layer gets a view of the same page, and writes its header before what is there. Nothing is copied.",
  },
  {
    title: "The page is lent",
    says: "A reference to the page, the grant, is put on the ring. The other side reads the page where it lies.",
  },
  {
    title: "The page comes back",
    says: "The answer on the ring says that it has been sent. When nobody holds it, the collector puts it back into the pool.",
  },
]

const [application, http, tcp, ethernet] = LAYERS as [Box, Box, Box, Box]

/** From the pool to the wire and back. */
export function zeroCopy(): Scene {
  const note = (text: string, x: number, y: number, from: number): Item => ({
    kind: "label",
    x,
    y,
    anchor: "middle",
    tone: "muted",
    lines: lines(text, 24, "italic"),
    from,
  })
  return {
    title: "Input and output without copies",
    description:
      "A page goes from the pool through application, HTTP, TCP/IP and Ethernet, each of which writes its part into it; it is lent to the driver domain by a grant, and the garbage collector hands it back.",
    width: WIDTH,
    height: HEIGHT,
    steps: STEPS,
    items: [
      pool,
      { kind: "art", paths: pagesInPool },
      ...LAYERS,
      ...page(application, 1),
      ...page(http, 2),
      ...page(tcp, 3),
      ...page(ethernet, 4),
      note("the same page, under every layer", 660, 270, 2),
      connect([pool, "right", 31 / 236], [application, "left"], "The pool gives the application a page.", {
        from: 1,
        strong: { from: 1, until: 2 },
      }),
      connect([application, "right"], [http, "left"], "The application hands HTTP a view of the page.", {
        from: 2,
        strong: { from: 2, until: 3 },
      }),
      connect([http, "right"], [tcp, "left"], "HTTP hands TCP/IP a view of the page.", {
        from: 2,
        strong: { from: 2, until: 3 },
      }),
      connect([tcp, "right"], [ethernet, "left"], "TCP/IP hands Ethernet a view of the page.", {
        from: 2,
        strong: { from: 2, until: 3 },
      }),
      connect(
        [ethernet, "right"],
        [ring, "top", (1096 - 890) / 220],
        "Ethernet pushes a request with the page's grant reference on the ring.",
        {
          from: 3,
          strong: { from: 3, until: 4 },
          via: [{ x: 1096, y: 31 }],
          label: { kind: "label", x: 1080, y: 300, anchor: "end", lines: lines("grant reference", 24) },
        },
      ),
      connect(
        [ring, "left", 0.3],
        [driver, "right", 0.3],
        "The driver domain takes the request, and reads the page where it lies.",
        {
          from: 3,
          strong: { from: 3, until: 4 },
          label: { kind: "label", x: 835, y: 340, anchor: "middle", lines: lines("request", 24) },
        },
      ),
      connect([driver, "right", 0.75], [ring, "left", 0.75], "The driver domain puts its response on the ring.", {
        from: 4,
        strong: { from: 4 },
        label: { kind: "label", x: 835, y: 406, anchor: "middle", lines: lines("response", 24) },
      }),
      connect(
        [ring, "bottom"],
        [collector, "bottom"],
        "The response lets go of the page, and leaves it to the garbage collector.",
        {
          from: 4,
          strong: { from: 4 },
          via: [
            { x: port(ring, "bottom").x, y: 464 },
            { x: port(collector, "bottom").x, y: 464 },
          ],
          label: {
            kind: "label",
            x: 692,
            y: 486,
            anchor: "middle",
            lines: lines("sent: nobody holds the page any more", 24),
          },
        },
      ),
      connect([collector, "left"], [pool, "bottom"], "The garbage collector hands the page back to the pool.", {
        from: 4,
        strong: { from: 4 },
        via: [{ x: port(pool, "bottom").x, y: port(collector, "left").y }],
      }),
      ring,
      driver,
      collector,
    ],
  }
}
