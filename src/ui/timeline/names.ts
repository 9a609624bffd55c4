// What the author calls a promise: the variable that it is bound to, or the call that makes it. The guest tells the calls by
// which it was made, and the program's text tells what becomes of what they return.

import { type Node, parse } from "acorn"
import type { ThreadSite } from "../../sandbox/protocol.ts"
import type { CompiledModule, Position } from "../../toolchain/compiled-module.ts"
import { originalPosition } from "../../toolchain/original-position.ts"

/** What to call a promise, and where that is written, in the reader's source. */
export interface Name {
  readonly text: string
  /** The author has given it: `heads`. Otherwise it is the text of the call, `sleep(1)`. */
  readonly given: boolean
  readonly at: Position
}

/** A call in a module's text. */
interface Call {
  readonly text: string
  /** The variable that holds what it returns. */
  readonly name: string | undefined
  /** What it returns, the function returns in which it stands: it may have a name where that is called. */
  readonly returned: boolean
}

const ARGUMENTS_LENGTH = 20

/** Knows the names in a program. */
export class Names {
  readonly #modules: ReadonlyMap<string, CompiledModule>
  readonly #calls = new Map<string, ReadonlyMap<string, Call>>()
  readonly #names = new Map<ThreadSite, Name>()

  constructor(modules: readonly CompiledModule[]) {
    this.#modules = new Map(modules.map((module) => [module.name, module]))
  }

  /** The name of what was made at `site`. */
  of(site: ThreadSite): Name {
    let name = this.#names.get(site)
    if (name === undefined) {
      name = this.#find(site)
      this.#names.set(site, name)
    }
    return name
  }

  /** Where `at`, a place in generated code, is in the reader's source. */
  source(at: Position): Position {
    const module = this.#modules.get(at.file)
    return module === undefined ? at : originalPosition(module, at.line, at.column)
  }

  #find(site: ThreadSite): Name {
    let best: Name = { text: "a promise", given: false, at: { file: "", line: 1, column: 1 } }
    for (const at of site) {
      const call = this.#callAt(at)
      best = { text: call?.name ?? call?.text ?? "a promise", given: call?.name !== undefined, at: this.source(at) }
      if (call === undefined || call.name !== undefined || !call.returned) break
    }
    return best
  }

  #callAt({ file, line, column }: Position): Call | undefined {
    let calls = this.#calls.get(file)
    if (calls === undefined) {
      calls = callsIn(this.#modules.get(file)?.code ?? "")
      this.#calls.set(file, calls)
    }
    return calls.get(`${line}:${column}`)
  }
}

// acorn's own types of a tree say of every node which fields it has; four of them are looked at here.
type AnyNode = Node & {
  readonly callee?: AnyNode
  readonly property?: AnyNode
  readonly name?: string
  readonly id?: AnyNode
  readonly key?: AnyNode
  readonly left?: AnyNode
  readonly elements?: readonly (AnyNode | null)[]
  readonly arguments?: readonly AnyNode[]
  readonly test?: AnyNode
  readonly body?: unknown
}

/** The calls in `code`, by the `line:column` that engines give in stacks: that of the name that is called. */
function callsIn(code: string): ReadonlyMap<string, Call> {
  const calls = new Map<string, Call>()
  let tree: Node
  try {
    tree = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true })
  } catch {
    return calls
  }
  const visit = (node: AnyNode, above: readonly AnyNode[]): void => {
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      const callee = node.callee as AnyNode
      const named = callee.type === "MemberExpression" ? (callee.property as AnyNode) : callee
      const call = { text: textOf(node, named, code), ...fate(node, above) }
      // V8 gives the place of the name, or, where that is no identifier, as in `Lwt.catch(…)`, the one after it.
      for (const { line, column } of [(node.type === "NewExpression" ? node : named).loc!.start, callee.loc!.end]) {
        calls.set(`${line}:${column + 1}`, call)
      }
    }
    const path = [...above, node]
    for (const part of Object.values(node)) {
      for (const one of Array.isArray(part) ? part : [part]) if (isNode(one)) visit(one, path)
    }
  }
  visit(tree as AnyNode, [])
  return calls
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value
}

function textOf(call: AnyNode, named: AnyNode, code: string): string {
  const last = call.arguments?.at(-1)
  const inside = last === undefined ? "" : code.slice(call.arguments![0]!.start, last.end).replace(/\s+/g, " ")
  const short = inside.length <= ARGUMENTS_LENGTH && !inside.includes("=>")
  return `${code.slice(named.start, named.end)}(${short ? inside : "…"})`
}

/** What becomes of the value of `node`, which stands in the last of `above`. */
function fate(node: AnyNode, above: readonly AnyNode[]): Pick<Call, "name" | "returned"> {
  let value = node
  for (const [i, outer] of above.toReversed().entries()) {
    switch (outer.type) {
      // One of two values, this or another.
      case "ConditionalExpression":
        if (outer.test === value) return { name: undefined, returned: false }
        break
      case "LogicalExpression":
      case "ChainExpression":
      case "ParenthesizedExpression":
        break
      case "ArrayExpression":
        return { name: nameAt(value, outer, above.at(-2 - i)), returned: false }
      case "VariableDeclarator":
        return { name: nameIn(outer.id), returned: false }
      case "AssignmentExpression":
        return { name: nameIn(outer.left), returned: false }
      case "Property":
      case "PropertyDefinition":
        return { name: nameIn(outer.key), returned: false }
      case "ArrowFunctionExpression":
        return { name: undefined, returned: outer.body === value }
      case "ReturnStatement":
        return { name: undefined, returned: true }
      default:
        return { name: undefined, returned: false }
    }
    value = outer
  }
  return { name: undefined, returned: false }
}

/** `tails` in `const [heads, tails] = [sleep(1), sleep(2)]`, for the second of `list`, which stands in `around`. */
function nameAt(value: AnyNode, list: AnyNode, around: AnyNode | undefined): string | undefined {
  const target = around?.type === "AssignmentExpression" ? around.left : around?.id
  const values = list.elements ?? []
  const place = values.indexOf(value)
  if (target?.type !== "ArrayPattern" || values.slice(0, place).some((one) => one?.type === "SpreadElement")) return
  const name = target.elements?.[place]
  return name?.type === "Identifier" ? name.name : undefined
}

/** `heads` in `const heads = …`, `a.heads = …`; and in `const [heads, wake] = Lwt.wait()`, whose first is the promise. */
function nameIn(target: AnyNode | undefined): string | undefined {
  switch (target?.type) {
    case "Identifier":
      return target.name
    case "MemberExpression":
      return nameIn(target.property)
    case "ArrayPattern":
      return nameIn(target.elements?.[0] ?? undefined)
    default:
      return undefined
  }
}
