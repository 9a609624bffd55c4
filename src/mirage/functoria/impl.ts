// Implementations: devices, functors, and functors applied to devices; OCaml's `'a impl`. Making one does nothing but
// remember. What was remembered is a graph (graph.ts), which is checked, drawn, and in the end connected (boot.ts).

import { show } from "../os/show.ts"
import type { Key, KeyValue } from "./key.ts"
import { callerLocation, ConfigError, type Location } from "./location.ts"
import type { Linked, Linking, Target } from "./target.ts"
import { type Fn, oneOf, type Sort, Typ } from "./typ.ts"

type Impls<A extends readonly string[]> = { [K in keyof A]: Impl<A[K]> }

/** Devices for a functor that takes `A`: at least one of them, in order. */
export type Devices<A extends readonly string[]> = A extends readonly [
  infer H extends string,
  ...infer R extends string[],
]
  ? [device: Impl<H>, ...more: Partial<Impls<R>>]
  : []

/** What is left of `A` after as many devices as `D` has. */
export type Rest<A extends readonly string[], D extends readonly unknown[]> = D extends readonly [unknown, ...infer E]
  ? A extends readonly [string, ...infer B extends string[]]
    ? Rest<B, E>
    : []
  : A

/** A functor that has taken all its devices is a device; one that has not is still a functor. */
export type Applied<A extends readonly string[], R extends string> = A extends readonly [] ? R : Fn<A, R>

/** The type of `.$` : a device has none. */
export type Apply<T extends Sort> =
  T extends Fn<infer A, infer R> ? <D extends Devices<A>>(...devices: D) => Impl<Applied<Rest<A, D>, R>> : never

/** An implementation without its TypeScript type: what the graph is made of. */
export interface AnyImpl {
  readonly node: Node
  readonly typ: Typ<Sort>
  readonly at: Location | undefined
}

/** What stands behind an implementation. */
export type Node =
  | { readonly tag: "device"; readonly device: Device }
  /** A module of the reader's, to be loaded when the unikernel is linked. */
  | { readonly tag: "functor"; readonly module: string; readonly member: string }
  | { readonly tag: "application"; readonly functor: AnyImpl; readonly devices: readonly AnyImpl[] }
  | {
      readonly tag: "choice"
      readonly key: Key<KeyValue>
      readonly cases: readonly (readonly [KeyValue, AnyImpl])[]
      readonly otherwise: AnyImpl | undefined
    }

/** How a device of the library OS is made. Two devices of the same name, parameters and dependencies are one. */
export interface Device {
  /** What it is called in config.ts: `crunch`. */
  readonly name: string
  /** The module that implements it, for the drawing: `Crunch`. */
  readonly module: string
  /** What it was called with, besides devices. */
  readonly parameters: readonly (KeyValue | Key<KeyValue>)[]
  readonly dependencies: readonly AnyImpl[]
  /** What takes its place where a unikernel is configured for the host's sockets; itself if nothing does. */
  readonly overSockets?: AnyImpl
  /** Link and connect it; `dependencies` are connected already, in order. */
  connect(target: Target, dependencies: readonly Linked<string>[], at: Location | undefined): Linking<string>
}

/** A device, or a functor that makes one. `T` is its type's name, or a {@link Fn}. */
export class Impl<T extends Sort> implements AnyImpl {
  declare protected readonly phantom: T
  readonly node: Node
  readonly typ: Typ<Sort>
  /** Where it was made, if the engine tells. */
  readonly at: Location | undefined
  /**
   * Apply a functor to devices: all of them, or the first few, and the rest later. `main.$(console).$(files)` is
   * `main.$(console, files)`. A device of another type, or one too many, is a type error; at run time it throws
   * {@link ConfigError}.
   */
  readonly $: Apply<T>

  constructor(node: Node, typ: Typ<Sort>, at: Location | undefined) {
    this.node = node
    this.typ = typ
    this.at = at
    this.$ = ((...devices: readonly unknown[]) => apply(this, devices)) as Apply<T>
  }
}

Object.defineProperty(Impl.prototype, show, {
  value(this: AnyImpl) {
    return `<${showImpl(this)} : ${remaining(this)}>`
  },
})

/** The module of a unikernel: `foreign("Unikernel.Main", fn(console, job))` is the export `Main` of `unikernel.ts`. */
export function foreign<T extends Sort>(name: string, typ: Typ<T>): Impl<T> {
  const at = callerLocation()
  const [module, member, ...more] = name.split(".")
  if (!module || !member || more.length > 0 || !/^[A-Z]/.test(module))
    throw new ConfigError(
      `foreign("${name}", …): write the module and its export with a dot between, as in "Unikernel.Main" for the export Main of unikernel.ts`,
      at,
    )
  return new Impl<T>({ tag: "functor", module, member }, typ, at)
}

/** The name of {@link foreign} since MirageOS 3. */
export const main: typeof foreign = foreign

/** `a` if the key is true, else `b`; decided at configure time. */
export function ifImpl<T extends Sort>(key: Key<boolean>, a: Impl<T>, b: Impl<NoInfer<T>>): Impl<T> {
  return matchImpl(key, [
    [true, a],
    [false, b],
  ])
}

/** The implementation that stands beside the key's value, or the default; decided at configure time. */
export function matchImpl<T extends Sort, V extends KeyValue>(
  key: Key<V>,
  cases: readonly (readonly [NoInfer<V>, Impl<T>])[],
  otherwise: { readonly default?: Impl<NoInfer<T>> } = {},
): Impl<T> {
  const at = callerLocation()
  const all: AnyImpl[] = [...cases.map(([, impl]) => impl), ...(otherwise.default ? [otherwise.default] : [])]
  const first = all[0]
  if (first === undefined) throw new ConfigError(`matchImpl(${key.name}): there is no case to choose from`, at)
  for (const other of all)
    if (typeName(other) !== typeName(first))
      throw new ConfigError(
        `the cases for the key ${key.name} must be of one type, but ${showImpl(first)} is ${oneOf(typeName(first))} and ${showImpl(other)} is ${oneOf(typeName(other))}`,
        at,
      )
  return new Impl<T>({ tag: "choice", key, cases, otherwise: otherwise.default }, openType(first), at)
}

/** Whether `x` is an implementation, of whatever type. */
export function isImpl(x: unknown): x is AnyImpl {
  return x instanceof Impl
}

/** The type's name, with what has been applied taken off: `http @-> job` after all but the last. */
export function typeName(impl: AnyImpl): string {
  return remaining(impl)
}

/** As its author wrote it: `crunch("./htdocs")`, `Unikernel.Main`. */
export function showImpl(impl: AnyImpl): string {
  const { node } = impl
  switch (node.tag) {
    case "device": {
      const { name, parameters, dependencies } = node.device
      const shown = [...parameters.map(showParameter), ...dependencies.map(showImpl)]
      return shown.length === 0 ? name : `${name}(${shown.join(", ")})`
    }
    case "functor":
      return `${node.module}.${node.member}`
    case "application":
      return `${showImpl(node.functor)}.$(${node.devices.map(showImpl).join(", ")})`
    case "choice":
      return `matchImpl(${node.key.name}, …)`
  }
}

function showParameter(p: KeyValue | Key<KeyValue>): string {
  return typeof p === "object" ? p.name : JSON.stringify(p)
}

/** The types of the devices that `impl` still has to be applied to. */
export function missing(impl: AnyImpl): readonly string[] {
  const taken = impl.node.tag === "application" ? impl.node.devices.length : 0
  return impl.typ.takes.slice(taken)
}

function remaining(impl: AnyImpl): string {
  return [...missing(impl), impl.typ.gives].join(" @-> ")
}

/** A choice of half-applied functors takes what is left. */
function openType(impl: AnyImpl): Typ<Sort> {
  return new Typ<Sort>(missing(impl), impl.typ.gives)
}

const ORDINALS = ["1st", "2nd", "3rd"]

function apply(impl: AnyImpl, given: readonly unknown[]): Impl<Sort> {
  const at = callerLocation()
  const before = impl.node.tag === "application" ? impl.node.devices : []
  const functor = impl.node.tag === "application" ? impl.node.functor : impl
  const wanted = missing(impl)
  const name = showImpl(functor)
  if (impl.typ.takes.length === 0)
    throw new ConfigError(`${name} is a device, not a functor: there is nothing to apply it to`, at)
  const takes = `${name} is ${String(functor.typ)}`
  if (given.length === 0) throw new ConfigError(`${name}.$() was given no device. ${takes}`, at)
  const devices: AnyImpl[] = []
  for (const [i, device] of given.entries()) {
    const position = before.length + i
    const nth = ORDINALS[position] ?? `${position + 1}th`
    const want = wanted[i]
    const shown = isImpl(device)
      ? `${showImpl(device)}, ${oneOf(typeName(device))}`
      : `${typeof device}, which is no device`
    if (want === undefined)
      throw new ConfigError(
        `${name} takes ${functor.typ.takes.length} device${functor.typ.takes.length === 1 ? "" : "s"}, but was given a ${nth}: ${shown}. ${takes}`,
        at,
      )
    if (!isImpl(device) || typeName(device) !== want)
      throw new ConfigError(`${name} takes ${oneOf(want)} as its ${nth} device, but was given ${shown}. ${takes}`, at)
    devices.push(device)
  }
  return new Impl<Sort>({ tag: "application", functor, devices: [...before, ...devices] }, functor.typ, at)
}
