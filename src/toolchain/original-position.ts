// From generated JavaScript back to the TypeScript its author sees.

import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"
import type { CompiledModule, Position } from "./compiled-module.ts"

// Decoding a map takes longer than asking it, and an error's stack asks many times.
const decoded = new Map<string, TraceMap>()
const DECODED_LIMIT = 64

/** The place in the source of what stands at `line` and `column`, both from 1, of the module's code. */
export function originalPosition(
  module: Pick<CompiledModule, "name" | "mappings">,
  line: number,
  column: number,
): Position {
  const found = originalPositionFor(traceMap(module.mappings), { line, column: Math.max(0, column - 1) })
  // Lines are the same on both sides, so that a place the map does not know still has a right line.
  if (found.line === null) return { file: module.name, line, column }
  return { file: module.name, line: found.line, column: found.column + 1 }
}

function traceMap(mappings: string): TraceMap {
  let map = decoded.get(mappings)
  if (map === undefined) {
    map = new TraceMap({ version: 3, names: [], sources: [""], mappings })
    if (decoded.size >= DECODED_LIMIT) decoded.clear()
    decoded.set(mappings, map)
  }
  return map
}
