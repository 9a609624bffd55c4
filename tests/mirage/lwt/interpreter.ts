// Runs a program of the trace format (traces/README.md) on our Lwt, and writes down what happens. Beyond the operations of
// the traces it knows mutexes, mailboxes, conditions, streams, pools, switches, lists and storage: see
// tests/interop/lwt/peer.ml.

import * as LwtCondition from "../../../src/mirage/lwt/condition.ts"
import * as LwtList from "../../../src/mirage/lwt/list.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMutex from "../../../src/mirage/lwt/mutex.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import * as LwtPool from "../../../src/mirage/lwt/pool.ts"
import * as LwtStream from "../../../src/mirage/lwt/stream.ts"
import * as LwtSwitch from "../../../src/mirage/lwt/switch.ts"
import { LIST_FUNCTIONS } from "./list-functions.ts"

type P = Lwt.t<number>

/** The name of an error in a trace. */
export function errorName(error: unknown): string {
  if (error instanceof Lwt.Canceled) return "Canceled"
  if (error instanceof Lwt.NotFound) return "Not found"
  if (error instanceof Lwt.Failure) return error.message
  if (error instanceof Lwt.InvalidArgument) return "Invalid"
  if (error instanceof LwtStream.Closed) return "Closed"
  if (error instanceof LwtStream.Full) return "Full"
  if (error instanceof LwtStream.Empty) return "Empty"
  if (error instanceof LwtSwitch.Off) return "Off"
  return String(error)
}

/** The state of a promise in a trace. */
export function stateName(p: P): string {
  const state = Lwt.state(p)
  switch (state.tag) {
    case "Return":
      return `R${state.value}`
    case "Fail":
      return `F${errorName(state.error)}`
    case "Sleep":
      return "S"
  }
}

/** The lines that the program `lines` gives, without the final `---`. */
export function runProgram(lines: readonly string[]): string[] {
  const out: string[] = []
  const log = (line: string): void => {
    out.push(line)
  }
  const machine = new Machine(log)
  const hook = Lwt.asyncExceptionHook.get()
  Lwt.asyncExceptionHook.set((error) => log(`  hook ${errorName(error)}`))
  Lwt.abandonPaused()
  try {
    lines.forEach((line, i) => {
      log(`${i + 1} ${line}`)
      try {
        machine.step(i + 1, line)
      } catch (error) {
        log(`  raised ${errorName(error)}`)
      }
      log(`  = ${machine.states()}`)
    })
  } finally {
    Lwt.abandonPaused()
    Lwt.asyncExceptionHook.set(hook)
  }
  return out
}

/** What callbacks can do on the side. */
const EFFECTS = new Set(["wake", "later", "burst", "cancel", "push", "off", "unlock", "put", "signal", "broadcast"])

function nth<A>(things: readonly A[], n: number): A {
  return things[n % things.length]!
}

/** The promises of one program, numbered in the order of their making. */
class Machine {
  readonly #log: (line: string) => void
  readonly #promises: P[] = []
  readonly #resolvers: (Lwt.u<number> | undefined)[] = []
  readonly #mutexes = [LwtMutex.create(), LwtMutex.create()]
  readonly #mailboxes = [LwtMvar.createEmpty<number>(), LwtMvar.createEmpty<number>()]
  readonly #conditions = [LwtCondition.create<number>(), LwtCondition.create<number>()]
  readonly #key = Lwt.newKey<number>()
  readonly #pushes = [LwtStream.create<number>(), LwtStream.create<number>()]
  /** The first two can be pushed to; those that a program makes come after them. */
  readonly #streams: LwtStream.t<number>[] = this.#pushes.map(([s]) => s)
  /** A thread that pushes what it reads would never end: so many pushes a program has. */
  #pushesLeft = 60
  readonly #bounded = LwtStream.createBounded<number>(2)
  readonly #switches = [LwtSwitch.create(), LwtSwitch.create()]
  readonly #pool: LwtPool.t<number>

  constructor(log: (line: string) => void) {
    this.#log = log
    this.#pool = numberPool(log)
  }

  states(): string {
    return this.#promises.map(stateName).join(" ")
  }

  step(id: number, line: string): void {
    const [op, ...args] = line.split(" ")
    const log = this.#log
    const made = this.#promises.length
    const n = (i: number): number => Number(args[i])
    const p = (i: number): P => this.#promise(n(i))
    const list = (): P[] => args[0]!.split(",").map((s) => this.#promise(Number(s)))
    const act = (i: number, v: number): P => this.#act(made, args[i]!, n(i + 1), v)
    switch (op) {
      case "ret":
        return this.#push(Lwt.return(n(0)))
      case "fail":
        return this.#push(Lwt.failWith(`e${args[0]}`))
      case "wait":
        return this.#push(...Lwt.wait<number>())
      case "task":
        return this.#push(...Lwt.task<number>())
      case "pause":
        return this.#push(zero(Lwt.pause()))
      case "bind":
        return this.#push(
          Lwt.bind(p(0), (v) => {
            log(`  bind#${id} ${v}`)
            return act(1, v)
          }),
        )
      case "map":
        return this.#push(
          Lwt.map((v) => {
            log(`  map#${id} ${v}`)
            return this.#sync(args[1]!, n(2), v)
          }, p(0)),
        )
      case "catch": {
        const q = p(0)
        return this.#push(
          Lwt.catch(
            () => q,
            (error) => {
              log(`  catch#${id} ${errorName(error)}`)
              return act(1, 1)
            },
          ),
        )
      }
      case "finalize": {
        const q = p(0)
        return this.#push(
          Lwt.finalize(
            () => q,
            () => {
              log(`  fin#${id}`)
              return Lwt.map(() => {}, act(1, 1))
            },
          ),
        )
      }
      case "trybind": {
        const q = p(0)
        return this.#push(
          Lwt.tryBind(
            () => q,
            (v) => {
              log(`  tb#${id} ${v}`)
              return act(1, v)
            },
            (error) => {
              log(`  tbx#${id} ${errorName(error)}`)
              return act(3, 2)
            },
          ),
        )
      }
      case "join":
        return this.#push(zero(Lwt.join(list().map((q) => Lwt.map(() => {}, q)))))
      case "all":
        return this.#push(sum(Lwt.all(list())))
      case "both":
        return this.#push(Lwt.map(([x, y]) => x + y, Lwt.both(p(0), p(1))))
      case "choose":
        return this.#push(firstOr(Lwt.choose, list()))
      case "pick":
        return this.#push(firstOr(Lwt.pick, list()))
      case "nchoose":
        return this.#push(sum(Lwt.nchoose(list())))
      case "npick":
        return this.#push(sum(Lwt.npick(list())))
      case "protected":
        return this.#push(Lwt.protected(p(0)))
      case "nocancel":
        return this.#push(Lwt.noCancel(p(0)))
      case "wakeup":
        return this.#wake(n(0), (u) => Lwt.wakeup(u, n(1)))
      case "wakeupexn":
        return this.#wake(n(0), (u) => Lwt.wakeupExn(u, new Lwt.Failure(`w${args[1]}`)))
      case "wakeuplater":
        return this.#wake(n(0), (u) => Lwt.wakeupLater(u, n(1)))
      case "cancel":
        return Lwt.cancel(p(0))
      case "onsuccess":
        return Lwt.onSuccess(p(0), (v) => log(`  ok#${id} ${v}`))
      case "onfailure":
        return Lwt.onFailure(p(0), (error) => log(`  ko#${id} ${errorName(error)}`))
      case "onterm":
        return Lwt.onTermination(p(0), () => log(`  term#${id}`))
      case "oncancel":
        return Lwt.onCancel(p(0), () => log(`  cancelled#${id}`))
      case "onany":
        return Lwt.onAny(
          p(0),
          (v) => log(`  any#${id} ${v}`),
          (error) => log(`  anyx#${id} ${errorName(error)}`),
        )
      case "paused":
        log(`  paused? ${Lwt.pausedCount()}`)
        return Lwt.wakeupPaused()
      case "split":
        return this.#push(Lwt.nchooseSplit(list()).bind(([vs, ps]) => sum(Lwt.return([ps.length, ...vs]))))
      case "cancelable":
        return this.#push(Lwt.wrapInCancelable(p(0)))
      case "lock":
        return this.#push(zero(LwtMutex.lock(nth(this.#mutexes, n(0)))))
      case "unlock":
        return LwtMutex.unlock(nth(this.#mutexes, n(0)))
      case "withlock": {
        const q = p(1)
        return this.#push(
          LwtMutex.withLock(nth(this.#mutexes, n(0)), () => {
            log(`  locked#${id}`)
            return q.bind((v) => {
              log(`  body#${id} ${v}`)
              return act(2, v)
            })
          }),
        )
      }
      case "put":
        return this.#push(zero(LwtMvar.put(nth(this.#mailboxes, n(0)), n(1))))
      case "take":
        return this.#push(LwtMvar.take(nth(this.#mailboxes, n(0))))
      case "await":
        return this.#push(LwtCondition.wait(nth(this.#conditions, n(0))))
      case "awaitm":
        return this.#push(LwtCondition.wait(nth(this.#conditions, n(0)), { mutex: nth(this.#mutexes, n(1)) }))
      case "signal":
        return LwtCondition.signal(nth(this.#conditions, n(0)), n(1))
      case "broadcast":
        return LwtCondition.broadcast(nth(this.#conditions, n(0)), n(1))
      case "broadcastexn":
        return LwtCondition.broadcastExn(nth(this.#conditions, n(0)), new Lwt.Failure(`b${args[1]}`))
      case "with":
        return this.#push(Lwt.withValue(this.#key, n(0), () => p(1).bind((v) => act(2, v))))
      default:
        this.#stepOfFriends(id, op!, n, p, list, act, args)
    }
  }

  /** The operations of streams, pools, switches and lists. */
  #stepOfFriends(
    id: number,
    op: string,
    n: (i: number) => number,
    p: (i: number) => P,
    list: () => P[],
    act: (i: number, v: number) => P,
    args: readonly string[],
  ): void {
    const log = this.#log
    const s = (i: number): LwtStream.t<number> => nth(this.#streams, n(i))
    const theSwitch = (): LwtSwitch.t => nth(this.#switches, n(0))
    const hook = (i: number) => (): Lwt.t<void> => {
      log(`  hook#${id}`)
      return forget(act(i, 3))
    }
    /** The promise of an element of the list, and then the callback. */
    const each = (q: P): P =>
      q.bind((v) => {
        log(`  ${op}#${id} ${v}`)
        return act(1, v)
      })
    const [bounded, push] = this.#bounded
    switch (op) {
      case "push":
        return this.#pushTo(n(0), n(1))
      case "end":
        return this.#pushTo(n(0), undefined)
      case "next":
        return this.#push(LwtStream.next(s(0)))
      case "sget":
        return this.#push(LwtStream.get(s(0)).map((v) => v ?? -1))
      case "peek":
        return this.#push(LwtStream.peek(s(0)).map((v) => v ?? -1))
      case "nget":
        return this.#push(sum(LwtStream.nget(n(1) % 4, s(0))))
      case "npeek":
        return this.#push(sum(LwtStream.npeek(n(1) % 4, s(0))))
      case "junk":
        return this.#push(zero(LwtStream.junk(s(0))))
      case "njunk":
        return this.#push(zero(LwtStream.njunk(n(1) % 4, s(0))))
      case "parse":
        return this.#push(LwtStream.parse(s(0), (t) => sum(LwtStream.nget(n(1) % 4, t)).bind((v) => act(2, v))))
      case "lastnew":
        return this.#push(LwtStream.lastNew(s(0)))
      case "isempty":
        return this.#push(LwtStream.isEmpty(s(0)).map(Number))
      case "available":
        return log(`  available ${LwtStream.getAvailable(s(0)).join(",")}`)
      case "availableupto":
        return log(`  available ${LwtStream.getAvailableUpTo(n(1) % 4, s(0)).join(",")}`)
      case "tolist":
        return this.#push(sum(LwtStream.toList(s(0))))
      case "iters":
        return this.#push(
          zero(
            LwtStream.iterS((v) => {
              log(`  iter#${id} ${v}`)
              return forget(act(1, v))
            }, s(0)),
          ),
        )
      case "closed":
        return this.#push(zero(LwtStream.closed(s(0))))
      case "clone":
        return void this.#streams.push(LwtStream.clone(s(0)))
      case "smap":
        return void this.#streams.push(
          LwtStream.mapS((v) => {
            log(`  smap#${id} ${v}`)
            return act(1, v)
          }, s(0)),
        )
      case "sfilter":
        return void this.#streams.push(LwtStream.filter((v) => v % 2 === 0, s(0)))
      case "append":
        return void this.#streams.push(LwtStream.append(s(0), s(1)))
      case "schoose":
        return void this.#streams.push(LwtStream.choose([s(0)]))
      case "scombine":
        return void this.#streams.push(LwtStream.map(([x, y]) => x + y, LwtStream.combine(s(0), s(1))))
      case "sconcat":
        return void this.#streams.push(LwtStream.concat(LwtStream.ofList([s(0), s(1)])))
      case "siterp":
      case "sitern": {
        const each = (v: number): Lwt.t<void> => {
          log(`  ${op.slice(1)}#${id} ${v}`)
          return forget(act(1, v))
        }
        return this.#push(
          zero(op === "siterp" ? LwtStream.iterP(each, s(0)) : LwtStream.iterN(each, s(0), { maxConcurrency: 2 })),
        )
      }
      case "getwhile":
        return this.#push(sum(LwtStream.getWhile((v) => v % 3 !== 0, s(0))))
      case "junkwhile":
        return this.#push(zero(LwtStream.junkWhile((v) => v % 2 === 0, s(0))))
      case "sfind":
        return this.#push(LwtStream.find((v) => v % 4 === 1, s(0)).map((v) => v ?? -1))
      case "sfold":
        return this.#push(LwtStream.fold((v, total) => (total * 7 + v) % 10007, s(0), 1))
      case "sfrom": {
        let left = n(0) % 4
        const next = (): Lwt.t<number | undefined> => {
          log(`  from#${id} ${left}`)
          return left === 0 ? Lwt.return(undefined) : act(1, --left)
        }
        return void this.#streams.push(LwtStream.from(next))
      }
      case "bpush":
        return this.#push(zero(push.push(n(0))))
      case "bnext":
        return this.#push(LwtStream.next(bounded))
      case "bresize":
        return push.resize(n(0) % 4)
      case "bclose":
        return push.close()
      case "bstate":
        return log(`  bounded ${push.size} ${push.count} ${push.blocked} ${push.closed}`)
      case "use": {
        const q = p(0)
        return this.#push(
          LwtPool.use(this.#pool, (m) => {
            log(`  lent#${id} ${m}`)
            return q.bind((v) => act(1, v + m))
          }),
        )
      }
      case "clear":
        return this.#push(zero(LwtPool.clear(this.#pool)))
      case "queue":
        return log(`  queue ${LwtPool.waitQueueLength(this.#pool)}`)
      case "hook":
        return LwtSwitch.addHook(theSwitch(), hook(1))
      case "hookexec":
        return this.#push(zero(LwtSwitch.addHookOrExec(theSwitch(), hook(1))))
      case "off":
        return this.#push(zero(LwtSwitch.turnOff(theSwitch())))
      case "check":
        return LwtSwitch.check(theSwitch())
      case "withswitch": {
        const q = p(0)
        return this.#push(
          LwtSwitch.withSwitch((w) => {
            LwtSwitch.addHook(w, hook(1))
            return q.bind((v) => act(3, v))
          }),
        )
      }
      case "maps":
        return this.#push(sum(LwtList.mapS(each, list())))
      case "mapp":
        return this.#push(sum(LwtList.mapP(each, list())))
      case "iterp":
        return this.#push(zero(LwtList.iterP((q) => forget(each(q)), list())))
      case "list":
        return this.#push(LIST_FUNCTIONS[args[3]!]!(each, list()))
      default:
        throw new Error(`bad operation: ${op} ${args.join(" ")}`)
    }
  }

  #pushTo(n: number, x: number | undefined): void {
    if (this.#pushesLeft === 0) return
    this.#pushesLeft--
    try {
      nth(this.#pushes, n)[1](x)
    } catch (error) {
      if (!(error instanceof LwtStream.Closed)) throw error
      this.#log("  closed")
    }
  }

  #push(p: P, u?: Lwt.u<number>): void {
    this.#promises.push(p)
    this.#resolvers.push(u)
  }

  #promise(n: number): P {
    return this.#promises[n % this.#promises.length]!
  }

  #wake(n: number, f: (u: Lwt.u<number>) => void): void {
    const u = this.#resolvers[n % this.#resolvers.length]
    if (u === undefined) return
    try {
      f(u)
    } catch (error) {
      if (!(error instanceof Lwt.InvalidArgument)) throw error
      this.#log("  invalid")
    }
  }

  /** The body of a callback that makes a promise. `made` is how many promises there were before it. */
  #act(made: number, kind: string, n: number, v: number): P {
    switch (kind) {
      case "ret":
        return Lwt.return(v + n)
      case "fail":
        return Lwt.failWith(`e${n}`)
      case "raise":
        throw new Lwt.Failure(`r${n}`)
      case "use":
        return this.#promises[n % made]!
      case "pause":
        return Lwt.bind(Lwt.pause(), () => {
          this.#log(`  paused ${n}`)
          return Lwt.return(v + 1)
        })
      case "lock":
        return LwtMutex.lock(nth(this.#mutexes, n)).map(() => v)
      case "take":
        return LwtMvar.take(nth(this.#mailboxes, n))
      case "await":
        return LwtCondition.wait(nth(this.#conditions, n))
      case "next":
        return LwtStream.next(nth(this.#streams, n))
      case "borrow":
        return LwtPool.use(this.#pool, (m) => {
          this.#log(`  lent ${m}`)
          return Lwt.return(v + m)
        })
      case "get":
        this.#log(`  get ${Lwt.get(this.#key) ?? "-"}`)
        return Lwt.return(v)
      default:
        this.#effect(kind, n)
        return Lwt.return(v)
    }
  }

  /** The body of a callback of `map`. */
  #sync(kind: string, n: number, v: number): number {
    if (kind === "raise") throw new Lwt.Failure(`r${n}`)
    if (!EFFECTS.has(kind)) return v + n
    this.#effect(kind, n)
    return v
  }

  #effect(kind: string, n: number): void {
    switch (kind) {
      case "wake":
        return this.#wake(n, (u) => Lwt.wakeup(u, 100 + n))
      case "later":
        return this.#wake(n, (u) => Lwt.wakeupLater(u, 200 + n))
      case "burst":
        this.#wake(n, (u) => Lwt.wakeupLater(u, 300 + n))
        this.#wake(n + 1, (u) => Lwt.wakeupLaterExn(u, new Lwt.Failure(`l${n}`)))
        return this.#wake(n + 2, (u) => Lwt.wakeup(u, 400 + n))
      case "push":
        return this.#pushTo(n, n)
      case "off":
        return Lwt.async(() => LwtSwitch.turnOff(nth(this.#switches, n)))
      case "cancel":
        return Lwt.cancel(this.#promise(n))
      case "unlock":
        return LwtMutex.unlock(nth(this.#mutexes, n))
      case "put":
        return Lwt.async(() => LwtMvar.put(nth(this.#mailboxes, n), n))
      case "signal":
        return LwtCondition.signal(nth(this.#conditions, n), n)
      case "broadcast":
        return LwtCondition.broadcast(nth(this.#conditions, n), n)
      default:
        throw new Error(`bad callback: ${kind}`)
    }
  }
}

/** A pool of two numbers. Every third takes its time, every fifth cannot be made; those that are 3 modulo 4 go stale. */
function numberPool(log: (line: string) => void): LwtPool.t<number> {
  let made = 0
  const make = (): P => {
    const n = ++made
    log(`  make ${n}`)
    if (n % 5 === 0) return Lwt.failWith(`m${n}`)
    return n % 3 === 0 ? Lwt.pause().map(() => n) : Lwt.return(n)
  }
  return LwtPool.create(2, make, {
    validate(n) {
      log(`  validate ${n}`)
      return n === 7 ? Lwt.failWith("stale") : Lwt.return(n % 4 !== 3)
    },
    check(n, ok) {
      log(`  check ${n}`)
      ok(n % 2 === 0)
    },
    dispose(n) {
      log(`  dispose ${n}`)
      return Lwt.return()
    },
  })
}

function forget(p: P): Lwt.t<void> {
  return Lwt.map(() => {}, p)
}

function zero(p: Lwt.t<void>): P {
  return Lwt.map(() => 0, p)
}

function sum(p: Lwt.t<number[]>): P {
  return Lwt.map((values) => values.reduce((a, b) => (a * 7 + b) % 10007, 1), p)
}

/** `f(ps)`, unless several are resolved, when Lwt's choice would be random. */
function firstOr(f: (ps: P[]) => P, ps: P[]): P {
  const resolved = ps.filter((p) => !Lwt.isSleeping(p))
  return resolved.length > 1 ? resolved[0]! : f(ps)
}
