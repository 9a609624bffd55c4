// Cells under Node, and what a page would show of them.

import { join } from "node:path"
import { afterAll, beforeAll } from "vitest"
import { buildLibrary, buildScript, doorsOf } from "../../src/content/library.ts"
import type { Cell, Deck, ProjectFile } from "../../src/content/project.ts"
import { showError } from "../../src/sandbox/error-text.ts"
import { type NodeGuest, nodeSandbox } from "../../src/sandbox/node.ts"
import { program } from "../../src/sandbox/program.ts"
import type { Exit, Serving } from "../../src/sandbox/protocol.ts"
import type { Run, Sandbox } from "../../src/sandbox/sandbox.ts"
import { Transcript } from "../../src/ui/text/transcript.ts"

export const root: string = join(import.meta.dirname, "../..")

/** A sandbox that is there from before the first test of a file until after the last. */
export function useNodeSandbox(): Sandbox {
  let guest: NodeGuest
  const sandbox = nodeSandbox({ load: async () => guest })
  beforeAll(async () => {
    guest = {
      guest: await buildScript(join(root, "src/sandbox/guest-node.ts"), "es"),
      library: await buildLibrary(doorsOf(root)),
    }
  })
  afterAll(() => sandbox.dispose())
  return sandbox
}

/** What a cell has come to. */
export interface Ran {
  readonly run: Run
  readonly text: string
  /** Whichever came first. */
  readonly end: Exit | Serving
}

/** Run a cell as it stands, as fast as the machine can, until it has ended or serves. */
export async function runCell(sandbox: Sandbox, deck: Deck, { entry }: Cell): Promise<Ran> {
  const made = await program(deck, {}, entry, { pace: "max" })
  if (!made.ok) throw new Error(JSON.stringify(made.error))
  const file = (name: string) => deck.files[name] as ProjectFile
  const label = (name: string) => file(name).label
  const transcript = new Transcript(file(entry).compiled?.bindings.map((b) => b.name))
  let isServing: (machine: Serving) => void
  const serving = new Promise<Serving>((resolve) => {
    isServing = resolve
  })
  const run = sandbox.run(made.value, {
    output: (chunks) => transcript.print(chunks),
    value: (name, text) => transcript.value({ name, text, ...typeOf(file(entry), name) }),
    error: (error) => transcript.after(showError(error, label)),
    serving: (machine) => isServing(machine),
  })
  const end = await Promise.race([run.done, serving])
  if ("tag" in end && end.tag === "failed") transcript.after(showError(end.error, label))
  return { run, text: transcript.text, end }
}

function typeOf(entry: ProjectFile, name: string): { type: string } | undefined {
  const type = entry.types?.[name]
  return type === undefined ? undefined : { type }
}
