// The tower of software under an application, and what the compiler makes of it: for every target the same picture, with
// another bracket and other platforms. And the tower in a container.

import { connect, port, rectPath } from "./arrow.ts"
import type { Art, Box, Item, Scene, Step } from "./scene.ts"
import { sequence } from "./sequence.ts"
import { lines } from "./text.ts"
import { brace, heightOf, type Layer, lowered, tower } from "./tower.ts"

const WIDTH = 1120
const HEIGHT = 500

/** The towers' first cell. */
const TOP = 44
/** Where everything stands that has something to stand on. */
const GROUND = 494
const MARGIN = 14
const CELL = 46
const PLATFORM = 64
const LEFT = { x: 74, width: 256 }
const RIGHT = { x: 690, width: 278 }

const cell = (id: string, text: string, says?: string): Layer => ({
  id,
  lines: lines(text, 24),
  tone: "quiet",
  height: CELL,
  ...(says === undefined ? {} : { says }),
})

/** What is under an application today. The first three are one's own; the rest is the operating system. */
const TODAY: readonly Layer[] = [
  cell("config", "Configuration files"),
  cell("binary", "Application binary"),
  cell("runtime", "Language runtime"),
  cell("threads", "Kernel threads"),
  cell("processes", "User processes"),
  cell("files", "File system"),
  cell("network", "Network stack"),
]

const OWN = 3

const platform = (id: string, name: string, gives: string): Layer => ({
  id,
  name,
  says: `gives ${gives}.`,
  lines: [...lines(name, 24, "bold"), ...lines(gives, 24)],
  tone: "sand",
  height: PLATFORM,
})

interface Target {
  /** How the step is called. */
  readonly title: string
  readonly says: string
  /** How many layers the compiler takes. */
  readonly takes: number
  readonly runtime: string
  /** Under today's tower, if it is not the operating system's own business. */
  readonly under: readonly Layer[]
  readonly platforms: readonly Layer[]
  /** The runtime reaches down into its platform. */
  readonly inside?: boolean
}

const HYPERVISOR = platform("platform-0", "Hypervisor", "virtual devices")
const HARDWARE = platform("platform-1", "Hardware", "processor and memory")
const UNDER = (of: readonly Layer[]) => of.map((layer, i) => ({ ...layer, id: `under-${i}` }))
const XEN = platform("platform-0", "Xen", "virtual devices")
const X86 = platform("platform-1", "x86 hardware", "servers and clouds")
const ARM = platform("platform-1", "ARM hardware", "as large as a hand")

/** The targets by the names that slides use. */
export const TARGETS: Readonly<Record<string, Target>> = {
  abstract: {
    title: "The idea",
    says: "The compiler takes all seven layers, from the configuration files down to the network stack, and makes one program of them, with only what that program uses.",
    takes: 7,
    runtime: "with all that it uses",
    under: [],
    platforms: [],
  },
  hypervisor: {
    title: "On a hypervisor",
    says: "The compiler takes all seven layers. The unikernel stands on the hypervisor that was under the operating system before.",
    takes: 7,
    runtime: "with drivers of its own",
    under: UNDER([HYPERVISOR, HARDWARE]),
    platforms: [HYPERVISOR, HARDWARE],
  },
  unix: {
    title: "A Unix process with sockets",
    says: "The compiler takes the upper three layers only. The result is an ordinary process, whose network and files are those of Unix.",
    takes: OWN,
    runtime: "over sockets",
    under: [],
    platforms: [platform("platform-0", "Unix", "sockets and files")],
  },
  "unix-direct": {
    title: "A Unix process with a stack of its own",
    says: "The compiler takes all seven layers. The result is still a process, but Unix gives it frames and blocks only: TCP/IP and the file system are the unikernel's own.",
    takes: 7,
    runtime: "with TCP/IP of its own",
    under: [],
    platforms: [platform("platform-0", "Unix", "frames and blocks")],
  },
  xen: {
    title: "A Xen image",
    says: "The compiler takes all seven layers. The result is a virtual machine: it boots on Xen, and there is no Unix in it.",
    takes: 7,
    runtime: "with drivers of its own",
    under: [],
    platforms: [XEN, X86],
  },
  arm: {
    title: "A Xen image for ARM",
    says: "The compiler takes all seven layers. The same source boots on Xen on an ARM board, which had Xen under its operating system before.",
    takes: 7,
    runtime: "with drivers of its own",
    under: UNDER([XEN, ARM]),
    platforms: [XEN, ARM],
  },
  bsd: {
    title: "A module of the FreeBSD kernel",
    says: "The compiler takes all seven layers. The result is loaded into FreeBSD's kernel, and reaches down into it.",
    takes: 7,
    runtime: "as a kernel module",
    under: [],
    platforms: [platform("platform-0", "FreeBSD", "interfaces of the kernel")],
    inside: true,
  },
  browser: {
    title: "JavaScript in a browser",
    says: "The compiler takes all seven layers, and its last pass makes JavaScript of them. The machine is a page.",
    takes: 7,
    runtime: "its console is a page",
    under: [],
    platforms: [platform("platform-0", "Browser", "JavaScript and a page")],
  },
}

/** The towers for one target, or for several as steps. */
export function stack(targets: readonly string[]): Scene {
  const scenes = targets.map(one)
  const [only] = scenes
  if (only === undefined) throw new RangeError("A stack has at least one target.")
  if (scenes.length === 1) return only
  const says =
    "On the left what is under an application today, on the right what the compiler makes of it: target by target, from one source."
  return sequence(scenes, "One source, several targets", says)
}

function one(name: string): Scene & { step: Step } {
  const target = TARGETS[name] as Target
  const step: Step = { title: target.title, says: target.says }
  const items = [...today(target), ...bracket(target), ...result(target)]
  const bottoms = items.flatMap((item) => (item.kind === "box" ? [item.y + item.height] : []))
  return {
    title: target.title,
    description: target.says,
    width: WIDTH,
    height: Math.max(...bottoms) + MARGIN,
    items,
    steps: [],
    step,
  }
}

/** The tower on the left. What the compiler takes is tinted. */
function today({ under, takes }: Target): Item[] {
  const os = TOP + OWN * CELL
  const bottom = TOP + TODAY.length * CELL
  const tint: Art = {
    kind: "art",
    key: "tint",
    paths: [{ d: rectPath({ ...LEFT, y: TOP, height: takes * CELL }), look: "sky-flat" }],
  }
  const tag: Box = {
    kind: "box",
    id: "os",
    name: "Operating system",
    says: "kernel threads, user processes, file system and network stack.",
    shape: "cell",
    tone: "plain",
    lines: [],
    x: 10,
    y: os,
    width: LEFT.x - 10,
    height: bottom - os,
  }
  return [
    {
      kind: "label",
      key: "today",
      x: LEFT.x + LEFT.width / 2,
      y: 20,
      anchor: "middle",
      tone: "muted",
      lines: lines("Today", 24),
    },
    tag,
    {
      kind: "label",
      key: "os",
      x: (10 + LEFT.x) / 2,
      y: (os + bottom) / 2,
      anchor: "middle",
      tone: "muted",
      turned: true,
      lines: lines("Operating\nsystem", 24, "italic"),
    },
    tint,
    ...tower([...TODAY, ...under], { ...LEFT, y: TOP, group: "Today, from the top down" }),
  ]
}

/** Which cells the compiler takes: the bracket's upper three are always there, the rest comes and goes. */
function bracket({ takes }: Target): Item[] {
  const x = LEFT.x + LEFT.width + 12
  const end = TOP + takes * CELL
  const middle = TOP + OWN * CELL
  const bar = (from: number, to: number) => rectPath({ x: x + 10, y: from, width: 12, height: to - from })
  const lip = (y: number) => rectPath({ x, y, width: 22, height: 12 })
  const rest: Art[] =
    takes > OWN
      ? [
          {
            kind: "art",
            key: "bracket-rest",
            paths: [{ d: `${bar(middle - 12, end)}${lip(end - 12)}`, look: "sea-flat" }],
          },
        ]
      : [{ kind: "art", key: "bracket-end", paths: [{ d: lip(end - 12), look: "sea-flat" }] }]
  return [{ kind: "art", key: "bracket", paths: [{ d: `${bar(TOP, middle)}${lip(TOP)}`, look: "sea-flat" }] }, ...rest]
}

const APPLICATION = 54
const RUNTIME = 66

/** The compiler and the tower on the right, drawn as over two platforms and lowered to where they belong. */
function result({ title, runtime, platforms, inside }: Target): Item[] {
  const unikernel: Layer[] = [
    { id: "application", lines: lines("Application code", 24, "bold"), tone: "sea", height: APPLICATION },
    {
      id: "mirage",
      name: "Mirage runtime",
      lines: [...lines("Mirage runtime", 24, "bold"), ...lines(runtime, 24)],
      tone: "sea",
      height: RUNTIME,
      says: `${runtime}.`,
    },
  ]
  const height = heightOf(unikernel)
  const y = GROUND - 2 * PLATFORM - height
  const place = { ...RIGHT, y, group: "The unikernel, from the top down" }
  const boxes = tower(unikernel, place)
  const application = boxes[0] as Box
  const middle = port(application, "left", 1)
  const compiler: Box = {
    kind: "box",
    id: "compiler",
    lines: lines("Mirage\ncompiler", 24, "bold"),
    tone: "sea",
    x: 448,
    y: middle.y - 40,
    width: 140,
    height: 80,
    says: "takes the layers that the bracket is about.",
  }
  // From inside the bracket, whichever way it is lowered.
  const stem = `M${LEFT.x + LEFT.width + 28} ${middle.y - 196}H388q18 0 18 18V${middle.y - 18}q0 18 18 18H450`
  const dy = platforms.length === 0 ? -36 : (2 - platforms.length) * PLATFORM
  const upper: Item[] = [
    { kind: "art", key: "stem", paths: [{ d: stem, look: "bold" }] },
    {
      kind: "label",
      key: "title",
      x: RIGHT.x + RIGHT.width / 2,
      y: y - 32,
      anchor: "middle",
      tone: "strong",
      lines: lines(title, 24, "bold"),
    },
    compiler,
    ...boxes,
    connect([compiler, "right"], [application, "left", 1], "The Mirage compiler makes the unikernel.", { strong: {} }),
    { kind: "art", key: "brace", paths: [{ d: brace(RIGHT.x + RIGHT.width + 8, y, y + height), look: "line" }] },
    {
      kind: "label",
      key: "unikernel",
      x: RIGHT.x + RIGHT.width + 44,
      y: y + height / 2,
      anchor: "start",
      lines: lines("unikernel", 24, "italic"),
    },
  ]
  const ground =
    platforms.length === 0
      ? []
      : tower(platforms, { ...RIGHT, y: GROUND - platforms.length * PLATFORM, group: "Under it" })
  const tongue: Art[] = inside
    ? [
        {
          kind: "art",
          key: "tongue",
          paths: [
            {
              d: rectPath({ x: RIGHT.x + 12, y: GROUND - PLATFORM - 2, width: 26, height: PLATFORM - 14 }),
              look: "sea-flat",
            },
          ],
        },
      ]
    : []
  return [...ground, ...lowered(upper, dy), ...tongue]
}

/** The tower in a container: nothing of it has gone. */
export function docker(): Scene {
  const y = 52
  const right = { x: 616, width: 290 }
  const under = [HYPERVISOR, HARDWARE].map(({ says: _, ...layer }) => ({
    ...layer,
    height: 52,
    lines: layer.lines.slice(0, 1),
  }))
  const cells = TODAY.map((layer) => ({ ...layer, height: 42 }))
  const height = heightOf(cells)
  const left = tower(
    cells.map((layer) => ({ ...layer, id: `before-${layer.id}` })),
    { ...LEFT, y, group: "Before, from the top down" },
  )
  const container: Box = {
    kind: "box",
    id: "container",
    lines: [],
    name: "A container",
    says: "the same seven layers, in a box.",
    tone: "iris",
    x: right.x - 22,
    y: y - 18,
    width: right.width + 44,
    height: height + 36,
  }
  const inside = tower(
    cells.map((layer) => ({ ...layer, tone: "plain" as const })),
    { ...right, y, group: "Inside of the container, from the top down" },
  )
  const ground = tower(under, {
    ...right,
    x: container.x,
    width: container.width,
    y: container.y + container.height,
    group: "Under the container",
  })
  const first = left[3] as Box
  return {
    title: "A container wraps the tower",
    description:
      "On the left the seven layers under an application; on the right the same seven layers inside of a container, on a hypervisor and hardware. They are wrapped, and none of them has gone.",
    width: WIDTH,
    height: HEIGHT,
    steps: [],
    items: [
      ...left,
      {
        kind: "art",
        paths: [{ d: rectPath({ ...container, x: container.x + 8, y: container.y + 8 }, 12), look: "shadow" }],
      },
      container,
      ...inside,
      ...ground,
      connect(
        [first, "right"],
        [container, "left", (first.y + 21 - container.y) / container.height],
        "Docker puts the layers into the container.",
        {
          strong: {},
          label: {
            kind: "label",
            x: 468,
            y: first.y - 4,
            anchor: "middle",
            tone: "strong",
            lines: lines("Docker", 26, "bold"),
          },
        },
      ),
      {
        kind: "art",
        paths: [{ d: rectPath({ x: LEFT.x + LEFT.width + 12, y, width: 12, height }), look: "sea-flat" }],
      },
      { kind: "art", paths: [{ d: brace(container.x + container.width + 10, y, y + height), look: "line" }] },
      {
        kind: "label",
        x: container.x + container.width + 48,
        y: y + height / 2 - 13,
        anchor: "start",
        lines: lines("the same\nseven layers", 24, "italic"),
      },
    ],
  }
}
