import { describe, expect, it } from "vitest"
import { chartFigure, dataTable, parseCsv } from "../../src/content/figures.ts"

const chart = (body: string, caption?: string) => {
  const problems: string[] = []
  const html = chartFigure(body, caption, (message, line) => problems.push(`${line}: ${message}`))
  return { html, problems }
}

const SIZES = `{
  "kind": "bar", "unit": "MB", "caption": "Sizes </script>",
  "columns": ["", "Standard", "Without dead code"],
  "rows": [["DNS", 0.449, 0.184], ["Web server", 0.674, null]]
}`

describe("chartFigure", () => {
  it("has a table that can be read, with headings for its rows and columns", () => {
    const { html } = chart(SIZES)
    expect(html).toContain('<tr><td></td><th scope="col">Standard</th><th scope="col">Without dead code</th></tr>')
    expect(html).toContain('<tr><th scope="row">DNS</th><td>0.449 MB</td><td>0.184 MB</td></tr>')
    expect(html).toContain('<tr><th scope="row">Web server</th><td>0.674 MB</td><td></td></tr>')
    expect(html).toContain("<figcaption>Sizes &lt;/script&gt;</figcaption>")
  })

  it("has the data for the plot, which cannot end its element early", () => {
    const { html } = chart(SIZES)
    expect(html).toMatch(/^<figure class="chart" data-chart="bar">/)
    const json = /<script type="application\/json">(.*?)<\/script>/.exec(html)?.[1] ?? ""
    expect(JSON.parse(json)).toEqual(JSON.parse(SIZES))
  })

  it.each([
    ["{\n  kind: 1\n}", /^2: The chart is not JSON/],
    ['{\n "kind": "bar",\n', /^3: The chart is not JSON/],
    ['{"kind": "pie"}', /^0: A chart's `kind` is "bar" or "line"/],
    ['{"kind": "bar", "columns": ["a"]}', /^0: A chart's `columns`/],
    ['{"kind": "bar", "columns": ["a", "b"], "rows": []}', /^0: A chart's `rows`/],
    ['{"kind": "bar", "columns": ["a", "b"], "rows": [["x", 1], ["x"]]}', /^0: Row 2 of the chart has not 2 columns/],
    [
      '{"kind": "bar", "columns": ["a", "b"], "rows": [["x", "1"]]}',
      /^0: Row 1 of the chart has something that is not a number/,
    ],
    [
      '{"kind": "line", "columns": ["a", "b"], "rows": [["x", 1]]}',
      /^0: Row 1 of the chart has something that is not a number/,
    ],
    ["3", /^0: A chart is a JSON object/],
  ])("refuses %s", (body, message) => {
    const { html, problems } = chart(body)
    expect(html).toBe("")
    expect(problems).toEqual([expect.stringMatching(message)])
  })
})

describe("dataTable", () => {
  it("is a table with a caption", () => {
    const html = dataTable("name, size\n<x>, 1\n", "all", () => expect.unreachable())
    expect(html).toContain('<th scope="col">name</th><th scope="col">size</th>')
    expect(html).toContain('<th scope="row">&lt;x&gt;</th><td>1</td>')
    expect(html).toContain("<figcaption>all</figcaption>")
  })

  it("says which line has too many columns", () => {
    const problems: string[] = []
    dataTable("a,b\n1,2\n1,2,3", undefined, (message, line) => problems.push(`${line}: ${message}`))
    expect(problems).toEqual(["3: This row has 3 columns, and the headings are 2."])
  })
})

describe("parseCsv", () => {
  it("reads quotes, commas and empty cells", () => {
    expect(parseCsv('a,"b, ""c""\nd",\n\n ,x')).toEqual([
      ["a", 'b, "c"\nd', ""],
      ["", "x"],
    ])
    expect(parseCsv("a,")).toEqual([["a", ""]])
    expect(parseCsv("")).toEqual([])
  })
})
