// The device graph: what `describe` shows and boot.ts connects. A directed graph without cycles and with sharing: two
// devices that were made alike (same name, parameters and dependencies) are one node, and are connected once.
//
// Nodes are in dependency order: a node comes after everything it depends on. Sharing is found where the graph is walked
// (`Builder.node`), by a signature that names the node's dependencies by their numbers.

import type { AnyImpl, Device } from "./impl.ts"
import { showImpl } from "./impl.ts"
import { type Environment, Key, type KeyValue } from "./key.ts"
import { ConfigError, type Location } from "./location.ts"
import type { Registration } from "./register.ts"

/** A device, a job, or (in a graph that is not evaluated) a choice between them. */
export interface GraphNode {
  /** Its index in {@link Graph.nodes}. */
  readonly id: number
  /** What it does: connects a device of ours, applies a functor of the reader's, or chooses by a key. */
  readonly what:
    | { readonly tag: "device"; readonly device: Device; readonly parameters: readonly KeyValue[] }
    | { readonly tag: "functor"; readonly module: string; readonly member: string }
    | { readonly tag: "choice"; readonly key: Key<KeyValue> }
  /** `console`, `job`, … */
  readonly type: string
  /** What is applied to it, in order; of a choice, its branches. */
  readonly edges: readonly Edge[]
  /** Where config.ts made it. */
  readonly at: Location | undefined
}

/** From a node to what it depends on. */
export interface Edge {
  readonly to: number
  /** Of a choice: the key's value that takes this branch, as text, or `default`. */
  readonly value?: string
  /** Of a choice: whether the environment takes it. */
  readonly chosen?: boolean
}

/** A unikernel as a graph. */
export interface Graph {
  readonly name: string
  readonly nodes: readonly GraphNode[]
  /** The jobs, by node number, in the order of `register`. */
  readonly jobs: readonly number[]
  /** Every key that was met, with its value in this environment. */
  readonly keys: readonly { readonly key: Key<KeyValue>; readonly value: KeyValue }[]
}

/** How a graph is made. */
export interface GraphOptions {
  /** `make`, if not given: what was not chosen is not in the graph. With `keep`, choices are nodes, with all their branches. */
  readonly choices?: "make" | "keep"
  /** Configure for the host's sockets: a stack that would need a network card gives way to the host's own. */
  readonly sockets?: boolean
}

/**
 * The graph of `registration` in `environment`.
 *
 * Throws {@link ConfigError} for a key's value that is of the wrong type or that no case is for.
 */
export function graphOf(registration: Registration, environment: Environment = {}, options: GraphOptions = {}): Graph {
  const builder = new Builder(environment, options)
  const jobs = registration.jobs.map((job) => builder.job(job))
  return { name: registration.name, nodes: builder.nodes, jobs, keys: [...builder.keys.values()] }
}

class Builder {
  readonly nodes: GraphNode[] = []
  readonly keys: Map<string, { key: Key<KeyValue>; value: KeyValue }> = new Map()
  readonly #ids = new Map<string, number>()
  readonly #environment: Environment
  readonly #options: GraphOptions

  constructor(environment: Environment, options: GraphOptions) {
    this.#environment = environment
    this.#options = options
  }

  /** Jobs are never shared: a job that is registered twice runs twice. */
  job(impl: AnyImpl): number {
    return this.node(impl, `job ${this.nodes.length} `)
  }

  node(impl: AnyImpl, salt = ""): number {
    const { node } = impl
    switch (node.tag) {
      case "device": {
        const { device } = node
        if (this.#options.sockets && device.overSockets !== undefined) return this.node(device.overSockets, salt)
        const parameters = device.parameters.map((p) => (p instanceof Key ? this.#value(p) : p))
        const edges = device.dependencies.map((d) => ({ to: this.node(d) }))
        const signature = `${device.name}(${JSON.stringify(parameters)})`
        return this.#share(salt + signature, impl, { tag: "device", device, parameters }, edges)
      }
      case "functor":
        // A functor of no devices: `foreign("Unikernel.Main", job)`.
        return this.#share(
          `${salt}${node.module}.${node.member}`,
          impl,
          { tag: "functor", module: node.module, member: node.member },
          [],
        )
      case "application":
        return this.#application(impl, node.functor, node.devices, salt)
      case "choice": {
        if (this.#options.choices !== "keep") return this.node(this.#choose(impl), salt)
        const chosen = this.#chosen(node)
        const cases = node.cases.map(([value, to]) => ({ to, value: String(value) }))
        if (node.otherwise) cases.push({ to: node.otherwise, value: "default" })
        const edges = cases.map((c) => ({ to: this.node(c.to), value: c.value, chosen: c.to === chosen }))
        const signature = `choice ${node.key.name} ${edges.map((e) => e.value).join(" ")}`
        return this.#share(salt + signature, impl, { tag: "choice", key: node.key }, edges)
      }
    }
  }

  #application(impl: AnyImpl, functor: AnyImpl, devices: readonly AnyImpl[], salt: string): number {
    let head = functor
    let all = devices
    // A choice between functors, some of them half applied: its devices come first.
    while (head.node.tag !== "functor") {
      if (head.node.tag === "choice") head = this.#choose(head)
      else if (head.node.tag === "application") {
        all = [...head.node.devices, ...all]
        head = head.node.functor
      } else throw new ConfigError(`${showImpl(head)} is a device and cannot be applied`, impl.at)
    }
    const edges = all.map((d) => ({ to: this.node(d) }))
    const { module, member } = head.node
    // What can be wrong from here on is between the module and `foreign`, so that is the place to tell.
    return this.#share(`${salt}${module}.${member}`, head, { tag: "functor", module, member }, edges)
  }

  #choose(impl: AnyImpl): AnyImpl {
    if (impl.node.tag !== "choice") return impl
    const found = this.#chosen(impl.node)
    if (found !== undefined) return found
    const { key, cases } = impl.node
    throw new ConfigError(
      `the key ${key.name} is ${JSON.stringify(this.#value(key))}, but there are cases only for ${cases.map(([v]) => JSON.stringify(v)).join(", ")}. Set ${key.env} to one of them, or give matchImpl a default`,
      impl.at,
    )
  }

  #chosen({ key, cases, otherwise }: Extract<AnyImpl["node"], { tag: "choice" }>): AnyImpl | undefined {
    const value = this.#value(key)
    return cases.find(([v]) => v === value)?.[1] ?? otherwise
  }

  #value(key: Key<KeyValue>): KeyValue {
    const value = key.value(this.#environment)
    this.keys.set(key.name, { key, value })
    return value
  }

  #share(name: string, impl: AnyImpl, what: GraphNode["what"], edges: readonly Edge[]): number {
    const signature = `${name} <- ${edges.map((e) => e.to).join(",")}`
    const known = this.#ids.get(signature)
    if (known !== undefined) return known
    const id = this.nodes.length
    this.nodes.push({ id, what, type: impl.typ.gives, edges, at: impl.at })
    this.#ids.set(signature, id)
    return id
  }
}

/** What a node is called in drawings and messages: `httpServer(80)`, `Unikernel.Main`, `net`. */
export function labelOf(node: GraphNode): string {
  switch (node.what.tag) {
    case "device": {
      const { device, parameters } = node.what
      return parameters.length === 0
        ? device.name
        : `${device.name}(${parameters.map((p) => JSON.stringify(p)).join(", ")})`
    }
    case "functor":
      return `${node.what.module}.${node.what.member}`
    case "choice":
      return node.what.key.name
  }
}

/** The module that a node is linked with: `Crunch`, `Unikernel.Main`; a choice has none. */
export function moduleOf(node: GraphNode): string {
  return node.what.tag === "device" ? node.what.device.module : node.what.tag === "choice" ? "If" : labelOf(node)
}
