// Every cell of the notebooks run under Node: it prints what the page says, every exercise's starting text fails its check,
// and every solution passes.

import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { DeckBuilder, notebooksOf, tutorialNotebook } from "../../src/content/build-deck.ts"
import { buildLibrary, buildScript, doorsOf } from "../../src/content/library.ts"
import type { Cell, Deck, ProjectFile } from "../../src/content/project.ts"
import { showError } from "../../src/sandbox/error-text.ts"
import { type NodeGuest, nodeSandbox } from "../../src/sandbox/node.ts"
import { program } from "../../src/sandbox/program.ts"
import { type CheckReport, isPassed, runChecks } from "../../src/ui/exercise/check-run.ts"
import { Transcript } from "../../src/ui/text/transcript.ts"

const root = join(import.meta.dirname, "../..")
const notebooks: Deck[] = []
// Building is the first test: texts, checks and solutions type-check, or this throws with all that does not.
for (const name of notebooksOf(root)) notebooks.push(await new DeckBuilder(tutorialNotebook(root, name), name).build())

let guest: NodeGuest
const sandbox = nodeSandbox({ load: async () => guest })
beforeAll(async () => {
  guest = {
    guest: await buildScript(join(root, "src/sandbox/guest-node.ts"), "es"),
    library: await buildLibrary(doorsOf(root)),
  }
})
afterAll(() => sandbox.dispose())

/** What a cell prints, and how it ends. */
async function run(notebook: Deck, { entry }: Cell): Promise<{ text: string; tag: string }> {
  const made = await program(notebook, {}, entry, { pace: "max" })
  if (!made.ok) throw new Error(JSON.stringify(made.error))
  const file = notebook.files[entry] as ProjectFile
  const transcript = new Transcript(file.compiled?.bindings.map((b) => b.name))
  const running = sandbox.run(made.value, {
    output: (chunks) => transcript.print(chunks),
    value: (name, text) => {
      const type = file.types?.[name]
      transcript.value({ name, text, ...(type === undefined ? {} : { type }) })
    },
    error: (error) => transcript.after(showError(error, (f) => f)),
  })
  const exit = await running.done
  if (exit.tag === "failed") transcript.after(showError(exit.error, (f) => f))
  return { text: transcript.text, tag: exit.tag }
}

function check(notebook: Deck, { entry }: Cell, text?: string): Promise<CheckReport> {
  const later = (f: () => void, ms: number) => {
    const timer = setTimeout(f, ms)
    return () => clearTimeout(timer)
  }
  const around = { sandbox: async () => sandbox, program: async () => program, later }
  const edits = text === undefined ? {} : { [entry]: text }
  return runChecks(around, notebook, edits, entry, new AbortController().signal)
}

for (const notebook of notebooks) {
  describe(`notebooks/${notebook.name}.md`, () => {
    for (const cell of notebook.cells) {
      it(`${cell.entry} prints what the page says`, async () => {
        const { text, tag } = await run(notebook, cell)
        expect(tag, text).toBe("done")
        if (cell.output !== undefined) expect(text).toBe(cell.output)
      })
    }
    const exercises = notebook.cells.filter((cell) => cell.exercise !== undefined)
    for (const cell of exercises) {
      describe(`the exercise ${cell.entry}`, () => {
        it("has a check, a solution, and two hints or three", () => {
          expect(cell.exercise).toMatchObject({ check: expect.any(String), solution: expect.any(String) })
          expect([2, 3]).toContain(cell.exercise?.hints.length)
        })

        it("is not solved by its starting text, which runs all the same", async () => {
          const report = await check(notebook, cell)
          expect(report.trouble).toBeUndefined()
          expect(report.results.filter((one) => one.failure !== undefined)).not.toEqual([])
        })

        it("is solved by its solution", async () => {
          const report = await check(notebook, cell, cell.exercise?.solution)
          expect(isPassed(report), JSON.stringify(report, null, 2)).toBe(true)
        })
      })
    }

    it("stops a program that never ends, and says so", async () => {
      const report = await check(notebook, exercises[0] as Cell, "export const toss = () => { for (;;); }\n")
      expect(report.trouble?.message).toMatch(/loop/)
    })

    it("says what the reader's file lacks, and where", async () => {
      const report = await check(notebook, exercises[0] as Cell, 'console.log("nothing exported")\n')
      expect(report.trouble?.message).toMatch(/toss/)
    })
  })
}

it("there is a notebook on Lwt with the original's five exercises, and more", () => {
  const lwt = notebooks.find((one) => one.name === "lwt")
  expect(lwt?.cells.filter((cell) => cell.exercise !== undefined).map((cell) => cell.entry)).toEqual([
    "heads-tails.ts",
    "timeout.ts",
    "better-timeout.ts",
    "echo.ts",
    "pipeline.ts",
    "account.ts",
    "and-then.ts",
    "with-lamp.ts",
  ])
})
