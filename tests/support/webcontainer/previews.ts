// The servers of one boot, and a preview of each: an origin of its own that passes requests on to it, and gives what comes back
// the headers without which an isolated page could not show it.

import { mkdirSync, rmSync } from "node:fs"
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http"
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"

/** What is heard of servers, as the client's events. */
export interface PreviewListener {
  port(port: number, type: "open" | "close", url: string): void
  serverReady(port: number, url: string): void
  message(message: unknown): void
}

/** How previews are to be. */
export interface PreviewOptions {
  readonly coep: string
  /** Tell of errors in previewed pages. */
  readonly forwardErrors: boolean
}

interface Preview {
  readonly server: Server
  readonly url: string
  /** The port of this machine; none while nobody listens. */
  real: number | undefined
}

// Said of one connection, and not of the next (RFC 9110, 7.6.1).
const HOP_BY_HOP: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"])

const MESSAGES = "/.preview-message"

/** Runs in a previewed page, and posts its errors to the origin that it came from. */
const FORWARD = `<script>{
  const { pathname, search, hash } = location
  const tell = (message) => navigator.sendBeacon("${MESSAGES}", JSON.stringify({ pathname, search, hash, ...message }))
  addEventListener("error", ({ message, error }) => tell({ type: "PREVIEW_UNCAUGHT_EXCEPTION", message, stack: error?.stack }))
  addEventListener("unhandledrejection", ({ reason }) =>
    tell({ type: "PREVIEW_UNHANDLED_REJECTION", message: String(reason?.message ?? reason), stack: reason?.stack }))
  const { error } = console
  console.error = (...args) => {
    tell({ type: "PREVIEW_CONSOLE_ERROR", args: args.map(String), stack: new Error().stack })
    error(...args)
  }
}</script>`

/** Listens to the network.mjs of a boot's processes. `folder` is where they look for it. */
export class Previews {
  readonly #folder: string
  readonly #options: PreviewOptions
  readonly #listener: PreviewListener
  readonly #previews = new Map<number, Promise<Preview>>()
  readonly #reporters = new Set<Socket>()
  readonly #reports: NetServer
  #script = ""
  #closed = false
  /** Origins of all previews so far. */
  readonly origins: Set<string> = new Set()

  constructor(folder: string, options: PreviewOptions, listener: PreviewListener) {
    this.#folder = folder
    this.#options = options
    this.#listener = listener
    mkdirSync(folder, { recursive: true })
    this.#reports = createServer((socket) => this.#hear(socket)).listen(join(folder, "reports"))
    if (options.forwardErrors) this.#script = FORWARD
  }

  /** A script tag for every page shown from here on. */
  setScript(source: string, options?: { type?: string; defer?: boolean; async?: boolean } | null): void {
    const { type, defer = false, async = false } = options ?? {}
    const attributes = `${type === undefined ? "" : ` type="${type}"`}${defer ? " defer" : ""}${async ? " async" : ""}`
    this.#script = `${this.#options.forwardErrors ? FORWARD : ""}<script${attributes}>${source}</script>`
  }

  close(): void {
    this.#closed = true
    this.#reports.close()
    for (const socket of this.#reporters) socket.destroy()
    for (const preview of this.#previews.values()) {
      void preview.then(({ server }) => {
        server.close()
        server.closeAllConnections()
      })
    }
  }

  #hear(socket: Socket): void {
    this.#reporters.add(socket)
    const open = new Set<number>()
    let told = Promise.resolve()
    const closed = async (port: number): Promise<void> => {
      if (!open.delete(port)) return
      rmSync(join(this.#folder, String(port)), { force: true })
      const preview = await this.#previews.get(port)
      if (preview === undefined || this.#closed) return
      preview.real = undefined
      this.#listener.port(port, "close", preview.url)
    }
    const heard = async (line: string): Promise<void> => {
      const [what, name, real] = line.split(" ")
      const port = Number(name)
      if (what === "close") return closed(port)
      open.add(port)
      const preview = await this.#preview(port)
      preview.real = Number(real)
      if (this.#closed) return
      this.#listener.port(port, "open", preview.url)
      this.#listener.serverReady(port, preview.url)
    }
    const lines = createInterface({ input: socket })
    lines.on("line", (line) => {
      told = told.then(() => heard(line))
    })
    lines.on("close", () => {
      this.#reporters.delete(socket)
      told = told.then(async () => {
        for (const port of open) await closed(port)
      })
    })
    socket.on("error", () => socket.destroy())
  }

  /** A port's preview, which keeps its address when the server comes again. */
  #preview(port: number): Promise<Preview> {
    const known = this.#previews.get(port)
    if (known !== undefined) return known
    const made = new Promise<Preview>((resolve) => {
      const server = createHttpServer((asked, answer) => void this.#pass(port, asked, answer))
      server.listen(0, "127.0.0.1", () => {
        const url = `http://localhost:${(server.address() as AddressInfo).port}`
        this.origins.add(url)
        resolve({ server, url, real: undefined })
      })
    })
    this.#previews.set(port, made)
    return made
  }

  async #pass(port: number, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    this.#isolate(answer)
    const fail = (why: string): void => {
      if (answer.headersSent) return void answer.destroy()
      answer.writeHead(502, { "content-type": "text/html; charset=utf-8" })
      answer.end(`<!doctype html><title>502</title><h1>Port ${port} does not answer</h1><p>${why}</p>`)
    }
    if (asked.url === MESSAGES) return this.#message(port, asked, answer)
    const { real } = (await this.#previews.get(port))!
    if (real === undefined) return fail("No server listens there now.")
    const headers = { ...asked.headers, host: `localhost:${port}` }
    // A page that is given a script has to be read.
    if (this.#script !== "") delete headers["accept-encoding"]
    const passed = request({ host: "127.0.0.1", port: real, method: asked.method, path: asked.url, headers }, (got) => {
      for (const [name, value] of Object.entries(got.headers)) {
        if (value !== undefined && !HOP_BY_HOP.has(name)) answer.setHeader(name, value)
      }
      this.#isolate(answer)
      const isPage = (got.headers["content-type"] ?? "").startsWith("text/html")
      if (this.#script !== "" && isPage) {
        answer.removeHeader("content-length")
        answer.writeHead(got.statusCode ?? 502, got.statusMessage)
        text(got).then(
          (page) => answer.end(this.#withScript(page)),
          () => answer.destroy(),
        )
        return
      }
      answer.writeHead(got.statusCode ?? 502, got.statusMessage)
      got.pipe(answer)
      got.on("error", () => answer.destroy())
    })
    passed.on("error", (e) => fail(e.message))
    asked.pipe(passed)
  }

  #isolate(answer: ServerResponse): void {
    answer.setHeader("cross-origin-resource-policy", "cross-origin")
    answer.setHeader("cross-origin-embedder-policy", this.#options.coep)
  }

  /** A page with the script before its own ones, and after what makes it a page of today. */
  #withScript(page: string): string {
    const start = /^\s*<!doctype[^>]*>(?:\s*<html[^>]*>)?(?:\s*<head[^>]*>)?/i.exec(page)?.[0] ?? ""
    return start + this.#script + page.slice(start.length)
  }

  #message(port: number, asked: IncomingMessage, answer: ServerResponse): void {
    void text(asked).then((message) => {
      this.#listener.message({ previewId: String(port), port, ...(JSON.parse(message) as object) })
      answer.writeHead(204).end()
    })
  }
}
