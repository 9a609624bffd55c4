// The sandbox that is Node in a WebContainer: a process for each run, started in the project's folder.
//
// What a run executes is what the other guests execute: the program's modules, linked, with a report after each binding of
// the entry. They lie in a folder `.mirage` of the project, so that Node resolves from there what it would resolve from
// the files themselves; those lie beside it as the reader wrote them, for a shell, and for what a program reads. Types have
// been stripped by the toolchain already, so that it does not matter whether the container's Node could do it.

import { sandboxOf } from "../runs.ts"
import type { Sandbox } from "../sandbox.ts"
import type { ContainerTime } from "./live-container.ts"
import type { ProjectFiles } from "./project-files.ts"
import { streamGuest } from "./stream-guest.ts"

/** What a sandbox is made of. */
export interface WebContainerSandboxOptions {
  readonly files: ProjectFiles
  readonly time: ContainerTime
}

/** Processes of this page, whichever sandbox started them: each links its modules in a folder of its own. */
let count = 0

/** A sandbox whose guests are processes of the page's container. A run that finds no container has failed to start. */
export function webContainerSandbox({ files, time }: WebContainerSandboxOptions): Sandbox {
  return sandboxOf({
    kind: "webcontainer",
    async spawn() {
      const container = await files.sync()
      const folder = `.mirage/run-${++count}`
      const process = await container.spawn("node", ["../node_modules/mirage/guest.mjs", folder], { cwd: files.folder })
      void process.exit.then(() => container.remove(`${files.folder}/${folder}`)).catch(() => {})
      const guest = await streamGuest(process, {
        time,
        // The guest may have waited for long.
        beforeRun: async () => void (await files.sync()),
        force: () => container.teardown("a process in it could not be ended."),
      })
      return { guest, library: [] }
    },
    // The container is the page's.
    dispose: () => Promise.resolve(),
  })
}
