import { expect, it } from "vitest"
import { bootSample } from "./boot.ts"

it("says hello five times, a second apart, and then world, in colours", async () => {
  const { world, ended, printed, frames } = await bootSample("console")
  await ended
  expect(printed()).toBe(`${"\x1b[31mhello\x1b[m\n".repeat(5)}\x1b[32mworld\x1b[m\n`)
  expect(world.engine.now()).toBe(5000)
  expect(frames).toEqual([])
})
