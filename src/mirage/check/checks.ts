// The checks of an exercise. A file of checks registers them as it is evaluated; whoever runs the program then has them
// run, one after the other, in simulated time, and hears how each of them ended.
//
// All that a check looks at is simulated: the clock, and what the program prints with the moment at which it does so. A
// check of a program that sleeps for minutes takes a millisecond, and it comes out the same each time.

import * as LwtDirect from "../lwt/direct.ts"
import * as Lwt from "../lwt/lwt.ts"
import * as OS from "../os/os.ts"

/** A line that the program printed, and the simulated seconds from the beginning of the check until then. */
export interface Printed {
  readonly at: number
  readonly text: string
}

/** What a check does: something at once, a promise, or a thread in direct style (`function* () { yield* p }`). */
export type Body = () => Generator<Lwt.t<unknown>, unknown, unknown> | Lwt.t<unknown> | void

/** How a check ended: it passed if there is no failure. */
export interface Checked {
  readonly name: string
  readonly failure?: Failure
}

/** Why a check failed. */
export type Failure =
  /** An assertion does not hold; `compared` if it is about two values. */
  | {
      readonly tag: "assertion"
      readonly message: string
      readonly compared?: { readonly expected: unknown; readonly got: unknown }
    }
  /** Something was thrown that no assertion threw. */
  | { readonly tag: "thrown"; readonly thrown: unknown }

/** An assertion that does not hold. */
export class CheckFailed extends Error {
  override readonly name: string = "CheckFailed"
  readonly compared: { readonly expected: unknown; readonly got: unknown } | undefined
  constructor(message: string, compared?: { readonly expected: unknown; readonly got: unknown }) {
    super(message)
    this.compared = compared
  }
}

/** A check that has not ended after so many simulated seconds is not going to. */
const LIMIT_S = 1000
/** So many lines are kept. A program that prints more is in a loop. */
const MAX_LINES = 10_000

interface Check {
  readonly name: string
  readonly body: Body
}

let registered: Check[] = []
let lines: Printed[] = []
/** Printed, and without a newline so far. */
let unfinished = ""
/** The simulated milliseconds at which the check began that is going on, or the program. */
let began = 0

/** Forget everything: another program begins. */
export function forget(): void {
  registered = []
  begin(0)
}

function begin(now: number): void {
  lines = []
  unfinished = ""
  began = now
}

/** See {@link module:mirage/check}. */
export function register(name: string, body: Body): void {
  registered.push({ name, body })
}

/** How many checks there are. */
export function count(): number {
  return registered.length
}

/** The program has printed `text`. */
export function heard(text: string): void {
  const parts = (unfinished + text).split("\n")
  unfinished = parts.pop() ?? ""
  for (const part of parts) if (lines.length < MAX_LINES) lines.push({ at: elapsed(), text: part })
}

/** What was printed since the check began, or, before the first check, since the program did. */
export function printed(): readonly Printed[] {
  return unfinished === "" ? [...lines] : [...lines, { at: elapsed(), text: unfinished }]
}

/** Simulated seconds since then. */
export function elapsed(): number {
  return (OS.Clock.now() - began) / 1000
}

/** Run all checks in their order, and tell of each as soon as it has ended. Never rejects. */
export async function run(tell: (checked: Checked) => void): Promise<void> {
  for (const { name, body } of registered) {
    const failure = await failureOf(body)
    tell(failure === undefined ? { name } : { name, failure })
  }
}

async function failureOf(body: Body): Promise<Failure | undefined> {
  begin(OS.Clock.now())
  try {
    await OS.run(Lwt.pick([limit(), Lwt.apply(start, body)]))
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof CheckFailed)) return { tag: "thrown", thrown }
    const { message, compared } = thrown
    return { tag: "assertion", message, ...(compared === undefined ? {} : { compared }) }
  }
}

function start(body: Body): Lwt.t<unknown> {
  const made = body()
  if (made === undefined) return Lwt.return(undefined)
  return "bind" in made ? made : LwtDirect.spawn(() => made)
}

function limit(): Lwt.t<never> {
  const message = `It has not ended after ${LIMIT_S} simulated seconds: it goes round for ever, or waits for something that never comes.`
  return OS.Time.sleep(LIMIT_S).bind(() => Lwt.fail(new CheckFailed(message)))
}
