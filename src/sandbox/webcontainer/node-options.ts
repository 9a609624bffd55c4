// What Node is told in a container's shell, so that it runs the project's files as they are: with their types.

import type { Container } from "./container.ts"
import type { ContainerTime } from "./live-container.ts"

/** How long a Node may take that starts with the hook and does nothing. */
const TRIAL_MS = 5000

/** Variables of the environment. */
type Environment = Readonly<Record<string, string>>

/**
 * What gives the environment of a shell. A Node that cannot run TypeScript gets the package's hook, if it starts with it: a
 * shell in which `node` does nothing else would be worse. That is tried once for each container; the package must have been
 * written into it.
 */
export function shellEnvironments(time: ContainerTime): (container: Container) => Promise<Environment> {
  const trials = new WeakMap<Container, Promise<number | undefined>>()
  return async (container) => {
    if (container.node.runsTypeScript) return {}
    const env = { NODE_OPTIONS: `--import=file://${encodeURI(container.workdir)}/node_modules/mirage/register.mjs` }
    let trial = trials.get(container)
    if (trial === undefined) {
      trial = tryNode(container, env, time)
      trials.set(container, trial)
      // What has not answered is asked again.
      const forget = (): void => void trials.delete(container)
      trial.then((code) => code ?? forget(), forget)
    }
    return (await trial) === 0 ? env : {}
  }
}

/** The exit code of a Node that starts with `env` and does nothing; `undefined` if that takes too long. */
async function tryNode(container: Container, env: Environment, time: ContainerTime): Promise<number | undefined> {
  const trial = await container.spawn("node", ["-e", "0"], { env })
  let timer: unknown
  const late = new Promise<undefined>((resolve) => {
    timer = time.setTimeout(() => resolve(undefined), TRIAL_MS)
  })
  const code = await Promise.race([trial.exit, late])
  time.clearTimeout(timer as never)
  if (code === undefined) trial.kill()
  return code
}
