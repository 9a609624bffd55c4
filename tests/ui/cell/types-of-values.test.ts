import { describe, expect, it } from "vitest"
import type { Program } from "../../../src/sandbox/protocol.ts"
import type { CellEditor } from "../../../src/ui/cell/editor-port.ts"
import { TypesOfValues } from "../../../src/ui/cell/types-of-values.ts"
import type { ProjectStore } from "../../../src/ui/project-store.ts"

const at = { file: "a.ts", line: 1, column: 7 }
const compiled = (name: string, bindings: string[] = []) => ({
  name,
  code: "",
  imports: [],
  mappings: "",
  bindings: bindings.map((b) => ({ name: b, at, after: 0 })),
})
const program: Program = {
  entry: "a.ts",
  modules: [compiled("b.ts"), compiled("a.ts", ["x", "y"])],
  files: {},
  group: [],
  seed: 1,
  pace: 1,
}
const store = (edited: string[]) =>
  ({
    edited: (file: string) => edited.includes(file),
    file: () => ({ types: { x: "number" } }),
  }) as unknown as ProjectStore
const typist = { bindingType: async (_f: string, b: { name: string }) => (b.name === "x" ? "string" : undefined) }

const answers = async (edited: string[], editor?: CellEditor) => {
  const types = new TypesOfValues(store(edited), program, editor)
  const told: string[] = []
  for (const name of ["x", "y", "z"]) types.ask(name, (type) => told.push(`${name}: ${type}`))
  await types.settled()
  return { now: types.of("x"), told }
}

describe("TypesOfValues", () => {
  it("are the build's for what nobody changed", async () => {
    expect(await answers([], typist as unknown as CellEditor)).toEqual({ now: "number", told: [] })
    expect(await answers(["elsewhere.ts"])).toEqual({ now: "number", told: [] })
  })

  it("are the editor's once any file of the program is changed", async () => {
    expect(await answers(["b.ts"], typist as unknown as CellEditor)).toEqual({ now: undefined, told: ["x: string"] })
  })

  it("are not known without an editor, or when it fails", async () => {
    expect(await answers(["a.ts"])).toEqual({ now: undefined, told: [] })
    const broken = { bindingType: () => Promise.reject(new Error("worker gone")) } as unknown as CellEditor
    expect(await answers(["a.ts"], broken)).toEqual({ now: undefined, told: [] })
  })
})
