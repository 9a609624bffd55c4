// What the guest knows of the library OS: the door "mirage/host", by its shape alone. The guest is built without the
// library and meets it at run time, so that either can be read, and changed, without the other.

import type { Checked } from "../mirage/check/checks.ts"
import type { Host } from "../mirage/os/host.ts"
import type { Fetched, FrameRow, Serving, ThreadEvent } from "./protocol.ts"

/** The exports of "mirage/host". */
export interface HostDoor {
  start(host: Host): World
  /** The checks that the program has registered; a library without exercises has none. */
  readonly Checks?: Checks
}

/** The checks of an exercise. */
export interface Checks {
  count(): number
  /** The program has printed `text`. */
  heard(text: string): void
  /** Run them, and tell of each. */
  run(tell: (checked: Checked) => void): Promise<void>
}

/** Everything simulated, of one run. */
export interface World {
  /** What `register()` was told, if it was called. */
  registration(): unknown
  /**
   * Configure and boot what was registered. Resolves when all its jobs have ended. `load` finds the modules that
   * `foreign` names; it gives `undefined` if there is none.
   */
  boot(
    load: (moduleName: string) => Promise<Record<string, unknown> | undefined>,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<void>
  /** The program is over: run what it has left for then. A library may have nothing of the kind. */
  exit?(): Promise<void>
  onServing(f: (machine: Serving) => void): void
  onFrames(f: (rows: readonly FrameRow[]) => void): void
  /** Tell `f` what happens to promises that are made where `where` knows the place. A library may have no promises. */
  onThreads?(where: () => number | undefined, f: (event: ThreadEvent) => void): void
  onAsyncException(f: (thrown: unknown) => void): void
  shell(line: string, onText: (text: string) => void, interrupt: Promise<void>): Promise<void>
  fetch(url: string): Promise<Fetched>
}
