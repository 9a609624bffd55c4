// The service worker: which requests it takes part in, and what it makes of their answers. Then all of it, in a scope of paper.

import { runInNewContext } from "node:vm"
import { beforeAll, describe, expect, it } from "vitest"
import { buildScript } from "../../src/content/library.ts"
import { policyHeaders } from "../../src/site/headers.ts"
import { type Asked, isolatedResponse, wantsIsolation } from "../../src/site/isolated-response.ts"

const ORIGIN = "https://example.org"

const asked = (more: Partial<Asked>): Asked => ({
  method: "GET",
  destination: "document",
  url: `${ORIGIN}/tutorial/`,
  headers: new Headers(),
  ...more,
})

describe("a request", () => {
  it.each(["document", "iframe", "frame", "worker", "sharedworker"] as const)("for a %s is taken", (destination) => {
    expect(wantsIsolation(asked({ destination }), ORIGIN)).toBe(true)
  })

  it.each([
    ["for what is loaded into a page", { destination: "script" }],
    ["for data", { destination: "" }],
    ["to another site", { url: "https://elsewhere.example/" }],
    ["that changes something", { method: "POST" }],
    ["for headers alone", { method: "HEAD" }],
    ["for a piece of a file", { headers: new Headers({ range: "bytes=0-9" }) }],
  ] as const)("%s is left to the browser", (_, more) => {
    expect(wantsIsolation(asked(more), ORIGIN)).toBe(false)
  })
})

describe("an answer", () => {
  const added = policyHeaders("credentialless")

  it("keeps its body, its status and its headers, and gets the policies", async () => {
    const answer = new Response("the page", {
      status: 203,
      statusText: "Told",
      headers: { "content-type": "text/html" },
    })
    const isolated = isolatedResponse(answer, added)
    expect([isolated.status, isolated.statusText, await isolated.text()]).toEqual([203, "Told", "the page"])
    expect(Object.fromEntries(isolated.headers)).toEqual({
      "content-type": "text/html",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "credentialless",
    })
  })

  it("has the site's policies in the place of its host's", () => {
    const headers = { "cross-origin-opener-policy": "unsafe-none", "cross-origin-embedder-policy": "unsafe-none" }
    const isolated = isolatedResponse(new Response("", { headers }), added)
    expect(isolated.headers.get("cross-origin-opener-policy")).toBe("same-origin")
    expect(isolated.headers.get("cross-origin-embedder-policy")).toBe("credentialless")
  })

  it("without a body has none afterwards", () => {
    expect(isolatedResponse(new Response(null, { status: 204 }), added).body).toBeNull()
  })

  const odd = (properties: Partial<Response>) => Object.defineProperties(new Response("x"), toGetters(properties))
  const toGetters = (properties: object) =>
    Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, { value }]))

  it.each([
    ["is an error", new Response("gone", { status: 404 })],
    ["is no answer at all", Response.error()],
    ["was redirected", odd({ redirected: true })],
    ["is a redirection to be followed by the browser", odd({ type: "opaqueredirect", status: 0, ok: false })],
    ["hides its headers", odd({ type: "opaque", status: 0, ok: false })],
  ])("that %s stays as it is", (_, answer) => {
    expect(isolatedResponse(answer, added)).toBe(answer)
  })
})

describe("the worker's script", () => {
  let script: string
  beforeAll(async () => {
    script = await buildScript(new URL("../../src/site/isolation-worker.ts", import.meta.url).pathname)
  })

  /** Start it at an address, on a host that answers with `answer`. */
  function start(query: string, answer: () => Promise<Response> = async () => new Response("from the host")) {
    const listeners = new Map<string, (event: object) => void>()
    const fetched: Request[] = []
    const scope = {
      location: { href: `${ORIGIN}/tutorial/isolation-worker.js${query}`, origin: ORIGIN },
      skipWaiting: async () => "skipped",
      addEventListener: (type: string, f: (event: object) => void) => void listeners.set(type, f),
      fetch: async (request: Request) => {
        fetched.push(request)
        return answer()
      },
    }
    runInNewContext(script, { ...scope, URL, Headers, Response, Set })
    return {
      fetched,
      install(): unknown {
        let until: unknown
        listeners.get("install")?.({ waitUntil: (promise: unknown) => (until = promise) })
        return until
      },
      ask(request: Partial<Asked>): Promise<Response> | undefined {
        let given: Promise<Response> | undefined
        listeners.get("fetch")?.({
          request: asked(request),
          respondWith: (promise: Promise<Response>) => (given = promise),
        })
        return given
      },
    }
  }

  it("takes over at once, and asks the host for every page anew", async () => {
    let version = 0
    const worker = start("?coep=require-corp", async () => new Response(`version ${++version}`))
    expect(await worker.install()).toBe("skipped")
    for (const text of ["version 1", "version 2"]) {
      const answer = await worker.ask({})
      expect(answer?.headers.get("cross-origin-embedder-policy")).toBe("require-corp")
      expect(await answer?.text()).toBe(text)
    }
  })

  it("takes no part in the rest", () => {
    const worker = start("?coep=require-corp")
    expect(worker.ask({ destination: "image" })).toBeUndefined()
    expect(worker.fetched).toEqual([])
  })

  it("fails as the network does", async () => {
    const worker = start("?coep=credentialless", () => Promise.reject(new TypeError("no network")))
    await expect(worker.ask({})).rejects.toThrow("no network")
  })

  it("does not start with an address that is not the page's", () => {
    expect(() => start("")).toThrow(/coep in the address of the service worker must be one of/)
  })
})
