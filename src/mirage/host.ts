// The door "mirage/host", for whoever runs a program: the guest of a sandbox, or a test. Cells do not import it.

import * as Checks from "./check/checks.ts"
import { forget } from "./functoria/register.ts"
import type { Engine } from "./os/engine.ts"
import type { Host } from "./os/host.ts"
import * as OS from "./os/os.ts"
import { World, type WorldOptions } from "./sim/world.ts"

export { fileOf, type Image, link, type Load, run } from "./functoria/boot.ts"
export { type Graph, type GraphNode, graphOf, labelOf } from "./functoria/graph.ts"
export type { Environment } from "./functoria/key.ts"
export { ConfigError, type Location } from "./functoria/location.ts"
export { type Registration, registration } from "./functoria/register.ts"
export type { Files, Linking, Target } from "./functoria/target.ts"
export { awaitable } from "./lwt/promise.ts"
export type { Host } from "./os/host.ts"
export { show } from "./os/show.ts"
export type { ThreadEvent } from "./os/threads.ts"
export type { Fetched, FrameRow, Serving } from "./sim/observation.ts"
export type { Checked, Failure } from "./check/checks.ts"
export type { Engine, World, WorldOptions }

/** The checks that the program has registered, for whoever runs them: `count`, `heard`, `run`. */
export { Checks }

/** Start a machine for one program, with nothing registered yet, in a world of its own. See {@link machine}. */
export function start(host: Host, options: WorldOptions = {}): World {
  return new World(machine(host), options)
}

/** Start a machine for one program, with nothing registered yet. It is what `OS` means in the program. */
export function machine(host: Host): Engine {
  forget()
  Checks.forget()
  return OS.install(host)
}
