// What `mirage describe` prints: the name, the keys, and the device graph as an outline. graph.ts makes the graph; dot.ts
// draws the same for Graphviz.

import { type Graph, graphOf, labelOf } from "./graph.ts"
import type { Impl } from "./impl.ts"
import type { Environment } from "./key.ts"

/**
 * Describe the unikernel `name` as `register(name, jobs)` would make it in `environment`. Nothing is registered. A device
 * that several others use is outlined once; where it comes again, it says so. Throws {@link ConfigError} for a key's value
 * that no case is for.
 */
export function describe(name: string, jobs: readonly Impl<"job">[], environment: Environment = {}): string {
  const graph = graphOf({ name, jobs, packages: [], at: undefined }, environment)
  const lines = [`Name  ${name}`]
  if (graph.keys.length > 0) lines.push(`Keys  ${keysOf(graph)}`)
  const seen = new Set<number>()
  for (const job of graph.jobs) outline(graph, job, { first: "", rest: "" }, seen, lines)
  return lines.join("\n")
}

function keysOf(graph: Graph): string {
  return graph.keys
    .map(({ key, value }) => `${key.name}=${value}${value === key.default ? " (default)" : ""}`)
    .join(", ")
}

function outline(
  graph: Graph,
  id: number,
  indent: { readonly first: string; readonly rest: string },
  seen: Set<number>,
  lines: string[],
): void {
  const node = graph.nodes[id]
  if (node === undefined) throw new RangeError(`there is no node ${id} in the graph of ${graph.name}`)
  const again = seen.has(id)
  seen.add(id)
  lines.push(`${indent.first}${labelOf(node)} : ${node.type}${again && node.edges.length > 0 ? " (as above)" : ""}`)
  if (again) return
  for (const [i, edge] of node.edges.entries()) {
    const last = i === node.edges.length - 1
    const below = { first: `${indent.rest}${last ? "└─ " : "├─ "}`, rest: `${indent.rest}${last ? "   " : "│  "}` }
    outline(graph, edge.to, below, seen, lines)
  }
}
