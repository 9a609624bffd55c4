// The page's sandbox, of which there is one: made when it is first wanted or when the page has nothing better to do,
// and shared by all cells. Which runtime a cell gets, and the words that its badge says about it.

import type { Sandbox } from "../sandbox/sandbox.ts"

/** What an attribute, the page or `?runtime=` may ask for. */
export type RuntimeName = "auto" | "worker" | "webcontainer"

/** What a cell got, and why, in words for its reader. */
export interface RuntimeChoice {
  readonly badge: string
  readonly why: string
}

const EMBEDDED =
  "Runs in this page, in a sandboxed worker without any network: it works everywhere, offline too. The unikernels are on a simulated network."

/** Turn what was asked for into what there is. */
export function runtimeFor(asked: string | null | undefined): RuntimeChoice {
  if (asked === null || asked === undefined || asked === "" || asked === "auto" || asked === "worker") {
    return { badge: "embedded", why: EMBEDDED }
  }
  if (asked === "webcontainer") {
    return {
      badge: "embedded",
      why: `WebContainers are not part of this version of the tutorial yet, so the embedded runtime is used. ${EMBEDDED}`,
    }
  }
  return {
    badge: "embedded",
    why: `There is no runtime named "${asked}": there are auto, worker and webcontainer. ${EMBEDDED}`,
  }
}

/** Which wish counts: the address's, the cell's own, the page's, in this order. */
export function askedRuntime(
  query: string,
  attribute: string | null | undefined,
  page: string | null | undefined,
): string {
  const first = [new URLSearchParams(query).get("runtime"), attribute, page].find(
    (w) => typeof w === "string" && w !== "",
  )
  return first ?? "auto"
}

/** Holds the sandbox. A failure to make it is told to whoever waits, and the next one who asks tries again. */
export class Runner {
  readonly #make: () => Promise<Sandbox>
  #made: Promise<Sandbox> | undefined

  constructor(make: () => Promise<Sandbox>) {
    this.#make = make
  }

  sandbox(): Promise<Sandbox> {
    if (this.#made === undefined) {
      const made = this.#make()
      this.#made = made
      made.catch(() => {
        if (this.#made === made) this.#made = undefined
      })
    }
    return this.#made
  }

  /** Have a guest ready. Failures are left for the run that needs it. */
  warm(): void {
    this.sandbox()
      .then((s) => s.warm())
      .catch(() => {})
  }

  async dispose(): Promise<void> {
    const made = this.#made
    this.#made = undefined
    await (await made?.catch(() => undefined))?.dispose()
  }
}
