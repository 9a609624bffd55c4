import { expect, it } from "vitest"
import { dockHeight, greatest, heightByKey, LEAST } from "../../../src/ui/dock/dock-height.ts"

it("gives the panel what the reader likes, as far as the window has it", () => {
  expect(dockHeight(300, 720)).toBe(300)
  expect(dockHeight(9000, 720)).toBe(560)
  expect(dockHeight(1, 720)).toBe(LEAST)
  expect(dockHeight(undefined, 1000)).toBe(380)
  expect(dockHeight(undefined, 200)).toBe(LEAST)
})

it("goes by the arrows, and to the ends by Home and End", () => {
  expect(heightByKey("ArrowUp", 300, 720)).toBe(324)
  expect(heightByKey("ArrowDown", 300, 720)).toBe(276)
  expect(heightByKey("ArrowDown", LEAST, 720)).toBe(LEAST)
  expect(heightByKey("Home", 300, 720)).toBe(LEAST)
  expect(heightByKey("End", 300, 720)).toBe(greatest(720))
  expect(heightByKey("Enter", 300, 720)).toBeUndefined()
})
