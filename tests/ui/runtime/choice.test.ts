import { describe, expect, it } from "vitest"
import { decide } from "../../../src/ui/runtime/choice.ts"
import { type Askers, wishOf } from "../../../src/ui/runtime/wish.ts"
import { absent, givenUp, PaperContainer } from "./paper-host.ts"

const wish = (askers: Partial<Askers>) => wishOf({ query: "", ...askers })
const up = { tag: "up", container: new PaperContainer() } as const
const booting = { tag: "booting", attempt: 1 } as const
const notChosen = absent("not-chosen", "No WebContainer has been chosen.")

describe("a run", () => {
  it("goes to the WebContainer when it is up, and to the page at once when it is not", () => {
    expect(decide(wish({}), up)).toMatchObject({ tag: "webcontainer", choice: { badge: "WebContainer" } })
    expect(decide(wish({}), up).choice.why).toContain("Node 22.1.0")
    for (const state of [booting, notChosen, givenUp("offline", "There is no network.")])
      expect(decide(wish({}), state).tag).toBe("embedded")
  })

  it("stays in the page where that is wished for, whatever there is, and says by whom", () => {
    const why = (askers: Partial<Askers>) => decide(wish(askers), up).choice.why
    expect(why({ query: "?runtime=worker" })).toMatch(/^The page's address says \?runtime=worker\./)
    expect(why({ cell: "worker" })).toMatch(/^The author of this program/)
    expect(why({ reader: "worker" })).toMatch(/^You have chosen/)
    expect(why({ page: "worker" })).toMatch(/^The page asks/)
  })

  it("waits only where the WebContainer is wished for and is on its way", () => {
    expect(decide(wish({ reader: "webcontainer" }), booting).tag).toBe("wait")
    expect(decide(wish({ query: "?runtime=webcontainer" }), booting).tag).toBe("wait")
    expect(decide(wish({ cell: "webcontainer" }), booting).tag).toBe("wait")
    const waiting = {
      tag: "waiting",
      why: { cause: "offline", message: "There is no network." },
      retryInMs: 4100,
    } as const
    expect(decide(wish({ reader: "webcontainer" }), waiting).tag).toBe("embedded")
  })

  it("asks when the author wishes for one and the reader has never said", () => {
    expect(decide(wish({ cell: "webcontainer" }), notChosen).tag).toBe("ask")
    expect(decide(wish({ cell: "webcontainer", reader: "auto" }), notChosen).tag).toBe("embedded")
    expect(decide(wish({ cell: "webcontainer", reader: "worker" }), notChosen).tag).toBe("embedded")
    expect(decide(wish({ cell: "webcontainer" }), absent("off", "Without.")).tag).toBe("embedded")
  })
})

describe("the badge says why it is not the WebContainer", () => {
  it.each([
    [
      absent("embedded", "This page is inside another one."),
      /^This page is inside another one\. Programs run in this page/,
    ],
    [booting, /being started/],
    [
      { tag: "waiting", why: { cause: "no-answer", message: "It did not answer." }, retryInMs: 4100 } as const,
      /^It did not answer\. The next attempt comes in 4 seconds\./,
    ],
    [givenUp("refused", "The key was refused."), /^The key was refused\. It will be tried again when you ask/],
  ])("%o", (state, why) => {
    const { choice } = decide(wish({ reader: "webcontainer" }), state.tag === "booting" ? notChosen : state)
    expect(choice.badge).toBe("embedded")
    expect(state.tag === "booting" ? decide(wish({}), booting).choice.why : choice.why).toMatch(why)
  })

  it("and of a name that there is none of", () => {
    expect(decide(wish({ query: "?runtime=docker" }), notChosen).choice.why).toMatch(
      /^There is no runtime named "docker": there are auto, worker and webcontainer\. No WebContainer/,
    )
  })
})
