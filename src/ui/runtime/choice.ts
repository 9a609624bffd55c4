// Which runtime a run gets, from what is wished for and what is there, and the words for it. `decide` is all of the rule
// that a learner never waits for a boot unless they have chosen to.

import type { Container, ContainerState } from "../../sandbox/webcontainer/container.ts"
import type { Wish } from "./wish.ts"

/** What a run has got, or the next one would get, in words for its reader. */
export interface RunChoice {
  readonly kind: "embedded" | "webcontainer"
  /** What the badge says. */
  readonly badge: string
  /** What it is, and when it is not the WebContainer, why, and what can be done about it. */
  readonly why: string
}

/** What is to be done for a run. */
export type Decision =
  | { readonly tag: "embedded"; readonly choice: RunChoice }
  | { readonly tag: "webcontainer"; readonly choice: RunChoice; readonly container: Container }
  /** It is wished for, and is on its way. */
  | { readonly tag: "wait"; readonly choice: RunChoice }
  /** The author wishes for it, and the reader has to say first. */
  | { readonly tag: "ask"; readonly choice: RunChoice }

/** What it is to run in the page. */
const EMBEDDED =
  "Programs run in this page, in a sandboxed worker without any network: that works everywhere, offline too, and unikernels are on a simulated network."

/** Decide for one run. Says what the next run would get, too: nothing is done here. */
export function decide(wish: Wish, state: ContainerState): Decision {
  if (wish.runtime === "worker") return embedded(wish, pinned(wish))
  if (state.tag === "up")
    return { tag: "webcontainer", choice: inContainer(state.container), container: state.container }
  if (wish.runtime === "webcontainer") {
    if (state.tag === "booting") return { tag: "wait", choice: WAITING }
    if (state.tag === "absent" && state.why.cause === "not-chosen" && !wish.chosen)
      return { tag: "ask", choice: ASKING }
  }
  return embedded(wish, absence(state))
}

/** A run in this page; `why` is a sentence. */
export function embeddedChoice(why: string): RunChoice {
  return { kind: "embedded", badge: "embedded", why: `${why} ${EMBEDDED}` }
}

/** Why there is no container now, as a sentence. */
export function absence(state: Exclude<ContainerState, { tag: "up" }>): string {
  switch (state.tag) {
    case "booting":
      return "The WebContainer is being started, and nobody waits for it."
    case "waiting":
      return `${state.why.message} The next attempt comes in ${seconds(state.retryInMs)}.`
    case "given-up":
      return `${state.why.message} It will be tried again when you ask for it.`
    case "absent":
      return state.why.message
  }
}

const WAITING: RunChoice = {
  kind: "webcontainer",
  badge: "WebContainer…",
  why: "A WebContainer is being started: the run waits for it, and Stop calls it off.",
}

const ASKING: RunChoice = {
  kind: "embedded",
  badge: "embedded",
  why: "This program's author means it for a WebContainer. Run asks whether you want one.",
}

function inContainer({ node }: Container): RunChoice {
  return {
    kind: "webcontainer",
    badge: "WebContainer",
    why: `In a WebContainer: Node ${node.version.replace(/^v/, "")}, running in this browser.`,
  }
}

function embedded(wish: Wish, because: string): Decision {
  const unknown =
    wish.unknown === undefined
      ? ""
      : `There is no runtime named "${wish.unknown}": there are auto, worker and webcontainer. `
  return { tag: "embedded", choice: embeddedChoice(unknown + because) }
}

function pinned({ by }: Wish): string {
  switch (by) {
    case "address":
      return "The page's address says ?runtime=worker."
    case "cell":
      return "The author of this program wants it here."
    case "reader":
      return "You have chosen this page."
    default:
      return "The page asks for it."
  }
}

function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1000))
  return whole === 1 ? "a second" : `${whole} seconds`
}
