// What a page does with its container beside running cells in it: it is started when the page is idle, and its shell and its
// servers are in the panel.

import type { Container } from "../sandbox/webcontainer/container.ts"
import type { MirageDock } from "./dock/mirage-dock.ts"
import { container as inside, kept, pageRuntime } from "./page.ts"
import { toast } from "./toast.ts"

let panel: MirageDock | undefined

/** Whether this window shows what is done in the presenter's: it runs nothing of its own accord. */
function isMirrored(): boolean {
  return document.documentElement.hasAttribute("data-mirrored")
}

/** Start the container, if the page is to have one by now; and fetch the menu, while there is a network. */
export function startWhenIdle(): void {
  if (!isMirrored()) pageRuntime.start()
  import("./runtime/runtime-menu.ts").catch(() => {})
}

/** Hear, now and whenever it changes, whether a shell can be opened. */
export function onShell(heard: (there: boolean) => void): void {
  const tell = (): void => heard(pageRuntime.host.state.tag === "up" && !isMirrored())
  pageRuntime.subscribe(tell)
  document.addEventListener("mirage-mirrored", tell)
  tell()
}

/** Open a shell in the folder of `project`, in the container that is up. */
export async function openShell(project: string): Promise<void> {
  const { state } = pageRuntime.host
  if (isMirrored()) return toast("This window follows the presenter's: open the shell there.")
  if (state.tag !== "up") return toast("There is no WebContainer to open a shell in.")
  try {
    const there = await panelFor(state.container)
    await there.shell(project)
  } catch (e) {
    toast(`The panel could not be fetched (${e instanceof Error ? e.message : String(e)}). Check the connection.`)
  }
}

async function panelFor(container: Container): Promise<MirageDock> {
  const { dockHere } = await import("./dock/mirage-dock.ts")
  panel = dockHere({ kept, mount: (project) => inside().mount(project) })
  panel.follow(container)
  return panel
}

// The first server that appears opens the panel, whoever has started it.
pageRuntime.host.onState((state) => {
  if (state.tag !== "up") return
  const { container } = state
  panel?.follow(container)
  const stop = container.onServers((servers) => {
    if (servers.length === 0 || isMirrored()) return
    void panelFor(container).catch(() => {})
    queueMicrotask(() => stop())
  })
})

// What is done in the panel is not told to other windows: one that shows what another does has none.
document.addEventListener("mirage-mirrored", () => {
  if (isMirrored()) panel?.close()
  else pageRuntime.start()
})
