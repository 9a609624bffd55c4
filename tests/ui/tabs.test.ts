import { expect, it } from "vitest"
import { target } from "../../src/ui/tabs.ts"

it("arrows go round, Home and End go to the ends, other keys nowhere", () => {
  expect(target("ArrowRight", 2, 3)).toBe(0)
  expect(target("ArrowLeft", 0, 3)).toBe(2)
  expect(target("Home", 2, 3)).toBe(0)
  expect(target("End", 0, 3)).toBe(2)
  expect(target(" ", 0, 3)).toBeUndefined()
  expect(target("ArrowRight", -1, 3)).toBeUndefined()
})
