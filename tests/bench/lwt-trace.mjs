// What it costs Lwt that it can be watched: nothing when nobody does. Beside a build in which the hooks are not there at
// all, and one with a watcher. They take turns, and the best of each is shown, because the machines are shared.

import { spawnSync } from "node:child_process"
import { join } from "node:path"
import process from "node:process"
import { bundle } from "./bundle.mjs"

const TO = join(import.meta.dirname, "../.output/lwt-trace")
const ROUNDS = 5

const ROWS = [
  ["bind on a resolved promise", "bind"],
  ["wait + bind + wakeup", "wakeup"],
  ["pause", "pause"],
  ["pick of 10,000, each", "pick"],
]

/** Takes the hooks out. */
const withoutHooks = {
  name: "without-hooks",
  transform(code, id) {
    if (!id.includes("/src/mirage/")) return null
    return code.replaceAll("trace.by !== undefined", "false").replaceAll("trace.by === undefined", "true")
  },
}

function run(script, trace) {
  const env = { ...process.env, TRACE: trace ? "1" : "" }
  const { stdout, stderr, status } = spawnSync("node", ["--expose-gc", script, "rows"], { encoding: "utf8", env })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout.trim().split("\n").at(-1))
}

/** For `npm run bench -- lwt-trace`. */
export async function lwtTraceTable() {
  const bare = await bundle("traced", TO, "bare", [withoutHooks])
  const hooked = await bundle("traced", TO, "hooked")
  const columns = [() => run(bare, false), () => run(hooked, false), () => run(hooked, true)]
  const best = columns.map(() => ({}))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, measure] of columns.entries()) {
      for (const [row, { cpu }] of Object.entries(measure())) best[i][row] = Math.min(best[i][row] ?? Infinity, cpu)
    }
  }
  const show = (x) => x.toFixed(x < 10 ? 1 : 0)
  return {
    title: `Watching promises: ns of CPU time an operation (node ${process.version})`,
    columns: ["", "no hooks", "nobody watches", "of no hooks", "somebody watches"],
    rows: ROWS.map(([label, row]) => {
      const [none, off, on] = best.map((column) => column[row])
      return [label, show(none), show(off), (off / none).toFixed(2), show(on)]
    }),
  }
}
