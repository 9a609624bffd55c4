// The syntax tree of acorn, walked.

import type { Node } from "acorn"

/** Visit `node` and everything under it, in the order of the text. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) {
      for (const one of child) if (isNode(one)) walk(one, visit)
    } else if (isNode(child)) walk(child, visit)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value
}

/** What an import or a re-export imports from: a string's literal or, if dynamic, any expression. */
export function importSource(node: Node): Node | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
      return (node as Node & { source?: Node | null }).source ?? undefined
    default:
      return undefined
  }
}
