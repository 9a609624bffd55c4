// TypeScript's language service, asked directly: the errors of a file, the type of a binding.

import type { Binding, Diagnostic } from "../../toolchain/compiled-module.ts"
import { type monaco, typescript } from "./monaco.ts"
import { typeOfQuickInfo } from "./quick-info.ts"

type Worker = Awaited<ReturnType<Awaited<ReturnType<typeof typescript.getTypeScriptWorker>>>>

/** The worker, with the models at `uris` known to it. */
export async function typeScriptWorker(uris: readonly monaco.Uri[]): Promise<Worker> {
  const worker = await registered()
  return worker(...uris)
}

// The language is set up when the first TypeScript model is made, behind a dynamic import; asking earlier is refused.
async function registered(): Promise<Awaited<ReturnType<typeof typescript.getTypeScriptWorker>>> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      return await typescript.getTypeScriptWorker()
    } catch (refusal) {
      if (performance.now() > deadline) throw new Error(`TypeScript's worker did not start: ${String(refusal)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** The errors of one file, as a compiler prints them. */
export async function typeErrors(file: string, model: monaco.editor.ITextModel): Promise<Diagnostic[]> {
  const worker = await typeScriptWorker([model.uri])
  const uri = model.uri.toString()
  const found = await Promise.all([worker.getSyntacticDiagnostics(uri), worker.getSemanticDiagnostics(uri)])
  const errors = found.flat().filter((d) => d.category === 1 && d.start !== undefined)
  return errors.map((d) => {
    const from = model.getPositionAt(d.start as number)
    const to = model.getPositionAt((d.start as number) + (d.length ?? 1))
    return {
      file,
      line: from.lineNumber,
      column: from.column,
      endLine: to.lineNumber,
      endColumn: to.column,
      message: flatten(d.messageText),
    }
  })
}

type MessageText = Awaited<ReturnType<Worker["getSemanticDiagnostics"]>>[number]["messageText"]

/** A message and the reasons under it, a line each, indented. */
function flatten(message: MessageText, depth = 0): string {
  if (typeof message === "string") return message
  const reasons = message.next?.map((reason) => flatten(reason, depth + 1)) ?? []
  return [`${"  ".repeat(depth)}${message.messageText}`, ...reasons].join("\n")
}

/** The type of a top-level binding, `Option.t<number>`; `undefined` if TypeScript has none to say. */
export async function bindingType(binding: Binding, model: monaco.editor.ITextModel): Promise<string | undefined> {
  const worker = await typeScriptWorker([model.uri])
  const offset = model.getOffsetAt({ lineNumber: binding.at.line, column: binding.at.column })
  const info = await worker.getQuickInfoAtPosition(model.uri.toString(), offset)
  const parts = (info as { displayParts?: { text: string }[] } | undefined)?.displayParts
  return parts === undefined ? undefined : typeOfQuickInfo(parts.map((p) => p.text).join(""))
}
