// Every cell of the notebooks run under Node: it prints what the page says, every exercise's starting text fails its check,
// and every solution passes.

import { describe, expect, it } from "vitest"
import { DeckBuilder, notebooksOf, tutorialNotebook } from "../../src/content/build-deck.ts"
import type { Cell, Deck } from "../../src/content/project.ts"
import { program } from "../../src/sandbox/program.ts"
import { type CheckReport, isPassed, runChecks } from "../../src/ui/exercise/check-run.ts"
import { root, runCell, useNodeSandbox } from "./node-cells.ts"

const notebooks: Deck[] = []
// Building is the first test: texts, checks and solutions type-check, or this throws with all that does not.
for (const name of notebooksOf(root)) notebooks.push(await new DeckBuilder(tutorialNotebook(root, name), name).build())

const sandbox = useNodeSandbox()

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
        const { text, end } = await runCell(sandbox, notebook, cell)
        expect(end, text).toEqual({ tag: "done" })
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
