import { describe, expect, it } from "vitest"
import { DEFAULT_SETTINGS, type WebContainerSettings } from "../../../src/site/settings.ts"
import { choicesOf, overruled, remedyOf, stateLine } from "../../../src/ui/runtime/menu-words.ts"
import { type Askers, wishOf } from "../../../src/ui/runtime/wish.ts"
import { absent, givenUp, PaperContainer } from "./paper-host.ts"

const wish = (askers: Partial<Askers> = {}) => wishOf({ query: "", ...askers })
const settings = (more: Partial<WebContainerSettings> = {}) => ({ ...DEFAULT_SETTINGS.webcontainer, ...more })
const choices = (more: Partial<WebContainerSettings>, askers: Partial<Askers> = {}, asking = false, isolated = true) =>
  choicesOf({ settings: settings(more), wish: wish(askers), asking, isolated })

describe("the menu offers", () => {
  it("three choices, and says where a WebContainer comes from", () => {
    const offered = choices({ origin: "https://containers.example" })
    expect(offered.map(([name]) => name)).toEqual(["auto", "worker", "webcontainer"])
    expect(offered[2]?.[2]).toContain("fetched from containers.example")
  })

  it("the author's wish first", () => {
    expect(choices({}, { cell: "webcontainer" })[0]?.[0]).toBe("webcontainer")
    expect(choices({}, { cell: "webcontainer" }, true).map(([name]) => name)).toEqual(["webcontainer", "worker"])
  })

  it("nothing where the owner has decided", () => {
    expect(choices({ use: "off" })).toEqual([])
  })

  it("to load the page again only where that isolates it", () => {
    const more = (isolation: WebContainerSettings["isolation"], isolated: boolean) =>
      choices({ isolation }, {}, false, isolated)[2]?.[2]
    expect(more("service-worker", false)).toContain("loaded again")
    expect(more("service-worker", true)).not.toContain("loaded again")
    expect(more("headers", false)).not.toContain("loaded again")
  })
})

describe("the menu says", () => {
  it("whose word counts more than the reader's", () => {
    expect(overruled(wish({ query: "?runtime=worker" }))).toContain("?runtime=worker")
    expect(overruled(wish({ cell: "webcontainer", reader: "worker" }))).toContain("author asks for a WebContainer")
    expect(overruled(wish({ cell: "auto" }))).toBeUndefined()
    expect(overruled(wish({ reader: "worker" }))).toBeUndefined()
  })

  it("how the container is", () => {
    expect(stateLine({ tag: "up", container: new PaperContainer() })).toBe("A WebContainer is up, with Node 22.1.0.")
    expect(stateLine({ tag: "booting", attempt: 1 })).toBe("A WebContainer is being started.")
    expect(stateLine({ tag: "booting", attempt: 2 })).toContain("attempt 2")
    const why = { cause: "offline", message: "There is no network." } as const
    expect(stateLine({ tag: "waiting", why, retryInMs: 8000 })).toBe(
      "There is no network. The next attempt comes in 8 seconds.",
    )
  })
})

describe("what can be done", () => {
  it.each([
    [{ tag: "up", container: new PaperContainer() } as const, true, "shell"],
    [{ tag: "booting", attempt: 1 } as const, true, undefined],
    [givenUp("no-answer", "No."), true, "again"],
    [absent("not-isolated", "No."), true, "again"],
    [absent("not-isolated", "No."), false, undefined],
    [absent("insecure", "No."), true, undefined],
    [absent("not-chosen", "No."), false, undefined],
  ])("%#", (state, wanted, remedy) => {
    expect(remedyOf(state, wanted)).toBe(remedy)
  })
})
