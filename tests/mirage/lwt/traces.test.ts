// What the real Lwt printed for 600 random programs, byte for byte.

import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { runProgram } from "./interpreter.ts"

const read = (name: string): string => readFileSync(new URL(`traces/${name}`, import.meta.url), "utf8")

/** The programs, or outputs, of a file: each ends with a line `---`. */
function sections(text: string): string[] {
  const all = text.split(/^---\n/m)
  expect(all.pop()).toBe("")
  return all
}

describe("traces of Lwt 5.6.1", () => {
  const programs = sections(read("programs.txt"))
  const expected = sections(read("expected.txt"))

  it("are 600 programs with an output each", () => {
    expect([programs.length, expected.length]).toEqual([600, 600])
  })

  it.each(programs.map((program, i) => [i + 1, program, expected[i]]))("program %i", (_, program, output) => {
    const lines = program!.split("\n").filter((line) => line !== "")
    expect(`${runProgram(lines).join("\n")}\n`).toBe(output)
  })
})
