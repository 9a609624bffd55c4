// The static website as an image of its own: the application, its configuration, and of the library OS what the two use.
// Nothing of a tutorial is in it, neither switch nor shell. count.ts bundles this file and counts.

import "../../src/unikernels/static-website/config.ts"
import { link, run } from "../../src/mirage/functoria/boot.ts"
import { graphOf } from "../../src/mirage/functoria/graph.ts"
import { registration } from "../../src/mirage/functoria/register.ts"
import type { Files, Target } from "../../src/mirage/functoria/target.ts"
import type { Host } from "../../src/mirage/os/host.ts"
import * as OS from "../../src/mirage/os/os.ts"
import { ok } from "../../src/mirage/result.ts"
import { filesIn } from "../../src/mirage/storage/crunch.ts"
import * as Unikernel from "../../src/unikernels/static-website/unikernel.ts"

/** Boot. What comes from outside is time and a console (the host), and a network card. */
export async function boot(host: Host, network: Target["network"], files: Files): Promise<void> {
  const configured = registration()
  if (configured === undefined) throw new Error("config.ts has registered nothing")
  const engine = OS.install(host)
  const image = await link(graphOf(configured), async () => ({ ...Unikernel }))
  const machine: Target = {
    time: OS.Time,
    clock: OS.Clock,
    random: OS.Random,
    print: (text) => engine.print(text),
    folder: (name) => ok(filesIn(name, files)),
    environment: {},
    network,
    listening: () => {},
  }
  await engine.attend(run(image, machine))
}
