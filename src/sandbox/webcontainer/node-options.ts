// What Node is told in a container's shell, so that it runs the project's files as they are: with their types.

import type { Container } from "./container.ts"
import type { ContainerTime } from "./live-container.ts"

/** How long a Node may take that starts with the hook and does nothing. */
const TRIAL_MS = 5000

/**
 * The environment of a shell. A Node that cannot run TypeScript gets the package's hook, if it starts with it: a shell in
 * which `node` does nothing else would be worse. The package must have been written.
 */
export async function shellEnvironment(container: Container, time: ContainerTime): Promise<Record<string, string>> {
  if (container.node.runsTypeScript) return {}
  const env = { NODE_OPTIONS: `--import=file://${encodeURI(container.workdir)}/node_modules/mirage/register.mjs` }
  const trial = await container.spawn("node", ["-e", "0"], { env })
  let timer: unknown
  const late = new Promise<undefined>((resolve) => {
    timer = time.setTimeout(() => resolve(undefined), TRIAL_MS)
  })
  const code = await Promise.race([trial.exit, late])
  time.clearTimeout(timer as never)
  if (code === undefined) trial.kill()
  return code === 0 ? env : {}
}
