import { expect, it } from "vitest"
import { shellEnvironments } from "../../../src/sandbox/webcontainer/node-options.ts"
import { PaperContainer } from "../../ui/runtime/paper-host.ts"

const HOOK = { NODE_OPTIONS: "--import=file:///home/mirage/node_modules/mirage/register.mjs" }

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A container, and how to have a shell's environment in it after a trial that ends as `plays` says. */
function page(runsTypeScript: boolean) {
  const container = new PaperContainer({ version: "v20.19.1", runsTypeScript })
  let late = (): void => {}
  const environmentOf = shellEnvironments({
    now: () => 0,
    setTimeout(f: () => void) {
      late = f
    },
    clearTimeout() {},
  })
  async function environment(plays: (late: () => void) => void = () => {}) {
    const env = environmentOf(container)
    await turn()
    plays(late)
    return env
  }
  return { environment, tried: container.processes }
}

it("is the usual one where Node knows types, and nothing is tried", async () => {
  const { environment, tried } = page(true)
  expect(await environment()).toEqual({})
  expect(tried).toEqual([])
})

it("brings the package's hook to a Node that does not, once it has started with it", async () => {
  const { environment, tried } = page(false)
  expect(await environment(() => tried[0]!.end(0))).toEqual(HOOK)
  expect(tried.map(({ command, args, options }) => [command, args, options.env])).toEqual([["node", ["-e", "0"], HOOK]])
})

it("leaves a Node alone that does not start with it, or not in time", async () => {
  const broken = page(false)
  expect(await broken.environment(() => broken.tried[0]!.end(1))).toEqual({})
  const slow = page(false)
  expect(await slow.environment((late) => late())).toEqual({})
  expect(slow.tried[0]!.killed).toBe(true)
})

it("is tried once, unless Node has not answered", async () => {
  const { environment, tried } = page(false)
  await environment((late) => late())
  const two = [environment(), environment(() => tried[1]!.end(0))]
  expect(await Promise.all(two)).toEqual([HOOK, HOOK])
  expect(await environment()).toEqual(HOOK)
  expect(tried.length).toBe(2)
})
