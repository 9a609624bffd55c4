import { describe, expect, it } from "vitest"
import { program, type ProgramSource } from "../../src/sandbox/program.ts"
import { compile } from "../../src/toolchain/compile.ts"

function source(texts: Record<string, string>, cells: ProgramSource["cells"]): ProgramSource {
  const files = Object.entries(texts).map(([name, text]) => {
    if (!name.endsWith(".ts")) return [name, { language: "html", text }]
    const compiled = compile(name, text)
    return [name, { language: "typescript", text, ...(compiled.ok ? { compiled: compiled.value } : {}) }]
  })
  return { files: Object.fromEntries(files), cells }
}

const WWW = source(
  {
    "lib.ts": "export const x = 1",
    "unrelated.ts": "export const y = 1",
    "www/config.ts": `import { x } from "../lib.ts"\nexport const c = x`,
    "www/unikernel.ts": "export const Main = 1",
    "www/htdocs/index.html": "<p>",
  },
  [
    { entry: "lib.ts", files: ["lib.ts"] },
    { entry: "unrelated.ts", files: ["unrelated.ts"] },
    {
      entry: "www/config.ts",
      files: ["www/config.ts", "www/unikernel.ts", "www/htdocs/index.html"],
      group: "www",
    },
  ],
)

describe("program", () => {
  it("is the entry, its group, what they import, and the group's data without the folder", async () => {
    const result = await program(WWW, {}, "www/config.ts", { seed: 7, pace: "max" })
    expect(result).toMatchObject({
      ok: true,
      value: {
        entry: "www/config.ts",
        files: { "htdocs/index.html": "<p>" },
        group: ["www/config.ts", "www/unikernel.ts"],
        seed: 7,
        pace: "max",
      },
    })
    if (!result.ok) return
    expect(result.value.modules.map((one) => one.name)).toEqual(["lib.ts", "www/config.ts", "www/unikernel.ts"])
    expect(result.value.modules[0]).toBe(WWW.files["lib.ts"]!.compiled)
  })

  it("takes the reader's text of every file, data and imported cells too", async () => {
    const edits = { "lib.ts": "export const x: number = 2", "www/htdocs/index.html": "<b>", "unrelated.ts": "}}}" }
    const result = await program(WWW, edits, "www/config.ts")
    expect(result.ok && result.value.modules[0]!.code).toBe("export const x = 2")
    expect(result.ok && result.value.files).toEqual({ "htdocs/index.html": "<b>" })
  })

  it("tells all that is wrong in the files it would run", async () => {
    const edits = { "lib.ts": "export const x = ", "www/unikernel.ts": `import "./gone.ts"` }
    const result = await program(WWW, edits, "www/config.ts")
    expect(!result.ok && result.error.map(({ file, line, message }) => [file, line, message.slice(0, 20)])).toEqual([
      ["lib.ts", 1, "Syntax error: someth"],
      ["www/unikernel.ts", 1, 'There is no cell "ww'],
    ])
  })

  it("of a cell that is not there is an error that says so", async () => {
    const result = await program(WWW, {}, "gone.ts")
    expect(!result.ok && result.error[0]!.message).toBe('There is no cell "gone.ts" to run.')
  })
})
