// The engine of a simulated machine: its clock, its timers, and the main loop that Lwt leaves to somebody else.
//
// One round of the loop: let time pass until the next timer, unless something is to be done now; call what is due, and
// resolve what `pause` has made. When the promise that we run for is resolved, stop. Time is simulated. It stands still while code runs, and moves only
// here, from one timer to the next; how long the reader waits for that is the host's affair (`Host.pace`).
//
// On Unix the waiting was done by `select`, on Xen by a hypercall that blocks the whole virtual machine. Here it is an
// `await`, the only one in the library OS.

import * as Lwt from "../lwt/lwt.ts"
import { describe } from "../lwt/show.ts"
import { trace } from "../lwt/trace.ts"
import type { Instant, RANDOM } from "../signatures/time.ts"
import { Hooks } from "./hooks.ts"
import type { Host } from "./host.ts"
import { seeded } from "./random.ts"
import { type Timer, Timers } from "./timers.ts"

export type { Timer } from "./timers.ts"

/** A program that waits for something that cannot come any more. */
export class Deadlock extends Error {
  override readonly name: string = "Deadlock"
}

/** Somebody waits for a promise, and the loop runs for them. */
interface Attendant {
  /** True for {@link Engine.run}: nothing from outside belongs to it. */
  readonly alone: boolean
  readonly reject: (error: unknown) => void
}

/**
 * So many rounds at one instant cost a millisecond. A program that polls the clock would wait for ever if its polling took
 * no time, and the host would never get a turn.
 */
const ROUNDS_PER_MS = 1024

/** Runs promises in simulated time. */
export class Engine {
  /** Random numbers: the host's own, or from its seed. */
  readonly random: RANDOM
  /** Called around each round of the loop, and when the program is over: see lwt-main.ts. */
  readonly enterIterHooks: Hooks<void> = new Hooks<void>()
  readonly leaveIterHooks: Hooks<void> = new Hooks<void>()
  readonly exitHooks: Hooks<Lwt.t<void>> = new Hooks<Lwt.t<void>>()
  readonly #host: Host
  readonly #timers = new Timers()
  #now: Instant = 0
  readonly #attendants = new Set<Attendant>()
  /** `run` is going on. */
  #running = false
  /** The loop is going on, in some `await` if we are asked. */
  #looping = false
  #holds = 0
  /** Rounds since time last passed. */
  #rounds = 0
  #poked = false
  #wake: () => void = () => {}

  constructor(host: Host) {
    this.#host = host
    this.random = host.random ?? seeded(host.seed)
  }

  /** Simulated milliseconds since the machine was made. Stands still while code runs. */
  now(): Instant {
    return this.#now
  }

  /** Show `text` to the reader as it is. */
  print(text: string): void {
    this.#host.print(text)
  }

  /**
   * Call `f` at `when`, or in the next round if that is past. Timers with the same time go in the order of their making.
   * What `f` throws goes to Lwt's async exception hook.
   */
  at(when: Instant, f: () => void): Timer {
    if (Number.isNaN(when)) throw new RangeError("Engine.at: the time is not a number")
    return this.#timers.add(Math.max(when, this.#now), f)
  }

  /** A promise that resolves `seconds` later, and never in the same round. Cancelling it removes the timer. */
  sleep(seconds: number): Lwt.t<void> {
    if (Number.isNaN(seconds)) throw new RangeError("sleep: the number of seconds is not a number")
    if (seconds === Infinity) return Lwt.task<void>()[0]
    const until = this.#now + Math.max(seconds, 0) * 1000
    const p = this.#timers.addPromise(until)
    if (trace.by !== undefined) trace.by.sleeps(p, until)
    return p
  }

  /**
   * Run until `p` is resolved, and settle as it is: the door to the host's world, OCaml's `Lwt_main.run`.
   *
   * Rejects with {@link Deadlock} if nothing is left that could resolve `p`, and with the error of an `Lwt.async` that
   * nobody handles.
   * @throws Error if another `run` is going on
   */
  run<A>(p: Lwt.t<A>): Promise<A> {
    if (this.#running) {
      throw new Error(
        "OS.run: another OS.run is going on. Is an `await` missing before it (`await OS.run(…)`)? " +
          "Inside a thread there is no need for it: use Lwt.bind, or combine the threads with Lwt.join and run that.",
      )
    }
    this.#running = true
    return this.#attendTo(p, true, () => {
      this.#running = false
    })
  }

  /** As {@link run}, for the world outside: may be used while others are being run or attended. */
  attend<A>(p: Lwt.t<A>): Promise<A> {
    return this.#attendTo(p, false, () => {})
  }

  /**
   * The program is over: run the exit hooks, one after another, and settle when the last has ended. For whoever runs
   * programs. Rejects as {@link run} does.
   */
  exit(): Promise<void> {
    const next = (): Lwt.t<void> => {
      const f = this.exitHooks.take()
      return f === undefined ? Lwt.return() : Lwt.catch(f, () => Lwt.return()).bind(next)
    }
    const p = next()
    return Lwt.isSleeping(p) ? this.#attendTo(p, true, () => {}) : Promise.resolve()
  }

  /** Something came from outside, or was changed from there: look again. */
  poke(): void {
    this.#poked = true
    this.#wake()
  }

  /**
   * Say that something from outside may still resolve promises: a machine that a person uses, a network. While it is held
   * a program that waits for ever is not a deadlock. Call what is returned to let go.
   */
  hold(): () => void {
    let held = true
    this.#holds++
    return () => {
      if (!held) return
      held = false
      this.#holds--
      this.poke()
    }
  }

  #attendTo<A>(p: Lwt.t<A>, alone: boolean, ended: () => void): Promise<A> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#attendants.delete(attendant)
        ended()
        if (this.#attendants.size === 0) this.poke()
      }
      const attendant: Attendant = {
        alone,
        reject: (error) => {
          end()
          reject(error)
        },
      }
      this.#attendants.add(attendant)
      Lwt.onAny(
        p,
        (value) => {
          end()
          resolve(value)
        },
        attendant.reject,
      )
      if (this.#looping) this.poke()
      else void this.#loop()
    })
  }

  async #loop(): Promise<void> {
    this.#looping = true
    const hook = Lwt.asyncExceptionHook.get()
    const ours: Lwt.Hook = (error) => this.#rejectAll(error)
    if (hook === Lwt.defaultHook) Lwt.asyncExceptionHook.set(ours)
    Lwt.registerArrivalNotifier(() => this.poke())
    try {
      Lwt.wakeupPaused()
      while (this.#attendants.size > 0) {
        this.enterIterHooks.call()
        if (this.#isIdle() || ++this.#rounds >= ROUNDS_PER_MS) await this.#passTime()
        this.#callDue()
        Lwt.wakeupPaused()
        this.leaveIterHooks.call()
      }
    } catch (error) {
      this.#rejectAll(error)
    } finally {
      this.#looping = false
      if (Lwt.asyncExceptionHook.get() === ours) Lwt.asyncExceptionHook.set(hook)
    }
  }

  /** True if nothing happens before time passes. */
  #isIdle(): boolean {
    return Lwt.pausedCount() === 0 && this.#timers.next > this.#now
  }

  /** Call the timers that are due, but not those that they make: paused promises go first. */
  #callDue(): void {
    const made = this.#timers.made
    for (let more = true; more; ) {
      try {
        more = this.#timers.fireFirst(this.#now, made)
      } catch (error) {
        Lwt.asyncExceptionHook.get()(error)
      }
    }
  }

  /** Let time pass until the next timer, or until something comes from outside. */
  async #passTime(): Promise<void> {
    const start = this.#now
    const next = this.#timers.next
    const until = this.#isIdle() ? next : start + 1
    if (until === Infinity && !this.#isReachable()) {
      this.#rejectAll(
        new Deadlock(
          "the program waits for ever: no timer is left, and nothing else can resolve the promise that OS.run waits for",
        ),
      )
      return
    }
    const passed = await this.#pace(until - start)
    this.#now = passed >= until - start ? until : start + passed
    this.#rounds = 0
  }

  /** True if something can still come from outside. */
  #isReachable(): boolean {
    if (this.#holds > 0 || Lwt.awaitedPromises() > 0) return true
    for (const attendant of this.#attendants) if (!attendant.alone) return true
    return false
  }

  /** Give the host `ms` of simulated time to pass; returns how much has. */
  async #pace(ms: number): Promise<number> {
    this.#poked = false
    const wake = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    const passed = await this.#host.pace(ms, wake)
    if (typeof passed === "number") return Math.max(0, passed)
    // A host that does not say how long it waited: all of it, unless it was woken.
    if (ms === Infinity) await wake
    return this.#poked ? 0 : ms
  }

  #rejectAll(error: unknown): void {
    // The loop has one more round to go when the last promise has been resolved: nobody is there then to be told.
    if (this.#attendants.size === 0) this.print(`Fatal error: exception ${describe(error)}\n`)
    for (const attendant of this.#attendants) attendant.reject(error)
  }
}
