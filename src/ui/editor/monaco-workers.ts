// Stands in for Monaco's `internal/common/workers.js` (vite.config.ts puts it there). That file starts a language's worker,
// as this one does, but imports every feature of the editor besides. It is fetched with TypeScript's service, after the
// first editor has been made, when it is too late to add features to it: what depends on a service that came with them
// fails. Without it, half a megabyte less is fetched, and the features are those of monaco-features.ts.

import * as monaco from "monaco-editor/editor/editor.api.js"

/** What a language says of the worker that it wants. */
export interface WebWorkerOptions {
  readonly label?: string
  readonly createData?: unknown
  readonly host?: Record<string, (...args: unknown[]) => unknown>
  readonly keepIdleModels?: boolean
}

/** Start a language's worker. */
export function createWebWorker<T extends object>(options: WebWorkerOptions): monaco.editor.MonacoWebWorker<T> {
  const { label = "", createData, host, keepIdleModels = false } = options
  const made = globalThis.MonacoEnvironment?.getWorker?.("", label)
  if (made === undefined) throw new Error("MonacoEnvironment.getWorker is not there: monaco.ts sets it.")
  const worker = Promise.resolve(made).then((started) => {
    // The worker's script waits for two messages: one that wakes it, and what it is made with.
    started.postMessage("ignore")
    started.postMessage(createData)
    return started
  })
  return monaco.editor.createWebWorker<T>({ worker, keepIdleModels, ...(host && { host }) })
}
