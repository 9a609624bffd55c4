// Lwt: cooperative threads as promises, after the OCaml library of that name (J. Vouillon's, 2008).
//
// Terms. A *promise* (`Lwt.t<A>`) is a box that will hold a value of type A. It is *pending* until it is *resolved*, once
// and for ever: *fulfilled* with a value or *rejected* with an error. A *resolver* (`Lwt.u<A>`) is the other end of a
// promise, by which it is resolved. A *callback* is a function that waits for a promise. "Thread" in old texts means a
// promise together with whatever will resolve it; there is nothing more to a thread than that.
//
// How it works. `wait` makes a pending promise and its resolver. `bind(p, f)` hangs f on p. `wakeup(u, v)` settles the
// promise and runs its callbacks, newest first; when one of them settles another promise, that one's callbacks run before
// anything else. When `wakeup` returns, everything that the value made possible has happened. This is the *resolution
// loop*, in resolution.ts, and all of Lwt is callbacks that it runs.
//
// Lwt does no input or output, and knows no time. Code runs when its promises are resolved, and the first resolver in
// every chain of causes is called from outside: by a timer, a frame that arrived, a person. That is the main loop's
// business, os/engine.ts. The only thing it must do for Lwt is to call `wakeupPaused` once a round.
//
// Read first: `bind` in promise.ts, then `runTree` in resolution.ts, then `cancel` in cancel.ts, and `choose` in combine.ts.
//
// Not as JavaScript's Promise:
// * A callback of a resolved promise is called at once, inside `bind`. There are no microtasks.
// * Resolving is synchronous: the callbacks have run when `wakeup` returns.
// * A promise is not thenable, since `await` would change the order of things. `toPromise` and `ofPromise` are bridges.
// * Promises of promises are possible; nothing is flattened but what `bind` flattens.
// * A promise can be cancelled, and cancelling travels backwards.
//
// Not as OCaml's Lwt (5.6.1):
// * Names are in camelCase. `undefined` is `None`, arrays are lists. `add_task_l` and `add_task_r` are in LwtSequence, whose
//   lines they are for; `p >>= f` is `p.bind(f)`, `p >|= f` is `p.map(f)`, `<&>` is `join`, `<?>` is `choose`. `let*` and
//   `and*` are `yield*` of a promise and of `both` in LwtDirect. wrap1 to wrap7 are one function.
// * JavaScript has no tail calls. When more than 256 functions that promises called are on the stack, the next one is
//   called later, or when more than 512 are, if it is a thunk (see resolution.ts). OCaml has a limit of 42 in its source
//   which in fact is never reached.
// * Lwt_main is LwtMain (os/lwt-main.ts), for the machine that OS means. Lwt_unix.auto_pause is not there: it pauses when
//   time has passed since the last pause, and simulated time stands still while code runs, so it would never.
// * The random choices of `choose` and `pick` come from another generator; also seeded.
// * `nchooseSplit` always keeps the order of its list.
// * If the async exception hook throws, the callbacks that are left still run, and then the error is thrown. The default
//   hook throws, where OCaml's prints and exits.

export { backtraceBind, backtraceCatch, backtraceFinalize, backtraceTryBind } from "./backtrace.ts"
export { awaitedPromises, ofPromise, registerArrivalNotifier, toPromise } from "./bridge.ts"
export { cancel, noCancel, onCancel, protected_ as protected, wrapInCancelable } from "./cancel.ts"
export { all, both, choose, join, nchoose, nchooseSplit, npick, pick, seedChoices } from "./combine.ts"
export type { Value, Values } from "./combine.ts"
export { Canceled, Failure, InvalidArgument, NotFound } from "./errors.ts"
export * as ExceptionFilter from "./exception-filter.ts"
export { abandonPaused, pause, pausedCount, registerPauseNotifier, wakeupPaused } from "./pause.ts"
export {
  debugStateIs,
  fail,
  failInvalidArg,
  failWith,
  isSleeping,
  ofResult,
  poll,
  reraise,
  return_ as return,
  returnError,
  returnFalse,
  returnNil,
  returnNone,
  returnOk,
  returnSome,
  returnTrue,
  returnUnit,
  state,
  task,
  wait,
  waiterOfWakener,
  wakeup,
  wakeupExn,
  wakeupLater,
  wakeupLaterExn,
  wakeupLaterResult,
  wakeupResult,
} from "./promise.ts"
export type { State, t, u } from "./promise.ts"
export { abandonWakeups, asyncExceptionHook, defaultHook } from "./resolution.ts"
export type { Hook } from "./resolution.ts"
export {
  apply,
  async,
  bind,
  catch_ as catch,
  dontWait,
  finalize,
  ignoreResult,
  map,
  onAny,
  onFailure,
  onSuccess,
  onTermination,
  tryBind,
  wrap,
} from "./sequential.ts"
export { get, newKey, withValue } from "./storage.ts"
export type { Key } from "./storage.ts"
export { withTracingContext } from "./trace.ts"
