// The compiler in the middle, between what programmers write and what the cloud runs: four regions along a ribbon.

import { connect, linePath, port, type Side } from "./arrow.ts"
import type { Box, Edge, Item, Label, Point, Scene, Step, Tone } from "./scene.ts"
import { lines } from "./text.ts"

const WIDTH = 1152
const HEIGHT = 570

/** The regions in the order in which they come, as slides call them. */
export const REGIONS = ["programmer", "sources", "compiler", "binaries"] as const

const since = (from: number) => (from === 0 ? {} : { from })

const region = (
  id: string,
  name: string,
  tone: Tone,
  x: number,
  y: number,
  width: number,
  height: number,
  from: number,
  says: string,
): Box => ({
  kind: "box",
  shape: "area",
  id,
  name,
  says,
  tone,
  x,
  y,
  width,
  height,
  lines: lines(name, 24, "bold"),
  ...since(from),
})

const node = (id: string, text: string, x: number, y: number, width: number, from: number, says?: string): Box => {
  const shown = lines(text, 24)
  const height = shown.length === 1 ? 42 : 68
  const base: Box = {
    kind: "box",
    shape: "pill",
    id,
    tone: "plain",
    lines: shown,
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    ...since(from),
  }
  return says === undefined ? base : { ...base, says }
}

const named = (text: string, x: number, y: number, anchor: Label["anchor"] = "middle"): Label => ({
  kind: "label",
  x,
  y,
  anchor,
  tone: "muted",
  lines: lines(text, 24, "italic"),
})

const edge = (
  a: readonly [Box, Side, number?],
  b: readonly [Box, Side, number?],
  says: string,
  from: number,
  label?: Label,
  via: readonly Point[] = [],
): Edge => connect(a, b, says, { via, ...since(from), ...(label === undefined ? {} : { label }) })

// Programmer: top left. Sources: top right. Compiler: the middle. Binaries: bottom left. Cloud: bottom right.
const programmer = region("programmer", "Programmer", "leaf", 0, 0, 280, 178, 0, "what is written by hand.")
const sources = region(
  "sources",
  "Branch-consistent source",
  "sky",
  416,
  0,
  736,
  178,
  1,
  "all libraries, at versions that fit each other.",
)
const compiling = region(
  "compiling",
  "Compilation",
  "sun",
  0,
  194,
  1152,
  190,
  2,
  "types are checked and the whole program is optimised, on the way from source to image.",
)
const binaries = region(
  "binaries",
  "Branch-consistent binaries",
  "iris",
  0,
  400,
  530,
  170,
  3,
  "every image that was built, kept as source is.",
)
const cloud = region("cloud", "Compute cloud", "rose", 640, 400, 512, 170, 0, "what runs.")

const application = node("application", "Application source", 140, 72, 230, 0)
const config = node("config", "Configuration files", 140, 134, 230, 0)
const solver = node("solver", "SAT solver", 506, 72, 140, 1, "finds versions that fit together.")
const repositories = node("repositories", "OCaml code\nrepositories", 760, 88, 170, 1)
const LIBRARIES = [
  node("drivers", "Device drivers", 1050, 34, 176, 1),
  node("algorithms", "Algorithms", 1050, 90, 176, 1),
  node("protocols", "Protocols", 1050, 146, 176, 1),
]
const tree = node("tree", "Configuration tree", 400, 250, 216, 2)
const full = node("full", "Full source", 1050, 250, 140, 2)
const compiler = node("compiler", "Compiler", 752, 346, 130, 2)
const linker = node("linker", "Linker", 340, 346, 96, 2)
const repository = node("repository", "Binary repository", 340, 490, 210, 3)
const monitor = node("monitor", "Service monitor", 770, 490, 192, 0, "starts and stops machines.")
const SERVERS = [
  node("http-1", "HTTP", 1045, 428, 150, 0, "a web server."),
  node("http-2", "HTTP", 1045, 485, 150, 0, "another, of the same image."),
  node("dns", "DNS and DHCP", 1045, 542, 190, 0),
]

const ribbon = (points: readonly Point[], from: number): Item => ({
  kind: "art",
  from,
  paths: [{ d: linePath(points), look: "ribbon" }],
})

const STEPS: readonly Step[] = [
  {
    title: "Programmer and cloud",
    says: "On one side what is written by hand, on the other what runs. What is between them?",
  },
  {
    title: "Sources",
    says: "A solver finds versions of all libraries that fit together; they are kept in Git, like the application.",
  },
  {
    title: "Compilation",
    says: "Configuration and libraries become one program, which is type-checked and optimised as a whole.",
  },
  {
    title: "Binaries",
    says: "What was built is kept by version too, and from there it is booted: the way from source to cloud is closed.",
  },
]

const items: readonly Item[] = [
  programmer,
  cloud,
  sources,
  compiling,
  binaries,
  ribbon([port(application, "right"), port(solver, "left"), { x: repositories.x + 20, y: 72 }], 1),
  ribbon(
    [
      port(repositories, "bottom"),
      { x: 760, y: 186 },
      { x: 1050, y: 186 },
      { x: 1050, y: 346 },
      port(compiler, "right"),
      { x: 340, y: 346 },
    ],
    2,
  ),
  ribbon([port(linker, "bottom"), { x: 340, y: 490 }, { x: 770, y: 490 }], 3),
  edge(
    [application, "right"],
    [solver, "left"],
    "The application's source goes to the SAT solver for dependency analysis.",
    1,
    named("dependency\nanalysis", 348, 16),
  ),
  edge(
    [solver, "right"],
    [repositories, "left", (72 - repositories.y) / repositories.height],
    "The SAT solver resolves dependencies from the OCaml code repositories.",
    1,
    named("resolve", 625, 107),
  ),
  ...LIBRARIES.map((library, i) =>
    edge(
      [library, "left"],
      [repositories, "right", 0.28 + i * 0.22],
      `${library.lines[0]?.text} are kept in the repositories, in Git.`,
      1,
    ),
  ),
  edge([config, "bottom", 0.75], [tree, "left"], "The configuration files become a configuration tree.", 2, undefined, [
    { x: port(config, "bottom", 0.75).x, y: 250 },
  ]),
  edge(
    [tree, "right"],
    [full, "left"],
    "Module application makes full source of the configuration tree.",
    2,
    named("module application", 744, 230),
  ),
  edge(
    [repositories, "bottom"],
    [full, "top"],
    "The repositories give the full source its libraries, by Git.",
    2,
    named("git", 784, 148, "start"),
    [
      { x: 760, y: 186 },
      { x: 1050, y: 186 },
    ],
  ),
  edge(
    [full, "bottom"],
    [compiler, "right"],
    "The full source goes through static type checking to the compiler.",
    2,
    named("static type checking", 932, 312),
    [{ x: 1050, y: 346 }],
  ),
  edge(
    [compiler, "left"],
    [linker, "right"],
    "Whole-program optimisation takes the compiler's work to the linker.",
    2,
    named("whole-program optimisation", 538, 312),
  ),
  edge(
    [linker, "bottom"],
    [repository, "top"],
    "The linker puts Xen unikernels into the binary repository.",
    3,
    named("Xen unikernels", 364, 436, "start"),
  ),
  edge(
    [repository, "right"],
    [monitor, "left"],
    "OpenStack brings them from the binary repository to the service monitor.",
    3,
    named("OpenStack", 585, 456),
  ),
  ...SERVERS.map((server, i) =>
    edge(
      [monitor, "right", 0.3 + i * 0.2],
      [server, "left"],
      `The service monitor runs a unikernel for ${["HTTP", "HTTP once more", "DNS and DHCP"][i]}.`,
      0,
    ),
  ),
  application,
  config,
  solver,
  repositories,
  ...LIBRARIES,
  tree,
  full,
  compiler,
  linker,
  repository,
  monitor,
  ...SERVERS,
]

/** The whole way, growing. */
export function compilerInTheMiddle(): Scene {
  return {
    title: "The compiler in the middle",
    description:
      "One way leads from the programmer's source, by way of versioned sources, a type-checking compiler and versioned binaries, to the machines in the cloud.",
    width: WIDTH,
    height: HEIGHT,
    items,
    steps: STEPS,
  }
}
