// A WebContainer for tests: what the real client package talks to, without the network. It serves `/headless` from an origin of its
// own, speaks the client's Comlink, and has real processes of this machine behind `run`.
//
//   page ── Comlink ── /headless (headless.ts) ── WebSocket (wire.ts) ── instance.ts ── files, processes, previews
//
// Not imitated: the engine itself. What is known of it only by hearsay (does it echo, where does it cut its output) is a
// fault that a test sets.

import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { transform } from "sucrase"
import { WebSocketServer } from "ws"
import type { Death, Fault } from "./faults.ts"
import { type Call, Instance } from "./instance.ts"
import { decodeMessage, encodeMessage, type ToServer } from "./wire.ts"

export type { Call } from "./instance.ts"
export type { Death, Fault } from "./faults.ts"

/** A request that a page made of the double. */
export interface Asked {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly referer: string | undefined
}

/** A double that runs. */
export interface Double {
  /** Where it is: what `WEBCONTAINER_API_IFRAME_URL` is set to. */
  readonly origin: string
  /** What is wrong with it; nothing at first. */
  fault: Fault | undefined
  /** Every call of a client, of all boots, in order. */
  readonly calls: readonly Call[]
  /** Every request of a page, but for previews. */
  readonly requests: readonly Asked[]
  /** Whether an origin is its own, or that of one of its previews. */
  owns(origin: string): boolean
  /** Let every instance that there is die. */
  die(how: Death): void
  /** Kill every process that runs in it, as if memory had run out. */
  killProcesses(): void
  /** End everything, and remove all that it wrote. */
  close(): Promise<void>
}

const COMLINK = join(import.meta.dirname, "../../../node_modules/@webcontainer/api/dist/vendor/index.js")
const PAGE = `<!doctype html><meta charset="utf-8"><title>A double</title><script type="module" src="/headless.js"></script>`

/** A TypeScript file of this folder as a page runs it. */
function script(name: string): string {
  const text = readFileSync(join(import.meta.dirname, name), "utf8")
  return transform(text, { transforms: ["typescript"], disableESTransforms: true }).code
}

/** Start a double on free ports of this machine. */
export async function startDouble(): Promise<Double> {
  const files: Readonly<Record<string, string>> = {
    "/comlink.js": readFileSync(COMLINK, "utf8"),
    "/headless.js": script("headless.ts"),
    "/wire.js": script("wire.ts"),
  }
  const calls: Call[] = []
  const requests: Asked[] = []
  const instances = new Set<Instance>()
  const previews = new Set<ReadonlySet<string>>()
  let boots = 0

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://double")
    requests.push({ path: pathname, query: Object.fromEntries(searchParams), referer: request.headers.referer })
    const { fault } = double
    if (fault?.tag !== "no-coep") {
      response.setHeader("cross-origin-embedder-policy", searchParams.get("coep") ?? "require-corp")
    }
    if (fault?.tag !== "no-corp") response.setHeader("cross-origin-resource-policy", "cross-origin")
    if (pathname === "/headless" && fault?.tag !== "404") {
      response.setHeader("content-type", "text/html; charset=utf-8")
      return void response.end(PAGE)
    }
    if (pathname === "/ready") {
      if (fault?.tag === "never-answers") return
      if (fault?.tag === "slow") await fault.until
      return void response.end()
    }
    const file = files[pathname]
    response.setHeader("content-type", "text/javascript")
    response.writeHead(file === undefined ? 404 : 200).end(file)
  }

  const server = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({ server, path: "/boot" })
  sockets.on("connection", (socket, request) => {
    const instance = new Instance({
      boot: ++boots,
      coep: new URL(request.url ?? "/", "http://double").searchParams.get("coep") ?? "require-corp",
      fault: () => double.fault,
      log: (call) => calls.push(call),
      send: (message) => socket.send(encodeMessage(message)),
    })
    instances.add(instance)
    socket.on("message", (data) => {
      void instance.hear(decodeMessage(new Uint8Array(data as Buffer)) as ToServer)
    })
    // The page has gone, or has torn it down.
    socket.on("close", () => {
      previews.add(instance.origins)
      void instance.close().then(() => instances.delete(instance))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`

  const double: Double = {
    origin,
    fault: undefined,
    calls,
    requests,
    owns: (asked) =>
      asked === origin || [...previews, ...[...instances].map((one) => one.origins)].some((all) => all.has(asked)),
    die: (how) => {
      for (const instance of instances) instance.die(how)
    },
    killProcesses: () => {
      for (const instance of instances) instance.killProcesses()
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.close()
      server.closeAllConnections()
      await Promise.all([...instances].map((instance) => instance.close()))
    },
  }
  return double
}
