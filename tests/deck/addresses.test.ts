import { describe, expect, it } from "vitest"
import { hashOf, targetOf } from "../../src/deck/addresses.ts"

describe("an address in the deck", () => {
  it.each([
    ["#/flip-a-coin", { tag: "slide", id: "flip-a-coin" }],
    ["#/flip-a-coin/2", { tag: "slide", id: "flip-a-coin", step: 2 }],
    ["#flip-a-coin", { tag: "slide", id: "flip-a-coin" }],
    ["#/option.ts", { tag: "file", file: "option.ts" }],
    ["#/www/htdocs/index.html", { tag: "file", file: "www/htdocs/index.html" }],
    ["#/www%2Fconfig.ts", { tag: "file", file: "www/config.ts" }],
  ] as const)("%s", (hash, target) => {
    expect(targetOf(hash)).toEqual(target)
  })

  it.each(["", "#", "#/", "#/3", "#/3/1"])("%j is reveal.js's business", (hash) => {
    expect(targetOf(hash)).toBeUndefined()
  })

  it("does not throw at half an escape", () => {
    expect(targetOf("#/a%")).toEqual({ tag: "slide", id: "a%" })
  })

  it("is written as it is read", () => {
    expect(targetOf(hashOf("über", 3))).toEqual({ tag: "slide", id: "über", step: 3 })
    expect(hashOf("a", -1)).toBe("#/a")
    expect(hashOf("a", undefined)).toBe("#/a")
  })
})
