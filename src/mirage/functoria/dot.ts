// The device graph as Graphviz draws it, in the manner of `mirage describe --dot`: boxes are modules, solid arrows go
// from a functor to its arguments, dotted ones from a choice to its branches, and the branch taken is bold.

import { type Graph, type GraphNode, labelOf, moduleOf } from "./graph.ts"

/** The graph in the DOT language. Jobs are on top. */
export function dotOf(graph: Graph): string {
  const lines = [`digraph ${quote(graph.name)} {`, "  ordering=out;"]
  for (const node of [...graph.nodes].reverse()) lines.push(`  ${node.id} [label=${quote(label(node))}, shape=box];`)
  for (const node of [...graph.nodes].reverse())
    for (const edge of node.edges)
      lines.push(
        `  ${node.id} -> ${edge.to}${edge.value === undefined ? "" : ` [${branch(edge.value, edge.chosen)}]`};`,
      )
  return `${[...lines, "}"].join("\n")}\n`
}

function label(node: GraphNode): string {
  return node.what.tag === "choice" ? `If\n${node.what.key.name}` : `${labelOf(node)} : ${node.type}\n${moduleOf(node)}`
}

function branch(value: string, chosen: boolean | undefined): string {
  return `label=${quote(value)}, style=${chosen ? quote("dotted,bold") : "dotted"}`
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`
}
