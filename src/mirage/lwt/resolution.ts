// The resolution loop: what a promise is underneath, and what happens when one is resolved.
//
// A cell is pending, fulfilled, rejected, or a proxy. A pending cell has callbacks. To resolve it is two things: settle it
// (write the result into it), then run its callbacks, depth first: when a callback settles another cell, as the callback of
// `bind` does, that one's callbacks run before the next of ours. OCaml's Lwt recurses here; we would soon run out of
// JavaScript's stack, so a callback returns the cell that it settled, and the loop keeps the lists it has still to finish
// on a stack of its own. The order is the same, and a chain of a million links needs no stack at all.
//
// A cell becomes a proxy when `bind(p, f)` learns the promise that f made: both are one promise from then on, with the
// callbacks of both (union-find). This is why a loop that calls itself through bind for ever needs constant memory.

import { Canceled } from "./errors.ts"
import { context, type Storage } from "./storage.ts"

/** Pending: `first`…`last` and `cancels` are waiting. */
export const PENDING = 0
/** Fulfilled: `value` is the value. */
export const FULFILLED = 1
/** Rejected: `value` is the error. */
export const REJECTED = 2
/** The same promise as the cell in `value`. */
export const PROXY = 3

/** What `cancel` does with a pending cell: nothing, reject it, or go on to those it waits for. */
export type HowToCancel = undefined | "self" | Cell | readonly Cell[]

/**
 * A promise without its methods. Fields of the classes in this file are only declared and are assigned in the constructor:
 * class fields cost twice as much, and these objects are what Lwt spends its time on.
 */
export class Cell {
  declare tag: 0 | 1 | 2 | 3
  declare value: unknown
  /** Regular callbacks, newest first. */
  declare first: Callback | undefined
  declare last: Callback | undefined
  declare cancels: CancelCallback | undefined
  declare how: HowToCancel
  /** Callbacks of this cell that were disarmed and are still in the list. */
  declare disarmed: number

  constructor(tag: 0 | 1 | 2, value: unknown, how: HowToCancel) {
    this.tag = tag
    this.value = value
    this.first = undefined
    this.last = undefined
    this.cancels = undefined
    this.how = how
    this.disarmed = 0
  }
}

/** What waits for a cell. One object is in one list only. */
export abstract class Callback {
  declare next: Callback | undefined

  constructor() {
    this.next = undefined
  }

  /**
   * The cell `source` has been settled. Returns the cell that this callback has settled in its turn, whose callbacks the
   * loop then runs, or `undefined`. Must not throw.
   */
  abstract run(source: Cell): Cell | undefined
  /** True if it may be dropped from the list. */
  get dead(): boolean {
    return false
  }
}

/** A callback that runs before the others, and only if the cell is rejected with `Canceled`. */
export class CancelCallback {
  declare next: CancelCallback | undefined
  declare readonly storage: Storage
  declare readonly f: () => void

  constructor(next: CancelCallback | undefined, storage: Storage, f: () => void) {
    this.next = next
    this.storage = storage
    this.f = f
  }
}

/** The cell that `cell` is now: itself, or the one it is a proxy of. Shortens the way for the next time. */
export function underlying(cell: Cell): Cell {
  if (cell.tag !== PROXY) return cell
  let root = cell.value as Cell
  while (root.tag === PROXY) root = root.value as Cell
  while (cell.value !== root) {
    const next = cell.value as Cell
    cell.value = root
    cell = next
  }
  return root
}

/** Make `callback` the first to run when the pending cell is settled. */
export function addCallback(cell: Cell, callback: Callback): void {
  callback.next = cell.first
  if (cell.first === undefined) cell.last = callback
  cell.first = callback
}

/** Make `f` the first to run when the pending cell is cancelled. */
export function addCancelCallback(cell: Cell, f: () => void): void {
  cell.cancels = new CancelCallback(cell.cancels, context.storage, f)
}

/** Write a result into a pending cell. Its callbacks have still to be run, by the caller. */
export function settle(cell: Cell, tag: 1 | 2, value: unknown): Cell {
  cell.tag = tag
  cell.value = value
  cell.how = undefined
  return cell
}

/** Lwt's own number: cleaning a list costs a walk, so it is done once in so many times. */
const CLEANUP_THROTTLE = 42

/** Callbacks of the pending `cell` were disarmed: drop them from its list, if it is worth it. */
export function cleanUp(cell: Cell, disarmed: number): void {
  cell.disarmed += disarmed
  if (cell.disarmed <= CLEANUP_THROTTLE && cell.first !== cell.last) return
  cell.disarmed = 0
  let kept: Callback | undefined
  for (let callback = cell.first; callback !== undefined; callback = callback.next) {
    if (callback.dead) continue
    if (kept === undefined) cell.first = callback
    else kept.next = callback
    kept = callback
  }
  if (kept === undefined) cell.first = undefined
  else kept.next = undefined
  cell.last = kept
}

/**
 * `outer` is what bind returned, `inner` what its function returned: make them one promise. Returns `outer` if that has
 * settled it.
 */
export function become(outer: Cell, inner: Cell): Cell | undefined {
  const cell = underlying(inner)
  if (cell === outer) return undefined // bound to itself: pending for ever, as in OCaml
  if (cell.tag !== PENDING) return settle(outer, cell.tag as 1 | 2, cell.value)
  // Not sorted by age: all of outer's callbacks run before all of inner's.
  if (cell.first !== undefined) {
    if (outer.last === undefined) outer.first = cell.first
    else outer.last.next = cell.first
    outer.last = cell.last
  }
  if (cell.cancels !== undefined) {
    let end = outer.cancels
    if (end === undefined) outer.cancels = cell.cancels
    else {
      while (end.next !== undefined) end = end.next
      end.next = cell.cancels
    }
  }
  const disarmed = cell.disarmed
  outer.how = cell.how
  cell.tag = PROXY
  cell.value = outer
  cell.first = undefined
  cell.last = undefined
  cell.cancels = undefined
  cell.how = undefined
  if (disarmed > 0) cleanUp(outer, disarmed)
  return undefined
}

/** A first-in first-out queue of settled cells whose callbacks have still to run. */
class Queue {
  #cells: Cell[] = []
  #head = 0

  get isEmpty(): boolean {
    return this.#head === this.#cells.length
  }

  push(cell: Cell): void {
    this.#cells.push(cell)
  }

  take(): Cell | undefined {
    if (this.isEmpty) return undefined
    const cell = this.#cells[this.#head++]
    if (this.isEmpty) {
      this.#cells = []
      this.#head = 0
    } else if (this.#head === 1024) {
      // What has been taken must not stay reachable while a busy queue never runs dry.
      this.#cells = this.#cells.slice(this.#head)
      this.#head = 0
    }
    return cell
  }
}

/** Settled by wakeupLater inside a callback: their callbacks run when the outermost loop has nothing else left. */
const deferred: Queue = new Queue()
/** Resolution loops on the native stack. */
let loops = 0

// Code that a promise calls may call us, and so on: a loop that binds resolved promises a million times nests a million
// deep. OCaml has tail calls for that. Here, at NESTING_LIMIT, the work is put on the trampoline instead, and whoever asked
// gets a promise that is still pending; the call at depth RESUME, on its way out, runs what is on the trampoline. So only
// code that runs deeper than RESUME, and looks at a promise without giving it to bind, can tell the difference.
const NESTING_LIMIT = 256
const RESUME = 128
let nesting = 0
let bouncing = false
const trampoline: Queue = new Queue()

/** True if a function should not be called now but be given to {@link callLater}. */
export function isTooDeep(): boolean {
  return nesting >= NESTING_LIMIT
}

/** About to call a function that may call us: must be followed by {@link leave}, whatever happens. */
export function enter(): void {
  nesting++
}

/** The function that was called after {@link enter} has ended. */
export function leave(): void {
  if (--nesting === RESUME && !bouncing && !trampoline.isEmpty) bounce()
}

function bounce(): void {
  bouncing = true
  try {
    for (let cell = trampoline.take(); cell !== undefined; cell = trampoline.take()) runCallbacks(cell)
  } finally {
    bouncing = false
  }
}

/** Run `callback` from the trampoline, as if a cell with this result had just been settled. */
export function callLater(callback: Callback, tag: 1 | 2, value: unknown): void {
  const cell = new Cell(tag, value, undefined)
  addCallback(cell, callback)
  trampoline.push(cell)
}

/** Run the callbacks of a cell that has just been settled, before anything else. */
export function runNow(cell: Cell): void {
  if (cell.first === undefined && cell.cancels === undefined) return
  if (nesting >= NESTING_LIMIT) trampoline.push(cell)
  else runCallbacks(cell)
}

/** The same, but inside a callback wait until the outermost loop has finished: what wakeupLater does. */
export function runSoon(cell: Cell): void {
  if (loops > 0) deferred.push(cell)
  else runNow(cell)
}

/** What is left to do of a list when a callback in it has settled another cell. */
interface Frame {
  readonly source: Cell
  readonly callback: Callback
  readonly storage: Storage
}

function runCallbacks(settled: Cell): void {
  const storage = context.storage
  loops++
  enter()
  try {
    runTree(settled)
    if (loops === 1) {
      for (let cell = deferred.take(); cell !== undefined; cell = deferred.take()) runTree(cell)
    }
  } finally {
    loops--
    context.storage = storage
    leave()
  }
  if (loops === 0 && escaped.length > 0) throw escaped.splice(0)[0]
}

/** The callbacks of `settled`, those of the cells that they settle, and so on. */
function runTree(settled: Cell): void {
  const unfinished: Frame[] = []
  let source = settled
  runCancelCallbacks(source)
  let callback = takeCallbacks(source)
  for (;;) {
    if (callback === undefined) {
      const frame = unfinished.pop()
      if (frame === undefined) return
      source = frame.source
      callback = frame.callback
      context.storage = frame.storage
    }
    const current: Callback = callback
    callback = current.next
    const next = current.run(source)
    if (next === undefined) continue
    const storage = context.storage
    runCancelCallbacks(next)
    const theirs = takeCallbacks(next)
    if (theirs === undefined) {
      context.storage = storage
      continue
    }
    if (callback !== undefined) unfinished.push({ source, callback, storage })
    source = next
    callback = theirs
  }
}

function takeCallbacks(cell: Cell): Callback | undefined {
  const first = cell.first
  cell.first = undefined
  cell.last = undefined
  return first
}

function runCancelCallbacks(cell: Cell): void {
  let callback = cell.cancels
  if (callback === undefined) return
  cell.cancels = undefined
  if (cell.tag !== REJECTED || !(cell.value instanceof Canceled)) return
  for (; callback !== undefined; callback = callback.next) {
    context.storage = callback.storage
    guard(callback.f, undefined)
  }
}

/** Receives what nobody else can: see {@link asyncExceptionHook}. */
export type Hook = (error: unknown) => void

/** The hook that is there when nobody has set one: throws the error. */
export const defaultHook: Hook = (error) => {
  throw error
}

let hook: Hook = defaultHook
/** Errors that the hook threw while callbacks were running: the outermost loop throws the first when it has ended. */
const escaped: unknown[] = []

/**
 * Where an exception goes that no promise can carry: a failure of `async`, of `onSuccess` and the like. OCaml prints it
 * and exits with status 2. Here the default throws it, out of whatever resolved the promise.
 */
export const asyncExceptionHook: { get(): Hook; set(f: Hook): void } = {
  get: () => hook,
  set: (f) => {
    hook = f
  },
}

/** Give `error` to the hook. */
export function callHook(error: unknown): void {
  contain(hook, error)
}

/** Call `f`; what it throws goes to the hook. */
export function guard<A>(f: (value: A) => void, value: A): void {
  try {
    f(value)
  } catch (error) {
    callHook(error)
  }
}

/** Call `f` so that what it throws does not keep other callbacks from running. */
export function contain<A>(f: (value: A) => void, value: A): void {
  if (loops === 0) return f(value)
  try {
    f(value)
  } catch (error) {
    escaped.push(error)
  }
}
