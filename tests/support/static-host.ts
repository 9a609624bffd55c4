// The plainest web server: files of a folder under some path, and no header but the type, unless a test asks for more. What a
// site owner might have.

import { createServer } from "node:http"
import { readFile } from "node:fs/promises"
import { extname, join, normalize } from "node:path"
import type { AddressInfo } from "node:net"

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
  ".json": "application/json",
  ".wasm": "application/wasm",
}

/** A running host. */
export interface StaticHost {
  /** The address of the folder, with a `/` at its end. */
  readonly url: string
  /** Every path that was asked for and is not there. */
  readonly missing: readonly string[]
  close(): Promise<void>
}

/** What a host does besides. */
export interface HostOptions {
  /** Headers of every answer. */
  readonly headers?: () => Readonly<Record<string, string>>
  /** Files that are not in the folder, or other than there: name -> text, asked at each request. */
  readonly replace?: (file: string, read: () => Promise<string>) => string | Promise<string> | undefined
}

/** What makes a page cross-origin isolated. */
export function isolated(coep: "require-corp" | "credentialless" = "require-corp"): Readonly<Record<string, string>> {
  return { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": coep }
}

/** Serve `folder` under `path` (`/`, `/some/where/`) on a free port of this machine. */
export async function staticHost(
  folder: string,
  path = "/",
  { headers = () => ({}), replace = () => undefined }: HostOptions = {},
): Promise<StaticHost> {
  const missing: string[] = []
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname)
    const name = asked.startsWith(path) ? normalize(asked.slice(path.length)) || "index.html" : undefined
    const file = name === "." ? "index.html" : name
    const read = async (): Promise<string | Buffer> => {
      if (file === undefined || file.startsWith("..")) throw new Error("outside")
      return replace(file, () => readFile(join(folder, file), "utf8")) ?? readFile(join(folder, file))
    }
    for (const [header, value] of Object.entries(headers())) response.setHeader(header, value)
    read().then(
      (body) => {
        response.setHeader("content-type", TYPES[extname(file as string)] ?? "application/octet-stream")
        response.end(body)
      },
      () => {
        missing.push(asked)
        response.statusCode = 404
        response.end("not found")
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    missing,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
