// Servers in the double of a WebContainer: events, and previews that an isolated page can show.

import type { Page } from "playwright-core"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type ClientPage, useClients } from "./double-page.ts"

declare const client: ClientPage
/** Events, as the page has heard them; and how to wait for one. */
declare const heard: unknown[][]
declare function hears(name: string, count?: number): Promise<unknown[]>

const clients = useClients()
let page: Page

beforeEach(async () => {
  page = await clients.open()
  await page.evaluate(async () => {
    const { WebContainer } = client
    const container = await WebContainer.boot({ coep: "require-corp", forwardPreviewErrors: true })
    const told: unknown[][] = []
    const waiting = new Set<() => void>()
    const tell = (...event: unknown[]): void => {
      told.push(event)
      for (const look of waiting) look()
    }
    container.on("port", (...args) => tell("port", ...args))
    container.on("server-ready", (...args) => tell("server-ready", ...args))
    container.on("preview-message", (...args) => tell("preview-message", ...args))
    const hears = (name: string, count = 1): Promise<unknown[]> =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = told.filter(([what]) => what === name)[count - 1]
          if (found !== undefined) resolve(found)
        }
        waiting.add(look)
        look()
      })
    client.container = container
    Object.assign(window, { heard: told, hears })
  })
})

afterEach(async () => {
  await page.context().close()
})

/** A server that answers with a page, in pieces, and ends or listens again when it is told to. */
const SERVER = `
const http = require("http")
const page = "<!doctype html><title>Served</title><script>parent.postMessage({ title: document.title, isolated: crossOriginIsolated, scripted: globalThis.scripted }, '*'); setTimeout(() => { throw new Error('in the preview') })</script>"
const server = http.createServer((request, response) => {
  if (request.url === "/crash") return request.socket.destroy()
  response.setHeader("content-type", request.url === "/plain" ? "text/plain" : "text/html")
  response.setHeader("x-host", request.headers.host)
  response.write(page.slice(0, 20))
  setImmediate(() => response.end(page.slice(20)))
})
server.listen(8080, () => console.log("on", server.address().port))
process.stdin.on("data", (d) => (String(d) === "close" ? server.close() : server.listen(8080)))
`

const serve = (): Promise<string> =>
  page.evaluate(async (code) => {
    const process = await client.container.spawn("node", ["-e", code])
    const writer = process.input.getWriter()
    Object.assign(window, { server: process, say: (text: string) => writer.write(text) })
    const [, , url] = await hears("server-ready")
    return url as string
  }, SERVER)

declare const server: { kill(): void; exit: Promise<number> }
declare function say(text: string): Promise<void>

describe("a server", () => {
  it("is told of, with an address at which it answers and may be shown anywhere", async () => {
    const url = await serve()
    expect(await page.evaluate(() => heard)).toEqual([
      ["port", 8080, "open", url],
      ["server-ready", 8080, url],
    ])
    const answer = await fetch(`${url}/plain`)
    expect(await answer.text()).toContain("<title>Served</title>")
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/plain",
      "x-host": "localhost:8080",
      "transfer-encoding": "chunked",
      "cross-origin-resource-policy": "cross-origin",
      "cross-origin-embedder-policy": "require-corp",
    })
    expect(clients.double.owns(url)).toBe(true)
  })

  it("is shown by an isolated page, with the script that was set, and its errors are told", async () => {
    const url = await serve()
    const shown = await page.evaluate(async (url) => {
      await client.container.setPreviewScript("globalThis.scripted = 1")
      const message = new Promise((resolve) => {
        addEventListener("message", (e) => {
          if (e.origin === url) resolve(e.data)
        })
      })
      const frame = document.createElement("iframe")
      frame.allow = "cross-origin-isolated"
      frame.src = url
      document.body.append(frame)
      return message
    }, url)
    expect(shown).toEqual({ title: "Served", isolated: true, scripted: 1 })
    expect(await page.evaluate(() => hears("preview-message"))).toMatchObject([
      "preview-message",
      { type: "PREVIEW_UNCAUGHT_EXCEPTION", message: "Uncaught Error: in the preview", port: 8080, pathname: "/" },
    ])
  })

  it("that ends, and comes again, is told of again, at the same address", async () => {
    const url = await serve()
    await page.evaluate(async () => {
      await say("close")
      await hears("port", 2)
    })
    const between = await fetch(url)
    expect([between.status, await between.text()]).toEqual([502, expect.stringContaining("No server listens there")])
    expect(between.headers.get("cross-origin-resource-policy")).toBe("cross-origin")
    await page.evaluate(async () => {
      await say("listen")
      await hears("server-ready", 2)
    })
    expect((await fetch(url)).status).toBe(200)
    await page.evaluate(async () => {
      server.kill()
      await hears("port", 4)
    })
    expect((await page.evaluate(() => heard)).map((event) => event.slice(0, 3))).toEqual([
      ["port", 8080, "open"],
      ["server-ready", 8080, url],
      ["port", 8080, "close"],
      ["port", 8080, "open"],
      ["server-ready", 8080, url],
      ["port", 8080, "close"],
    ])
  })

  it("that breaks off is a 502", async () => {
    const broken = await fetch(`${await serve()}/crash`)
    expect([broken.status, await broken.text()]).toEqual([502, expect.stringContaining("Port 8080 does not answer")])
  })

  it("is found by other programs of the container, and its port is taken for them", async () => {
    await serve()
    const found = await page.evaluate(() =>
      client.outcome("node", [
        "-e",
        `require("http").get("http://localhost:8080/plain", { agent: false }, (got) => console.log(got.resume().statusCode))
         require("net").connect(8080, "127.0.0.1").on("connect", function () { console.log("connected"); this.destroy() })
         require("net").createServer().on("error", (e) => console.log(e.code)).listen({ port: 8080 })`,
      ]),
    )
    expect(found.text.trim().split("\n").sort()).toEqual(["200", "EADDRINUSE", "connected"])
  })
})
