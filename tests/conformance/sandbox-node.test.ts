// The guest in a Node process.

import { nodeSandbox } from "../../src/sandbox/node.ts"
import { buildNodeGuest } from "./guests.ts"
import { sandboxSuite } from "./sandbox-suite.ts"
import { SMALL_LIBRARY } from "./small-library.ts"

sandboxSuite("node", async () => {
  const guest = await buildNodeGuest()
  return nodeSandbox({ load: async () => ({ guest, library: SMALL_LIBRARY }) })
})
