// Data in a slide: a table that anyone can read, and for a chart the same numbers for the page's plot.
//
// The body of a `chart` fence is JSON:
//
//   { "kind": "bar",                           or "line": then the first column is the x axis, and has numbers
//     "caption": "…", "x": "…", "y": "…",      what is shown, and what the axes say
//     "unit": "MB",                            put behind the numbers
//     "columns": ["", "Standard", "Without dead code"],
//     "rows": [["DNS", 0.449, 0.184], …] }     null where a number is missing
//
// The figure is `<figure class="chart" data-chart="bar">` with the table, a `<script type="application/json">` holding
// the fence's data for the plot, and the caption.

import { escapeHtml } from "./attributes.ts"

/** What a `chart` fence holds. */
export interface ChartData {
  readonly kind: "bar" | "line"
  readonly caption?: string
  readonly x?: string
  readonly y?: string
  readonly unit?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** A `chart` fence as HTML. `fail` hears what is wrong, and how many lines down in the body it is. */
export function chartFigure(
  body: string,
  caption: string | undefined,
  fail: (message: string, line: number) => void,
): string {
  let data: unknown
  try {
    data = JSON.parse(body)
  } catch (e) {
    fail(`The chart is not JSON: ${(e as Error).message}.`, lineOfSyntaxError(body, e as Error))
    return ""
  }
  const wrong = wrongWith(data)
  if (wrong !== undefined) {
    fail(wrong, 0)
    return ""
  }
  const chart = data as ChartData
  const legend = caption ?? chart.caption
  // `<` is the one letter that could end the script element early.
  const json = JSON.stringify(chart).replaceAll("<", "\\u003c")
  return [
    `<figure class="chart" data-chart="${chart.kind}">`,
    table(
      chart.columns,
      chart.rows.map((row) => row.map((cell) => showCell(cell, chart.unit))),
    ),
    `<script type="application/json">${json}</script>`,
    ...(legend === undefined ? [] : [`<figcaption>${escapeHtml(legend)}</figcaption>`]),
    "</figure>\n",
  ].join("\n")
}

/** A `table-data` fence as HTML. */
export function dataTable(
  body: string,
  caption: string | undefined,
  fail: (message: string, line: number) => void,
): string {
  const rows = parseCsv(body)
  const [head, ...rest] = rows
  if (head === undefined) {
    fail("The table has no lines.", 0)
    return ""
  }
  for (const [i, row] of rest.entries()) {
    if (row.length !== head.length)
      fail(`This row has ${row.length} columns, and the headings are ${head.length}.`, i + 2)
  }
  const legend = caption === undefined ? "" : `\n<figcaption>${escapeHtml(caption)}</figcaption>`
  return `<figure class="table-data">\n${table(head, rest)}${legend}\n</figure>\n`
}

function showCell(cell: string | number | null, unit: string | undefined): string {
  if (cell === null) return ""
  return typeof cell === "number" && unit !== undefined ? `${cell} ${unit}` : String(cell)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const heading = (cell: string) => (cell === "" ? "<td></td>" : `<th scope="col">${escapeHtml(cell)}</th>`)
  const row = ([first = "", ...cells]: readonly string[]) =>
    `<tr><th scope="row">${escapeHtml(first)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`
  return `<table>\n<thead><tr>${head.map(heading).join("")}</tr></thead>\n<tbody>\n${rows.map(row).join("\n")}\n</tbody>\n</table>`
}

function wrongWith(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return "A chart is a JSON object."
  const { kind, columns, rows } = data as { kind?: unknown; columns?: unknown; rows?: unknown }
  if (kind !== "bar" && kind !== "line") return 'A chart\'s `kind` is "bar" or "line".'
  if (!Array.isArray(columns) || columns.length < 2 || columns.some((c) => typeof c !== "string")) {
    return "A chart's `columns` are two or more headings."
  }
  if (!Array.isArray(rows) || rows.length === 0) return "A chart's `rows` are one or more lists."
  for (const [i, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== columns.length)
      return `Row ${i + 1} of the chart has not ${columns.length} columns.`
    const numbers = kind === "line" ? row : row.slice(1)
    if (numbers.some((cell) => cell !== null && typeof cell !== "number")) {
      return `Row ${i + 1} of the chart has something that is not a number.`
    }
  }
  return undefined
}

// V8 says the offset of most mistakes in JSON, and since version 11 also the line; of an early end it says neither.
function lineOfSyntaxError(body: string, e: Error): number {
  const position = /at position (\d+)/.exec(e.message)
  const before = position === null ? body.trimEnd() : body.slice(0, Number(position[1]))
  return before.split("\n").length
}

/** RFC 4180, but for the line ends: LF. Cells may be quoted, a quote inside is doubled. Blank lines are left out. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/y
  while (cell.lastIndex < text.length) {
    const m = cell.exec(text)
    if (m === null) break
    row.push(m[1] === undefined ? (m[2] as string).trim() : m[1].replaceAll('""', '"'))
    if (m[3] === ",") continue
    if (row.some((c) => c !== "")) rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push([...row, ""])
  return rows
}
