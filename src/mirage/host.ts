// The door "mirage/host", for whoever runs a program: the guest of a sandbox, or a test. Cells do not import it.

import * as Checks from "./check/checks.ts"
import { forget } from "./functoria/register.ts"
import type { Host } from "./os/host.ts"
import * as OS from "./os/os.ts"
import { World, type WorldOptions } from "./sim/world.ts"

export type { Load } from "./functoria/boot.ts"
export { ConfigError, type Location } from "./functoria/location.ts"
export type { Registration } from "./functoria/register.ts"
export type { Engine } from "./os/engine.ts"
export type { Host } from "./os/host.ts"
export { show } from "./os/show.ts"
export type { ThreadEvent } from "./os/threads.ts"
export type { Fetched, FrameRow, Serving } from "./sim/observation.ts"
export type { Checked, Failure } from "./check/checks.ts"
export type { World, WorldOptions }

/** The checks that the program has registered, for whoever runs them: `count`, `heard`, `run`. */
export { Checks }

/** Start a machine for one program, with nothing registered yet. It is what `OS` means in the program. */
export function start(host: Host, options: WorldOptions = {}): World {
  forget()
  Checks.forget()
  return new World(OS.install(host), options)
}
