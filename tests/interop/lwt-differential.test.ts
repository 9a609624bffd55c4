// Random programs on the real Lwt (in OCaml, lwt/peer.ml) and on ours: they must do the same.
//
// LWT_SEED repeats a run, LWT_PROGRAMS says how many programs there are.

import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runProgram } from "../mirage/lwt/interpreter.ts"
import { isDangerous, programs } from "./lwt/programs.ts"

const found = spawnSync("ocamlfind", ["query", "lwt"]).status === 0
const inCi = process.env["CI"] === "true"
if (!found && !inCi) {
  console.warn("skipped: OCaml's Lwt is not installed (apt-get install ocaml-nox ocaml-findlib liblwt-ocaml-dev)")
}

describe.skipIf(!found && !inCi)("the real Lwt and ours", () => {
  let folder = ""
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lwt-peer-"))
    cpSync(new URL("lwt/peer.ml", import.meta.url), join(folder, "peer.ml"))
    const build = ["ocamlopt", "-package", "lwt,unix", "-linkpkg", "peer.ml", "-o", "peer"]
    execFileSync("ocamlfind", build, { cwd: folder, stdio: "pipe" })
  })
  afterAll(() => {
    if (folder !== "") rmSync(folder, { recursive: true })
  })

  it("do the same", () => {
    const seed = Number(process.env["LWT_SEED"] ?? Date.now() % 1_000_000)
    const count = Number(process.env["LWT_PROGRAMS"] ?? 4000)
    console.log(`seed ${seed}, ${count} programs`)
    const all = programs(seed, count)
    const input = all.map((operations) => `${operations.join("\n")}\n---\n`).join("")
    const output = execFileSync(join(folder, "peer"), { input, encoding: "utf8", maxBuffer: 2 ** 28, timeout: 60_000 })
    const theirs = output.split(/^---\n/m)
    expect(theirs).toHaveLength(count + 1)
    // Ours must live where theirs dies, and what it does then is its own affair.
    const crashed = (i: number): boolean => theirs[i] === "crashed\n"
    const crashes = all.filter((_, i) => crashed(i))
    expect(crashes.length).toBeLessThan(count / 50)
    expect(crashes.filter((operations) => !isDangerous(operations))).toEqual([])
    all.forEach((operations, i) => {
      if (crashed(i)) return void runProgram(operations)
      expect(`${runProgram(operations).join("\n")}\n`, `program ${i} of LWT_SEED=${seed}`).toBe(theirs[i])
    })
  })
})
