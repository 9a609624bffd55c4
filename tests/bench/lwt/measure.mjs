// Measures one implementation, in a process of its own, and prints what it finds as one line of JSON.

import process from "node:process"

const WARM_UP = 5
const ROUNDS = 15
/** Milliseconds after which a slow one has had rounds enough. */
const PATIENCE = 3000

/** CPU time and time on the wall of one call of `f`, in ms. CPU time is that of all threads, the garbage collector's too. */
async function time(f) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await f()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) / 1000, wall }
}

/** The best of several rounds, since everything else on the machine only ever adds. */
async function best({ n, run }) {
  const end = performance.now() + PATIENCE
  for (let i = 0; i < WARM_UP && performance.now() < end; i++) await run(n)
  const rounds = []
  for (let i = 0; i < ROUNDS && (i < 2 || performance.now() < end); i++) rounds.push(await time(() => run(n)))
  const least = (what) => (Math.min(...rounds.map((r) => r[what])) * 1e6) / n
  return { cpu: least("cpu"), wall: least("wall") }
}

/**
 * `rows`: operations by name, `{ n, run(n) }` with `run` doing n of them. They run one after another in one process: real
 * programs use them together as well, and a loop that V8 has compiled for one of them alone would flatter everybody.
 * `sleepers(n)` makes n of them and returns a function that wakes them; it has the process for itself.
 */
export async function measure(rows, sleepers) {
  const found = {}
  if (process.argv[2] === "sleepers") {
    let wake
    found.made = await time(() => {
      wake = sleepers(1_000_000)
    })
    found.woken = await time(wake)
    found.peak = process.resourceUsage().maxRSS / 1024
  } else {
    const only = process.argv[3]
    for (const [name, row] of Object.entries(rows)) if (!only || only === name) found[name] = await best(row)
  }
  console.log(JSON.stringify(found))
}
