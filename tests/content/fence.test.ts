import { describe, expect, it } from "vitest"
import { languageOf, parseFence } from "../../src/content/fence.ts"

const parse = (info: string) => {
  const problems: string[] = []
  const fence = parseFence(info, (message) => problems.push(message))
  return { fence, problems }
}
const problems = (info: string) => parse(info).problems

describe("parseFence", () => {
  it("reads that a cell shows its timeline, and wants a file that runs for that", () => {
    const wrong: string[] = []
    expect(parseFence("ts cell=coin.ts timeline", (m) => wrong.push(m))).toMatchObject({
      name: "coin.ts",
      timeline: true,
    })
    expect(wrong).toEqual([])
    parseFence("ts cell=lib.ts group=g timeline", (m) => wrong.push(m))
    expect(wrong).toEqual(["`timeline` goes with a file that runs."])
  })

  it("reads code", () => {
    expect(parse("ts").fence).toEqual({ kind: "code", language: "ts" })
    expect(parse("").fence).toEqual({ kind: "code", language: "" })
  })

  it("reads a cell of one file", () => {
    const plain = { kind: "file", entry: false, hidden: false, wrong: false }
    expect(parse("ts cell=option-monad.ts").fence).toEqual({
      ...plain,
      language: "ts",
      name: "option-monad.ts",
      label: "option-monad.ts",
    })
    expect(parse("cell=lib/x.ts hidden").fence).toMatchObject({ language: "", name: "lib/x.ts", hidden: true })
    expect(parse("ts cell=x.ts wrong").fence).toMatchObject({ wrong: true })
  })

  it("puts a group's files into its folder", () => {
    expect(parse("html cell=htdocs/index.html group=www").fence).toMatchObject({
      name: "www/htdocs/index.html",
      label: "htdocs/index.html",
      group: "www",
      entry: false,
    })
    expect(parse("ts cell=config.ts group=www entry src=src/unikernels/www/config.ts").fence).toMatchObject({
      entry: true,
      src: "src/unikernels/www/config.ts",
    })
  })

  it("takes OCaml that is wrong", () => {
    expect(parse("ocaml of=x.ts wrong")).toMatchObject({ fence: { kind: "ocaml", of: "x.ts" }, problems: [] })
    expect(parse("ocaml wrong")).toMatchObject({ fence: { kind: "code", language: "ocaml" }, problems: [] })
    expect(parse("ts wrong").problems).toHaveLength(1)
    expect(parse("output of=x.ts wrong").problems).toHaveLength(1)
  })

  it.each(["output of=x.ts", "ocaml of=x.ts", "ts check of=x.ts", "md hint of=x.ts", "ts solution of=x.ts"])(
    "reads `%s`",
    (info) => {
      const kind = info.split(" ").at(-2)
      expect(parse(info)).toEqual({ fence: { kind, of: "x.ts" }, problems: [] })
    },
  )

  it("reads data, with a quoted caption", () => {
    expect(parse('table-data caption="a b"').fence).toEqual({ kind: "table-data", caption: "a b" })
    expect(parse("chart").fence).toEqual({ kind: "chart" })
  })

  it("suggests the nearest word for one it does not know", () => {
    expect(problems("ts cel=x.ts")).toEqual(["A fence has no attribute `cel`. Did you mean `cell`?"])
    expect(problems("ts cell=x.ts group=g enrty")).toEqual(["A fence has no attribute `enrty`. Did you mean `entry`?"])
    expect(problems("ts somethingelse")).toEqual(["A fence has no attribute `somethingelse`."])
  })

  it.each([
    ["ts cell=x.ts cell=y.ts", "`cell=` is given twice."],
    ["ts cell", "`cell` wants a value: `cell=…`."],
    ["ts cell=x.ts hidden=yes", "`hidden` takes no value."],
    ["ts cell=/etc/x.ts", "`cell=/etc/x.ts` is not a file's name: letters, digits, `-`, `_`, `.` and `/` make one."],
    ["ts cell=../x.ts", "`cell=../x.ts` is not a file's name: letters, digits, `-`, `_`, `.` and `/` make one."],
    ["ts cell=x.ts group=a/b", "`group=a/b` is not a folder's name."],
    ["ts cell=x.ts entry", "`entry` goes with `group=`: a cell of one file runs that file."],
    ["ts cell=x.ts group=g entry hidden", "A hidden file cannot be the entry."],
    ["ts cell=x.ts of=y.ts", "`of` does not go with `cell=`."],
    ["output of=x.ts group=g", "`group` does not go with `output of=`."],
    ["chart hidden", "`hidden` does not go with `chart`."],
    ["output", "`output` wants `of=` and a cell's file."],
    ["ts group=g", "`group` goes with `cell=` or `of=`, and there is neither."],
    [
      "ts of=x.ts",
      "`of=` wants one word before it that says what the block is: `output`, `ocaml`, `check`, `hint` or `solution`.",
    ],
    [
      "ts check hint of=x.ts",
      "`of=` wants one word before it that says what the block is: `output`, `ocaml`, `check`, `hint` or `solution`.",
    ],
  ])("refuses `%s`", (info, message) => {
    expect(problems(info)).toEqual([message])
  })
})

describe("languageOf", () => {
  it("believes the extension before the fence", () => {
    expect(languageOf("x.ts", "")).toBe("typescript")
    expect(languageOf("htdocs/index.html", "ts")).toBe("html")
    expect(languageOf("dune", "ocaml")).toBe("ocaml")
    expect(languageOf("README", "")).toBe("text")
  })
})
