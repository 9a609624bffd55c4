// Booting: what the generated main.ml of `mirage configure` does. The reader's modules are loaded and checked against the
// configuration; the devices of the graph are connected, each once, in dependency order; functors are applied to the
// modules of their devices, and `start` is called with the devices themselves. All jobs run at the same time.

import * as Lwt from "../lwt/lwt.ts"
import type { Result } from "../result.ts"
import type { DeviceError } from "../signatures/device.ts"
import { type Graph, type GraphNode, labelOf } from "./graph.ts"
import { ConfigError } from "./location.ts"
import type { Linked, Target } from "./target.ts"
import { oneOf } from "./typ.ts"

/**
 * Finds a module of the reader's by the name that `foreign` has for it: `Unikernel` is `unikernel.ts`, next to config.ts.
 * Gives its exports; `undefined` if there is no such file. Rejects with the module's own error if that fails to load.
 */
export type Load = (moduleName: string) => Promise<Readonly<Record<string, unknown>> | undefined>

type Functor = (...modules: readonly unknown[]) => unknown

/** A unikernel whose modules have all been found: ready to run. */
export interface Image {
  readonly graph: Graph
  readonly functors: ReadonlyMap<number, Functor>
}

/** Load the modules that `graph` names and check that they are functors of as many modules as they will be given. */
export async function link(graph: Graph, load: Load): Promise<Image> {
  const functors = new Map<number, Functor>()
  for (const node of graph.nodes) {
    if (node.what.tag !== "functor") continue
    const { module, member } = node.what
    const file = fileOf(module)
    const exports = await load(module)
    if (exports === undefined)
      throw new ConfigError(
        `there is no module ${module}: foreign("${module}.${member}") is the export ${member} of a file ${file} next to config.ts`,
        node.at,
      )
    functors.set(node.id, functorOf(graph, node, exports[member], { file, member, exports }))
  }
  return { graph, functors }
}

/**
 * Run every job of `image` on `target`. Resolves when all have ended. A job that fails takes the machine down at once,
 * whatever the others do: the promise fails with its error, and the other jobs are cancelled.
 */
export function run(image: Image, target: Target): Lwt.t<void> {
  const { graph, functors } = image
  const linked = new Map<number, Lwt.t<Linked<string>>>()

  const connect = (id: number): Lwt.t<Linked<string>> => {
    const known = linked.get(id)
    if (known !== undefined) return known
    const connecting = connectNode(id)
    linked.set(id, connecting)
    return connecting
  }

  /** One after the other, in order: a device may use what those before it have done. */
  const connectAll = (node: GraphNode): Lwt.t<readonly Linked<string>[]> =>
    node.edges.reduce<Lwt.t<readonly Linked<string>[]>>(
      (before, edge) => before.bind((done) => connect(edge.to).map((device) => [...done, device])),
      Lwt.return([]),
    )

  const connectNode = (id: number): Lwt.t<Linked<string>> => {
    const node = nodeOf(graph, id)
    const { what } = node
    return connectAll(node).bind((dependencies) => {
      if (what.tag === "device")
        return what.device.connect(target, dependencies, node.at).bind((r) => connected(graph, node, r))
      const module = applyFunctor(node, functors.get(id), dependencies)
      const { connect } = module
      if (typeof connect !== "function")
        throw new ConfigError(`${labelOf(node)}(…) has no function "connect", which ${oneOf(node.type)} needs`, node.at)
      const answer: unknown = connect(...dependencies.map((d) => d.device))
      if (!isPromise<Result<unknown, DeviceError>>(answer)) throw notAPromise(node, "connect", answer)
      return answer.bind((r) => connected(graph, node, r)).map((device) => ({ module, device }))
    })
  }

  const start = (id: number): Lwt.t<void> => {
    const node = nodeOf(graph, id)
    return connectAll(node).bind((devices) => {
      const { start } = applyFunctor(node, functors.get(id), devices)
      if (typeof start !== "function")
        throw new ConfigError(
          `${labelOf(node)}(…) has no function "start". A unikernel ends with: return { start: (${devices.map((_, i) => `device${i + 1}`).join(", ")}) => … }`,
          node.at,
        )
      if (start.length !== devices.length)
        throw new ConfigError(
          `start of ${labelOf(node)} takes ${count(start.length, "device")}, but the configuration gives it ${given(graph, node)}`,
          node.at,
        )
      const answer: unknown = start(...devices.map((d) => d.device))
      if (!isPromise<void>(answer)) throw notAPromise(node, "start", answer)
      return answer
    })
  }

  // `start` may throw instead of failing: Lwt.catch makes both the same.
  const jobs = graph.jobs.map((id) => Lwt.catch(() => start(id), Lwt.fail))
  const [down, failed] = Lwt.task<void>()
  for (const job of jobs)
    Lwt.onFailure(job, (e) => {
      if (Lwt.isSleeping(down)) Lwt.wakeupLaterExn(failed, e)
    })
  return Lwt.pick([down, Lwt.join(jobs)])
}

/** The file of a module: OCaml's rule, the first letter in lower case. */
export function fileOf(module: string): string {
  return `${module.slice(0, 1).toLowerCase()}${module.slice(1)}.ts`
}

function functorOf(
  graph: Graph,
  node: GraphNode,
  value: unknown,
  from: { readonly file: string; readonly member: string; readonly exports: Readonly<Record<string, unknown>> },
): Functor {
  if (value === undefined) {
    const names = Object.keys(from.exports)
    throw new ConfigError(
      `${from.file} has no export ${from.member}${names.length === 0 ? "" : ` (it exports ${names.join(", ")})`}. Write: export const ${from.member} = (…) => ({ start: (…) => … })`,
      node.at,
    )
  }
  if (typeof value !== "function")
    throw new ConfigError(
      `${from.member} in ${from.file} is no function but ${value === null ? "null" : `of type ${typeof value}`}. A functor is a function from modules to a module`,
      node.at,
    )
  if (value.length !== node.edges.length)
    throw new ConfigError(
      `${labelOf(node)} is a functor of ${count(value.length, "module")} in ${from.file}, but the configuration gives it ${given(graph, node)}. Make fn(…) and ${from.member}(…) agree`,
      node.at,
    )
  return value as Functor
}

function applyFunctor(
  node: GraphNode,
  functor: Functor | undefined,
  devices: readonly Linked<string>[],
): Readonly<Record<string, unknown>> {
  if (functor === undefined) throw new ConfigError(`${labelOf(node)} was not linked`, node.at)
  const module = functor(...devices.map((d) => d.module))
  if (typeof module !== "object" || module === null)
    throw new ConfigError(
      `${labelOf(node)}(…) gave ${module === null ? "null" : typeof module} instead of a module. Return an object: { start: (…) => … }`,
      node.at,
    )
  return module as Readonly<Record<string, unknown>>
}

function connected<T>(graph: Graph, node: GraphNode, result: Result<T, DeviceError>): Lwt.t<T> {
  if (result.ok) return Lwt.return(result.value)
  // A device such as tap0 was made by the library: the place to look at is where it is given to something.
  const at = node.at ?? graph.nodes.find((user) => user.edges.some(({ to }) => to === node.id))?.at
  return Lwt.fail(new ConfigError(`${labelOf(node)}: ${result.error.message}`, at))
}

function nodeOf(graph: Graph, id: number): GraphNode {
  const node = graph.nodes[id]
  if (node === undefined) throw new RangeError(`there is no node ${id} in the graph of ${graph.name}`)
  return node
}

function given(graph: Graph, node: GraphNode): string {
  const types = node.edges.map((edge) => nodeOf(graph, edge.to).type)
  return types.length === 0 ? "none" : `${types.length} (${types.join(", ")})`
}

function count(n: number, what: string): string {
  return `${n === 0 ? "no" : n} ${what}${n === 1 ? "" : "s"}`
}

function isPromise<A>(x: unknown): x is Lwt.t<A> {
  return typeof x === "object" && x !== null && "bind" in x && typeof x.bind === "function"
}

function notAPromise(node: GraphNode, name: string, answer: unknown): ConfigError {
  const native = answer instanceof Promise
  return new ConfigError(
    `${name} of ${labelOf(node)} gave ${native ? "a JavaScript Promise" : answer === undefined ? "nothing" : `a ${typeof answer}`} instead of an Lwt promise. ${native ? "Write it with Lwt.bind, or wrap it in Lwt.ofPromise" : "End it with Lwt.return(…), or return the promise it makes"}`,
    node.at,
  )
}
