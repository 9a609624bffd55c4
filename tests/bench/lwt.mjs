// Lwt beside JavaScript's promises, effect, and OCaml's Lwt natively and through js_of_ocaml. Each runs in a process of its
// own, bundled, as a page would have it; a million sleepers in another. CPU time, because the machines are shared.

import { execFileSync, spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { bundle } from "./bundle.mjs"

const FROM = join(import.meta.dirname, "lwt")
const TO = join(import.meta.dirname, "../.output/lwt-bench")

/** Operation, its name in measure.mjs, and the target in ns, if there is one besides being faster than the others. */
const ROWS = [
  ["bind on a resolved promise", "bind", 15],
  ["wait + bind + wakeup", "wakeup", 100],
  ["chain of binds on a pending one, per link", "chain", 40],
  ["chain of maps, per link", "mapChain", 40],
  ["pause in a main loop, where timers have their turn", "mainLoop"],
  ["pause alone (an await: only microtasks have theirs)", "pause", 55],
  ["mvar ping-pong", "mvar", 120],
  ["stream: push + next", "stream", 100],
  ["contended mutex", "mutex", 130],
  ["choose of 10,000, each", "choose", 70],
  ["pick of 10,000, each", "pick", 150],
  ["join of 10,000, each", "joinSmall", 120],
  ["join of 100,000, each", "join"],
]
const SLEEPERS = [
  ["1,000,000 sleepers, made, ms", ({ made }) => made.cpu, 700],
  ["1,000,000 sleepers, woken, ms", ({ woken }) => woken.cpu, 900],
  ["their peak memory, MB", ({ peak }) => peak, 250],
]

/** The columns: each prepares itself, and returns the command that measures, or throws what it lacks. */
const COLUMNS = {
  ours: () => bundled("ours"),
  Promise: () => bundled("promise"),
  effect: () => bundled("effect"),
  OCaml: native,
  js_of_ocaml: js,
}

async function bundled(name) {
  return ["node", "--expose-gc", await bundle(name, TO, name)]
}

function ocaml(clock, args) {
  mkdirSync(TO, { recursive: true })
  copyFileSync(join(FROM, "bench.ml"), join(TO, "bench.ml"))
  copyFileSync(join(FROM, `${clock}.ml`), join(TO, "clock.ml"))
  execFileSync("ocamlfind", [...args, "-linkpkg", "clock.ml", "bench.ml"], { cwd: TO, stdio: "pipe" })
}

const has = (program, ...args) => spawnSync(program, args).status === 0

function native() {
  if (!has("ocamlfind", "query", "lwt.unix"))
    throw new Error("apt-get install ocaml-nox ocaml-findlib liblwt-ocaml-dev")
  ocaml("clock-unix", ["ocamlopt", "-thread", "-package", "threads.posix,lwt.unix", "-o", "native"])
  return [join(TO, "native")]
}

function js() {
  if (!has("js_of_ocaml", "--version") || !has("ocamlfind", "query", "js_of_ocaml-lwt"))
    throw new Error("apt-get install js-of-ocaml libjs-of-ocaml-dev")
  ocaml("clock-js", ["ocamlc", "-package", "js_of_ocaml-lwt", "-o", "bench.byte"])
  execFileSync("js_of_ocaml", ["--opt=3", "bench.byte", "-o", "bench.cjs"], { cwd: TO, stdio: "pipe" })
  return ["node", "--stack-size=8000", join(TO, "bench.cjs")]
}

async function column(name) {
  let command
  try {
    command = await COLUMNS[name]()
  } catch (lacking) {
    console.log(`no column ${name}: ${lacking.message}`)
    return undefined
  }
  const run = (what) => {
    const [program, ...args] = command
    const { stdout, stderr, status } = spawnSync(program, [...args, what], { encoding: "utf8", maxBuffer: 2 ** 26 })
    if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1))
    console.log(`${name}, ${what}: ${stderr.trim().split("\n").slice(-3).join(" ")}`)
    return undefined
  }
  return { name, rows: run("rows"), sleepers: run("sleepers") }
}

/** For `npm run bench -- lwt`. */
export async function lwtTable() {
  mkdirSync(TO, { recursive: true })
  writeFileSync(join(TO, "package.json"), "{}")
  const columns = []
  for (const name of Object.keys(COLUMNS)) {
    const measured = await column(name)
    if (measured) columns.push(measured)
  }
  const show = (x) => (x === undefined ? "-" : x.toFixed(x < 10 ? 1 : 0))
  const row = (label, target, figures, wall) => {
    const [ours] = figures
    const ratio = ours === undefined || !target ? "-" : `${(ours / target).toFixed(2)}${ours <= target ? "" : " !"}`
    return [label, show(target), show(ours), ratio, show(wall), ...figures.slice(1).map(show)]
  }
  const rows = [
    ...ROWS.map(([label, name, target]) =>
      row(
        label,
        target,
        columns.map((c) => c.rows?.[name]?.cpu),
        columns[0].rows?.[name]?.wall,
      ),
    ),
    ...SLEEPERS.map(([label, get, target]) =>
      row(
        label,
        target,
        columns.map((c) => c.sleepers && get(c.sleepers)),
        undefined,
      ),
    ),
  ]
  return {
    title: `Lwt: ns of CPU time an operation, unless it says otherwise (node ${process.version})`,
    columns: ["", "target", "ours", "of target", "wall", ...columns.slice(1).map((c) => c.name)],
    rows,
  }
}
