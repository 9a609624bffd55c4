// The door "mirage/check": what the checks of an exercise are written with. A check file imports the reader's file beside
// it, and stands in the Markdown as ```ts check of=heads-tails.ts:
//
//     import { check, elapsed, equal, printed } from "mirage/check"
//     import { toss } from "./heads-tails.ts"
//
//     check("takes two seconds", function* () {
//       yield* toss()
//       equal(elapsed(), 2)
//     })
//
// The reader's program has run by then. Its checks follow, each with a clock of its own that begins at 0.

import {
  type Body,
  CheckFailed,
  elapsed as secondsSince,
  type Printed,
  printed as linesSince,
  register,
} from "./check/checks.ts"
import { equals } from "./check/equal.ts"

export type { Body, Printed }

// What was printed before the first check, that is, by the program itself, can be had with `printed()` at the top level.

/**
 * A check, and what it is called: a sentence of which the program is the subject, "prints Finished last". `body` runs when
 * the program has run. It fails if it throws, is rejected, or has not ended after 1,000 simulated seconds.
 */
export function check(name: string, body: Body): void {
  register(name, body)
}

/** Both look the same. `what` says what `got` is: "the result". @throws CheckFailed */
export function equal(got: unknown, expected: unknown, what: string = "The result"): void {
  if (!equals(got, expected)) throw new CheckFailed(`${what} is not what was expected.`, { expected, got })
}

/** The condition holds; `message` is a sentence that says what is wrong if it does not. @throws CheckFailed */
export function holds(condition: boolean, message: string): asserts condition {
  if (!condition) throw new CheckFailed(message)
}

/** Simulated seconds since the check began. */
export function elapsed(): number {
  return secondsSince()
}

/** Lines printed since the check began; at the top level of the file, since the program began. */
export function printed(): readonly Printed[] {
  return linesSince()
}
