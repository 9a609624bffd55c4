// LwtSequence: a mutable list with two ends, from which an element can be taken out wherever it is. Lwt's own waiting
// lines are such sequences.
//
// Nodes form a ring in which the sequence itself is a node without a value. A node that was removed keeps its neighbours,
// so whoever is walking the sequence and stands on it finds the way back.

import * as Lwt from "./lwt.ts"
import { abstract } from "./show.ts"

/** Thrown by {@link takeL} and {@link takeR} when there is nothing to take. */
export class Empty extends Error {
  override readonly name: string = "LwtSequence.Empty"
}

class Link {
  previous: Link = this
  next: Link = this
}

class Sequence<in out A> extends Link {
  /** Only for the type checker. */
  declare readonly valueOf: () => A
}

class SequenceNode<in out A> extends Link {
  value: A
  /** False when it has been removed. */
  active = true

  constructor(value: A) {
    super()
    this.value = value
  }
}

abstract(Sequence)
abstract(SequenceNode)

/** A sequence. */
export type t<A> = Sequence<A>

/** The place of an element in a sequence. */
export type node<A> = SequenceNode<A>

/** An empty sequence. */
export function create<A>(): t<A> {
  return new Sequence<A>()
}

/** Remove all elements. */
export function clear<A>(s: t<A>): void {
  s.previous = s
  s.next = s
}

export function isEmpty<A>(s: t<A>): boolean {
  return s.next === s
}

/** The number of elements, by counting them. */
export function length<A>(s: t<A>): number {
  let n = 0
  for (let link = s.next; link !== s; link = link.next) n++
  return n
}

/** Add at the left end. */
export function addL<A>(value: A, s: t<A>): node<A> {
  return insert(new SequenceNode(value), s, s.next)
}

/** Add at the right end. */
export function addR<A>(value: A, s: t<A>): node<A> {
  return insert(new SequenceNode(value), s.previous, s)
}

function insert<A>(node: SequenceNode<A>, left: Link, right: Link): node<A> {
  node.previous = left
  node.next = right
  left.next = node
  right.previous = node
  return node
}

/** Remove the node from its sequence. Nothing happens if it was removed. */
export function remove<A>(node: node<A>): void {
  if (!node.active) return
  node.active = false
  node.previous.next = node.next
  node.next.previous = node.previous
}

export function get<A>(node: node<A>): A {
  return node.value
}

export function set<A>(node: node<A>, value: A): void {
  node.value = value
}

/** Remove and return the leftmost element; `undefined` if there is none. */
export function takeOptL<A>(s: t<A>): A | undefined {
  return takeOut<A>(s, s.next)
}

/** Remove and return the rightmost element; `undefined` if there is none. */
export function takeOptR<A>(s: t<A>): A | undefined {
  return takeOut<A>(s, s.previous)
}

function takeOut<A>(s: t<A>, link: Link): A | undefined {
  if (link === s) return undefined
  const node = link as SequenceNode<A>
  remove(node)
  return node.value
}

/** As {@link takeOptL}, but throws {@link Empty}. */
export function takeL<A>(s: t<A>): A {
  if (isEmpty(s)) throw new Empty()
  return takeOptL(s) as A
}

/** As {@link takeOptR}, but throws {@link Empty}. */
export function takeR<A>(s: t<A>): A {
  if (isEmpty(s)) throw new Empty()
  return takeOptR(s) as A
}

/** Move all of `from` to the left of `to`. */
export function transferL<A>(from: t<A>, to: t<A>): void {
  splice(from, to, to.next)
}

/** Move all of `from` to the right of `to`. */
export function transferR<A>(from: t<A>, to: t<A>): void {
  splice(from, to.previous, to)
}

function splice<A>(from: t<A>, left: Link, right: Link): void {
  if (isEmpty(from)) return
  left.next = from.next
  from.next.previous = left
  right.previous = from.previous
  from.previous.next = right
  clear(from)
}

/** Call `f` with every node, leftmost first. Nodes may be removed meanwhile. */
export function iterNodeL<A>(f: (node: node<A>) => void, s: t<A>): void {
  for (let link = s.next; link !== s; link = link.next) {
    const node = link as SequenceNode<A>
    if (node.active) f(node)
  }
}

/** Call `f` with every node, rightmost first. Nodes may be removed meanwhile. */
export function iterNodeR<A>(f: (node: node<A>) => void, s: t<A>): void {
  for (let link = s.previous; link !== s; link = link.previous) {
    const node = link as SequenceNode<A>
    if (node.active) f(node)
  }
}

/** Call `f` with every element, leftmost first. */
export function iterL<A>(f: (value: A) => void, s: t<A>): void {
  iterNodeL((node) => f(node.value), s)
}

/** Call `f` with every element, rightmost first. */
export function iterR<A>(f: (value: A) => void, s: t<A>): void {
  iterNodeR((node) => f(node.value), s)
}

/** `f(x_n, … f(x_1, acc))`: leftmost first. */
export function foldL<A, B>(f: (value: A, acc: B) => B, s: t<A>, acc: B): B {
  iterL((value) => {
    acc = f(value, acc)
  }, s)
  return acc
}

/** `f(x_1, … f(x_n, acc))`: rightmost first. */
export function foldR<A, B>(f: (value: A, acc: B) => B, s: t<A>, acc: B): B {
  iterR((value) => {
    acc = f(value, acc)
  }, s)
  return acc
}

/** The leftmost node whose value satisfies `f`. */
export function findNodeOptL<A>(f: (value: A) => boolean, s: t<A>): node<A> | undefined {
  for (let link = s.next; link !== s; link = link.next) {
    const node = link as SequenceNode<A>
    if (node.active && f(node.value)) return node
  }
  return undefined
}

/** The rightmost node whose value satisfies `f`. */
export function findNodeOptR<A>(f: (value: A) => boolean, s: t<A>): node<A> | undefined {
  for (let link = s.previous; link !== s; link = link.previous) {
    const node = link as SequenceNode<A>
    if (node.active && f(node.value)) return node
  }
  return undefined
}

/** As {@link findNodeOptL}, but throws {@link Lwt.NotFound}. */
export function findNodeL<A>(f: (value: A) => boolean, s: t<A>): node<A> {
  const node = findNodeOptL(f, s)
  if (node === undefined) throw new Lwt.NotFound("LwtSequence.findNodeL")
  return node
}

/** As {@link findNodeOptR}, but throws {@link Lwt.NotFound}. */
export function findNodeR<A>(f: (value: A) => boolean, s: t<A>): node<A> {
  const node = findNodeOptR(f, s)
  if (node === undefined) throw new Lwt.NotFound("LwtSequence.findNodeR")
  return node
}

/** A cancellable promise whose resolver stands at the right end of the line, and leaves it when it is cancelled. */
export function addTaskR<A>(line: t<Lwt.u<A>>): Lwt.t<A> {
  const [p, u] = Lwt.task<A>()
  const node = addR(u, line)
  Lwt.onCancel(p, () => remove(node))
  return p
}

/** As {@link addTaskR}, at the left end. */
export function addTaskL<A>(line: t<Lwt.u<A>>): Lwt.t<A> {
  const [p, u] = Lwt.task<A>()
  const node = addL(u, line)
  Lwt.onCancel(p, () => remove(node))
  return p
}
