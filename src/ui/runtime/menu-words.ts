// What the badge's menu says and offers, by what is there.

import type { ContainerState } from "../../sandbox/webcontainer/container.ts"
import type { WebContainerSettings } from "../../site/settings.ts"
import { absence } from "./choice.ts"
import type { RuntimeName, Wish } from "./wish.ts"

/** A choice: its name, its label, and what it is. */
export type MenuChoice = readonly [name: RuntimeName, label: string, more: string]

/** What the choices depend on. */
export interface MenuFacts {
  readonly settings: WebContainerSettings
  readonly wish: Wish
  /** A run waits for the reader's word. */
  readonly asking: boolean
  /** The page is isolated, as a container needs it. */
  readonly isolated: boolean
}

/** What can be chosen; the author's wish first. Nothing where there is only one runtime. */
export function choicesOf({ settings, wish, asking, isolated }: MenuFacts): readonly MenuChoice[] {
  const { use, origin, isolation } = settings
  if (use === "off") return []
  const host = new URL(origin).host
  const again = isolated || isolation === "headers" ? "" : " This page is loaded again for it; your edits are kept."
  const container: MenuChoice = [
    "webcontainer",
    "In a WebContainer",
    `Real Node in this browser, with a shell and sockets of its own. It is fetched from ${host}, another site, which then knows that you are here.${again}`,
  ]
  const here: MenuChoice = [
    "worker",
    "In this page",
    "Works everywhere, offline too; no network but the simulated one.",
  ]
  if (asking) return [container, here]
  const auto: MenuChoice = [
    "auto",
    "Automatic",
    use === "on"
      ? "In the WebContainer once it is up, and until then in this page."
      : "In a WebContainer while one is up, and otherwise in this page.",
  ]
  return wish.runtime === "webcontainer" && wish.by === "cell" ? [container, auto, here] : [auto, here, container]
}

/** When somebody else's word counts more than the reader's choice: who. */
export function overruled({ by, runtime }: Wish): string | undefined {
  if (by === "address")
    return `The address of this page says ?runtime=${runtime}, which counts more than what is chosen here.`
  if (by === "cell" && runtime !== "auto")
    return `This program's author asks for ${runtime === "worker" ? "this page" : "a WebContainer"}; the choice is for the others.`
  return undefined
}

/** What there is of a container, in a sentence or two. */
export function stateLine(state: ContainerState): string {
  switch (state.tag) {
    case "up":
      return `A WebContainer is up, with Node ${state.container.node.version.replace(/^v/, "")}.`
    case "booting":
      return state.attempt > 1
        ? `A WebContainer is being started: attempt ${state.attempt}.`
        : "A WebContainer is being started."
    default:
      return absence(state)
  }
}

/** What the reader can do about it; `wanted` says whether this page is to have a container. */
export function remedyOf(state: ContainerState, wanted: boolean): "again" | "shell" | undefined {
  switch (state.tag) {
    case "up":
      return "shell"
    case "booting":
      return undefined
    case "waiting":
    case "given-up":
      return "again"
    case "absent":
      // The rest does not change while the page is there.
      return wanted && (state.why.cause === "offline" || state.why.cause === "not-isolated") ? "again" : undefined
  }
}
