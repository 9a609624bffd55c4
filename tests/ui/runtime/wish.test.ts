import { describe, expect, it } from "vitest"
import { wantsContainer, wishOf } from "../../../src/ui/runtime/wish.ts"

describe("the wish for a runtime", () => {
  it.each([
    [{ query: "?runtime=worker", cell: "auto", reader: "webcontainer", page: "webcontainer" }, "worker", "address"],
    [{ query: "", cell: "webcontainer", reader: "worker", page: "auto" }, "webcontainer", "cell"],
    [{ query: "?runtime=", cell: null, reader: "worker", page: "webcontainer" }, "worker", "reader"],
    [{ query: "?slide=1", cell: "", page: "webcontainer" }, "webcontainer", "page"],
    [{ query: "", cell: undefined, page: undefined }, "auto", "nobody"],
  ] as const)("of %o is %s, by the %s", (askers, runtime, by) => {
    expect(wishOf(askers)).toMatchObject({ runtime, by })
  })

  it("passes over a name that there is none of, and says so", () => {
    expect(wishOf({ query: "?runtime=docker", cell: "worker" })).toEqual({
      runtime: "worker",
      by: "cell",
      unknown: "docker",
      chosen: false,
    })
  })

  it("knows whether the reader has chosen, if somebody else's word counts", () => {
    expect(wishOf({ query: "", cell: "webcontainer", reader: "auto" })).toMatchObject({ by: "cell", chosen: true })
  })
})

describe("something from another origin", () => {
  it.each([
    ["ask", { query: "" }, false],
    ["ask", { query: "", cell: "webcontainer", page: "webcontainer" }, false],
    ["ask", { query: "", reader: "auto" }, false],
    ["ask", { query: "", reader: "webcontainer" }, true],
    ["ask", { query: "?runtime=webcontainer", reader: "worker" }, true],
    ["ask", { query: "?runtime=worker", reader: "webcontainer" }, false],
    ["on", { query: "" }, true],
    ["on", { query: "", reader: "worker" }, false],
    ["on", { query: "?runtime=worker" }, false],
    ["off", { query: "?runtime=webcontainer", reader: "webcontainer" }, false],
  ] as const)("with `%s` and %o: %s", (use, askers, wanted) => {
    expect(wantsContainer(use, askers)).toBe(wanted)
  })
})
