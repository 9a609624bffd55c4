// `npm run bench`: the budgets that can be measured, each beside a peer measured in the same run. These machines are
// shared, so read ratios; a figure alone says little. Nothing here passes or fails. `npm run bench -- lwt` prints the tables
// of that name only.

import process from "node:process"
import { lwtTable } from "./lwt.mjs"
import { lwtTraceTable } from "./lwt-trace.mjs"
import { pageTable, runTable } from "./page.mjs"

const TABLES = [
  ["page", pageTable],
  ["page", runTable],
  ["lwt", lwtTable],
  ["lwt-trace", lwtTraceTable],
]

const wanted = process.argv.slice(2)
for (const name of wanted) if (!TABLES.some(([n]) => n === name)) throw new Error(`no table is called ${name}`)
for (const [name, table] of TABLES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const { title, columns, rows } = await table()
  console.log(`\n${title}\n`)
  print([columns, ...rows])
}
process.exit(0)

/** Rows as columns of equal width; all but the first are aligned right. */
function print(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)))
  for (const row of rows) {
    const cells = row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
    console.log(`  ${cells.join("   ")}`)
  }
}
