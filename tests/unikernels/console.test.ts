import { expect, it } from "vitest"
import { bootSample, tagged } from "./boot.ts"

it("says hello five times, a second apart, and then world, in colours", async () => {
  const { world, ended, printed, frames } = await bootSample("console")
  await ended
  expect(tagged(printed())).toBe(`${"<red>hello</>\n".repeat(5)}<green>world</>\n`)
  expect(world.engine.now()).toBe(5000)
  expect(frames).toEqual([])
})
