// The servers of a container as the panel shows them: a tab for each, which stays when its server has stopped, so that
// whoever looks at it sees why it has nothing to show.

import type { ContainerServer } from "../../sandbox/webcontainer/container.ts"

/** A tab with a server's page. */
export interface Preview {
  readonly port: number
  readonly url: string
  /** Grows with every start of the server: a frame that shows another one is to be loaded again. */
  readonly generation: number
  readonly up: boolean
}

/** What has changed. */
export interface PreviewNews {
  readonly previews: readonly Preview[]
  /** The port of a server that has not been seen before: its tab is to be opened, once. */
  readonly open?: number
  /** What a screen reader is to hear. */
  readonly said: readonly string[]
}

/** `before`, and what has become of it now that `servers` listen. */
export function previewsOf(before: readonly Preview[], servers: readonly ContainerServer[]): PreviewNews {
  const said: string[] = []
  let open: number | undefined
  const previews: Preview[] = before.map((preview) => {
    const now = servers.find((s) => s.port === preview.port)
    if (now === undefined) {
      if (preview.up) said.push(`The server on port ${preview.port} has stopped.`)
      return { ...preview, up: false }
    }
    if (!preview.up || now.generation !== preview.generation)
      said.push(`The server on port ${preview.port} is up again.`)
    return { ...now, up: true }
  })
  for (const server of servers) {
    if (before.some((p) => p.port === server.port)) continue
    previews.push({ ...server, up: true })
    said.push(`A server is up on port ${server.port}. Its page is in the panel.`)
    open ??= server.port
  }
  return { previews, said, ...(open !== undefined && { open }) }
}
