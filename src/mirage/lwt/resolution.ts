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
//
// What is common is short, and what is rare stands in a function of its own: V8 writes functions into their callers as long
// as there is room, and a call that it does not save costs as much as all else that such a function does.

import { Canceled } from "./errors.ts"
import { handled } from "./exception-filter.ts"
import { Queue } from "./queue.ts"
import { clearStorage, context, type Storage } from "./storage.ts"
import { trace, traceSettled } from "./trace.ts"

/**
 * Pending: `callbacks` are waiting, and `value` is what `cancel` does: see {@link HowToCancel}. A pending cell's tag is less
 * than this by the number of its callbacks that were disarmed and are still in the ring, so ask with {@link isPending}.
 */
export const PENDING = 0
/** Fulfilled: `value` is the value. */
export const FULFILLED = 1
/** Rejected: `value` is the error. */
export const REJECTED = 2
/** The same promise as the cell in `value`. */
export const PROXY = 3

/** Whoever has made a promise that is rejected when it is cancelled, and has to know that nobody waits for it any more. */
export interface Owner {
  forget(): void
}

/**
 * What `cancel` does with a pending cell: nothing, reject it, reject it and tell its owner, or go on to those it waits for.
 */
export type HowToCancel = undefined | "self" | Owner | Cell | readonly Cell[]

/**
 * A promise without its methods, which are in promise.ts with the class that implements this. There are few kinds of cell (V8
 * is quick with up to four in one place), and no field that is not needed: a word more is eight megabytes in a million.
 */
export interface Cell {
  tag: number
  value: unknown
  /** A ring, newest first, given by its oldest. One that is alone has no `next`. */
  callbacks: Callback | undefined
}

/** True until the cell is settled. */
export function isPending(cell: Cell): boolean {
  return cell.tag <= PENDING
}

/** What waits for a cell. One object waits for one cell only. */
export interface Callback {
  next: Callback | undefined
  /** True if it may be dropped from the ring. */
  readonly dead: boolean
  /**
   * The cell `source` has been settled. Returns the cell that this callback has settled in its turn, whose callbacks the
   * loop then runs, or `undefined`. Must not throw.
   */
  run(source: Cell): Cell | undefined
  /** Called before any callback of the cell is run, if it was cancelled. Must not throw. */
  cancelled?(): void
}

/** A callback that is not a promise at the same time. */
export abstract class PlainCallback implements Callback {
  declare next: Callback | undefined

  constructor() {
    this.next = undefined
  }

  get dead(): boolean {
    return false
  }

  abstract run(source: Cell): Cell | undefined
}

/** The cell that `cell` is now: itself, or the one it is a proxy of. */
export function underlying(cell: Cell): Cell {
  if (cell.tag !== PROXY) return cell
  const next = cell.value as Cell
  return next.tag === PROXY ? rootOf(cell) : next
}

/** The last on the way from the proxy `cell`, which is shortened for the next time. */
function rootOf(cell: Cell): Cell {
  let root = cell.value as Cell
  while (root.tag === PROXY) root = root.value as Cell
  while (cell.value !== root) {
    const next = cell.value as Cell
    cell.value = root
    cell = next
  }
  return root
}

/** Make `callback` the first of its kind to run when the pending cell is settled. */
export function addCallback(cell: Cell, callback: Callback): void {
  const last = cell.callbacks
  if (last === undefined) cell.callbacks = callback
  else addAnother(last, callback)
}

function addAnother(last: Callback, callback: Callback): void {
  callback.next = last.next ?? last
  last.next = callback
}

/** Write a result into a pending cell. Its callbacks have still to be run, by the caller. */
export function settle(cell: Cell, tag: 1 | 2, value: unknown): Cell {
  if (trace.by !== undefined) traceSettled(cell, tag, value)
  cell.tag = tag
  cell.value = value
  return cell
}

/** Lwt's own number: cleaning a ring costs a walk, so it is done once in so many times. */
const CLEANUP_THROTTLE = 42

/** Callbacks of the pending `cell` were disarmed: drop them from its ring, if it is worth it. */
export function cleanUp(cell: Cell, disarmed: number): void {
  const last = cell.callbacks
  cell.tag -= disarmed
  if (last === undefined || (PENDING - cell.tag <= CLEANUP_THROTTLE && last.next !== undefined)) return
  cell.tag = PENDING
  const first = last.next ?? last
  last.next = undefined
  cell.callbacks = undefined
  // Built anew from its newest end, so each is put after the one before.
  for (let callback: Callback | undefined = first; callback !== undefined; ) {
    const next: Callback | undefined = callback.next
    callback.next = undefined
    if (!callback.dead) {
      addCallback(cell, callback)
      cell.callbacks = callback
    }
    callback = next
  }
}

/**
 * `outer` is what bind returned, `inner` what its function returned: make them one promise. Returns `outer` if that has
 * settled it.
 */
export function become(outer: Cell, inner: Cell): Cell | undefined {
  const cell = underlying(inner)
  if (!isPending(cell)) return settle(outer, cell.tag as 1 | 2, cell.value)
  if (cell === outer) return undefined // bound to itself: pending for ever, as in OCaml
  if (trace.by !== undefined) trace.by.became(outer, cell)
  if (cell.callbacks !== undefined) handOver(cell, outer)
  outer.value = cell.value
  cell.tag = PROXY
  cell.value = outer
  return undefined
}

/** The callbacks of the pending `from` are those of the pending `to` as well. */
function handOver(from: Cell, to: Cell): void {
  const ours = to.callbacks
  const theirs = from.callbacks!
  const disarmed = PENDING - from.tag
  from.callbacks = undefined
  to.callbacks = theirs
  if (ours !== undefined) {
    // Not sorted by age: all of `to`'s run before all of `from`'s.
    const first = ours.next ?? ours
    ours.next = theirs.next ?? theirs
    theirs.next = first
  }
  if (disarmed > 0) cleanUp(to, disarmed)
}

/** Settled by wakeupLater inside a callback: their callbacks run when the outermost loop has nothing else left. */
const deferred: Queue = new Queue()

// Code that a promise calls may call us, and so on: a loop that binds resolved promises a million times nests a million
// deep. OCaml has tail calls for that. Here, at NESTING_LIMIT, the work is put on the trampoline instead, and whoever asked
// gets a promise that is still pending; the call at depth RESUME, on its way out, runs what is on the trampoline. So code
// that runs as deep as that, and looks at a promise of bind instead of giving it to another bind, can tell the difference.
// Whoever starts a thread with a thunk is likelier to look at what it did, and no loop through bind alone ever comes as deep as
// THUNK_LIMIT: that is for threads that start each other.
const NESTING_LIMIT = 256
const THUNK_LIMIT = 2 * NESTING_LIMIT
const RESUME = 128
/** The native stack. In an object: of a module's `let` V8 asks at every use whether it has a value yet. */
const native = {
  /** Resolution loops on it. */
  loops: 0,
  /** These, and the functions that were called between {@link enter} and {@link leave}. */
  nesting: 0,
  /** The trampoline is being emptied. */
  bouncing: false,
}
const trampoline: Queue = new Queue()

/** True if a function should not be called now but be given to {@link callLater}. */
export function isTooDeep(): boolean {
  return native.nesting >= NESTING_LIMIT
}

/** The same for a thunk. */
export function isTooDeepForThunk(): boolean {
  return native.nesting >= THUNK_LIMIT
}

/** About to call a function that may call us: must be followed by {@link leave}, whatever happens. */
export function enter(): void {
  native.nesting++
}

/** The function that was called after {@link enter} has ended. */
export function leave(): void {
  if (--native.nesting === RESUME) bounce()
}

function bounce(): void {
  if (native.bouncing) return
  const thrown: unknown[] = []
  native.bouncing = true
  while (!trampoline.isEmpty) {
    // Nobody comes for what is left on the trampoline, so an error has to wait.
    try {
      runCallbacks(trampoline.take())
    } catch (error) {
      thrown.push(error)
    }
  }
  native.bouncing = false
  if (thrown.length > 0) throw thrown[0]
}

/** Run `callback` from the trampoline, as if `cell`, which has no other callback, had just been settled. */
export function callLater(callback: Callback, cell: Cell): void {
  addCallback(cell, callback)
  trampoline.push(cell)
}

/** Run the callbacks of a cell that has just been settled, before anything else. */
export function runNow(cell: Cell): void {
  if (cell.callbacks === undefined) return
  if (native.nesting >= NESTING_LIMIT) trampoline.push(cell)
  else runCallbacks(cell)
}

/** The same, but inside a callback wait until the outermost loop has finished: what wakeupLater does. */
export function runSoon(cell: Cell): void {
  if (native.loops > 0) deferred.push(cell)
  else runNow(cell)
}

function runCallbacks(settled: Cell): void {
  const { storage } = context
  const depth = native.loops++
  enter()
  try {
    runTree(settled)
    if (depth === 0) runDeferred()
  } finally {
    native.loops = depth
    context.storage = storage
    leave()
  }
}

function runDeferred(): void {
  while (!deferred.isEmpty) runTree(deferred.take())
  if (escaped.length > 0) throw escaped.splice(0)[0]
}

/** The callbacks of `cell`, those of the cells that they settle, and so on. */
function runTree(cell: Cell): void {
  // As long as each has but one there is nothing to remember.
  for (;;) {
    const callback = cell.callbacks
    if (callback === undefined) return
    if (callback.next !== undefined || cell.tag === REJECTED) return runBranches(cell)
    cell.callbacks = undefined
    const next = trace.by === undefined ? callback.run(cell) : trace.by.run(callback, cell)
    if (next === undefined) return
    cell = next
  }
}

/** What is left to do of a ring when a callback in it has settled another cell. */
interface Frame {
  readonly source: Cell
  readonly callback: Callback
  readonly storage: Storage
  readonly outer: Frame | undefined
}

function runBranches(settled: Cell): void {
  let unfinished: Frame | undefined
  let source = settled
  let callback: Callback | undefined = takeCallbacks(source)
  for (;;) {
    if (callback === undefined) {
      if (unfinished === undefined) return
      source = unfinished.source
      callback = unfinished.callback
      context.storage = unfinished.storage
      unfinished = unfinished.outer
    }
    const current: Callback = callback
    callback = current.next
    if (callback !== undefined) current.next = undefined
    const next: Cell | undefined = trace.by === undefined ? current.run(source) : trace.by.run(current, source)
    if (next === undefined || next.callbacks === undefined) continue
    const storage = context.storage
    const theirs = takeCallbacks(next)
    if (callback !== undefined) unfinished = { source, callback, storage, outer: unfinished }
    source = next
    callback = theirs
  }
}

/** The callbacks of a settled cell that has some, as a list. If it was cancelled, those that wait for that have run already. */
function takeCallbacks(cell: Cell): Callback {
  const last = cell.callbacks!
  cell.callbacks = undefined
  const first = last.next ?? last
  last.next = undefined
  if (cell.tag === REJECTED && cell.value instanceof Canceled)
    for (let callback: Callback | undefined = first; callback !== undefined; callback = callback.next)
      callback.cancelled?.()
  return first
}

/**
 * For one who leaves callbacks behind for good (OCaml calls it when a process has forked): what `wakeupLater` has put off is
 * run now, and from here on it puts off nothing more, if only one callback is running. The storage is empty from here on.
 */
export function abandonWakeups(): void {
  if (native.loops === 0) return
  if (native.loops === 1) while (!deferred.isEmpty) runTree(deferred.take())
  native.loops--
  clearStorage()
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
    callHook(handled(error))
  }
}

/** Call `f` so that what it throws does not keep other callbacks from running. */
export function contain<A>(f: (value: A) => void, value: A): void {
  if (native.loops === 0) return f(value)
  try {
    f(value)
  } catch (error) {
    escaped.push(error)
  }
}
