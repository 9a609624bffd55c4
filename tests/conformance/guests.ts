// The guest, bundled as the sandboxes want it: one classic script for a worker, one module for a Node process.

import { join } from "node:path"
import { build, type InlineConfig, type Rolldown } from "vite"

const SOURCE = join(import.meta.dirname, "../../src/sandbox")

/** guest-worker.ts as a classic script. */
export function buildWorkerGuest(): Promise<string> {
  return bundle("guest-worker.ts", { format: "iife", name: "guest", codeSplitting: false })
}

/** guest-node.ts as a module. */
export function buildNodeGuest(): Promise<string> {
  return bundle("guest-node.ts", { format: "es", codeSplitting: false })
}

/** guest-stream.ts as a module. */
export function buildStreamGuest(): Promise<string> {
  return bundle("webcontainer/guest-stream.ts", { format: "es", codeSplitting: false })
}

/** A module of src/sandbox, and all that it imports, as the text of one module for a page. */
export function buildPageModule(name: string): Promise<string> {
  return bundle(name, { format: "es", codeSplitting: false })
}

async function bundle(name: string, output: Rolldown.OutputOptions): Promise<string> {
  const config: InlineConfig = {
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: {
      write: false,
      minify: false,
      target: "es2024",
      modulePreload: false,
      rolldownOptions: {
        input: join(SOURCE, name),
        external: /^node:/,
        platform: /guest-(node|stream)/.test(name) ? "node" : "browser",
        preserveEntrySignatures: "strict",
        output,
      },
    },
  }
  const built = await build(config)
  const chunks = (Array.isArray(built) ? built : [built])
    .flatMap((one) => (one as Rolldown.RolldownOutput).output)
    .filter((one): one is Rolldown.OutputChunk => one.type === "chunk")
  const [chunk] = chunks
  if (chunk === undefined || chunks.length > 1) throw new Error(`${name} became ${chunks.length} chunks`)
  return chunk.code
}
