import { expect, it } from "vitest"
import { shellEnvironment } from "../../../src/sandbox/webcontainer/node-options.ts"
import { PaperContainer } from "../../ui/runtime/paper-host.ts"

const HOOK = { NODE_OPTIONS: "--import=file:///home/mirage/node_modules/mirage/register.mjs" }

/** A shell's environment in a container whose trial ends as `plays` says; and what was tried. */
async function environment(runsTypeScript: boolean, plays: (container: PaperContainer, late: () => void) => void) {
  const container = new PaperContainer({ version: "v20.19.1", runsTypeScript })
  let late = (): void => {}
  const time = {
    now: () => 0,
    setTimeout(f: () => void) {
      late = f
    },
    clearTimeout() {},
  }
  const env = shellEnvironment(container, time)
  await new Promise<void>((resolve) => setImmediate(resolve))
  plays(container, late)
  return { env: await env, tried: container.processes }
}

it("is the usual one where Node knows types, and nothing is tried", async () => {
  expect(await environment(true, () => {})).toEqual({ env: {}, tried: [] })
})

it("brings the package's hook to a Node that does not, once it has started with it", async () => {
  const { env, tried } = await environment(false, ({ processes }) => processes[0]!.end(0))
  expect(env).toEqual(HOOK)
  expect(tried.map(({ command, args, options }) => [command, args, options.env])).toEqual([["node", ["-e", "0"], HOOK]])
})

it("leaves a Node alone that does not start with it, or not in time", async () => {
  expect((await environment(false, ({ processes }) => processes[0]!.end(1))).env).toEqual({})
  const { env, tried } = await environment(false, (_, late) => late())
  expect(env).toEqual({})
  expect(tried[0]!.killed).toBe(true)
})
