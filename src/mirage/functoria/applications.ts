// What `mirage configure` writes down of the modules: each device is a module, each functor applied to those it needs,
// in an order in which it can be read. boot.ts does the same without writing it.

import { type Graph, type GraphNode, graphOf, moduleOf } from "./graph.ts"
import type { Impl } from "./impl.ts"
import type { Environment } from "./key.ts"

/**
 * The applications of the unikernel that `jobs` are in `environment`, a line each: `const http1 = HTTP.Make(stackv41)`. A
 * module is named after its type, and stands there once, however many use it. Throws {@link ConfigError} for a key's value
 * that no case is for.
 */
export function applications(jobs: readonly Impl<"job">[], environment: Environment = {}): string {
  const graph = graphOf({ name: "", jobs, packages: [], at: undefined }, environment)
  const names = namesOf(graph)
  return graph.nodes
    .map((node, i) => {
      const devices = node.edges.map((edge) => names[edge.to])
      return `const ${names[i]} = ${moduleOf(node)}${devices.length === 0 ? "" : `(${devices.join(", ")})`}`
    })
    .join("\n")
}

/** By type, and numbered: `console1`, `console2`, `job1`. */
function namesOf({ nodes }: Graph): readonly string[] {
  const counted = new Map<string, number>()
  return nodes.map(({ type }: GraphNode) => {
    const n = (counted.get(type) ?? 0) + 1
    counted.set(type, n)
    return `${type}${n}`
  })
}
