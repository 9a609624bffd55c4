import { describe, expect, it } from "vitest"
import type { HttpClientRequest } from "../../../src/mirage/http/client.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import type { HttpServerSpec } from "../../../src/mirage/signatures/http.ts"
import * as Ipaddr from "../../../src/mirage/wire/ipaddr.ts"
import { httpPair } from "../../support/http-pair.ts"
import { pattern, type TcpPairOptions, value } from "../../support/tcp-pair.ts"

const SERVER = Ipaddr.make(10, 0, 0, 2)
const text = (b: Uint8Array) => new TextDecoder().decode(b)
const utf8 = (s: string) => new TextEncoder().encode(s)

function pair(callback: HttpServerSpec["callback"], options?: TcpPairOptions) {
  const p = httpPair({ callback }, options)
  const ask = (r: Partial<HttpClientRequest>) =>
    p.time.run(p.Client.request(p.client, { address: SERVER, target: "/", ...r }))
  return { ...p, ask }
}

describe("a client", { timeout: 60_000 }, () => {
  it("gets, posts and asks for heads", () => {
    const p = pair((_id, r) =>
      p.H.respondString({
        body: `${r.method} ${r.target} ${r.headers.get("host")} ${r.headers.get("x-a")} ${text(r.body)}`,
        headers: { "x-b": "2" },
      }),
    )
    const got = value(p.ask({ target: "/a?b", headers: { "X-A": "1", host: "not this" } }))
    expect(text(got.body)).toBe("GET /a?b 10.0.0.2 1 ")
    expect(got).toMatchObject({ status: 200, reason: "OK", version: "1.1" })
    expect(got.headers.get("x-b")).toBe("2")
    expect(text(value(p.ask({ method: "POST", host: "me", body: utf8("data") })).body)).toBe("POST / me undefined data")
    const head = value(p.ask({ method: "HEAD" }))
    expect([head.headers.get("content-length"), head.body.length]).toEqual([
      String("HEAD / 10.0.0.2 undefined ".length),
      0,
    ])
    p.time.pass(5000)
    expect([p.client.connections.all(), p.server.connections.all(), p.server80.open.size]).toEqual([[], [], 0])
  })

  it("downloads 10 MB intact", () => {
    const data = pattern(10 * 1024 * 1024)
    const p = pair(() => p.H.respond({ body: data }), { delayMs: 1, record: false })
    expect(Buffer.compare(value(p.ask({})).body, data)).toBe(0)
  })

  it("uploads 10 MB intact", () => {
    const data = pattern(10 * 1024 * 1024)
    const p = pair((_id, r) => p.H.respondString({ body: String(Buffer.compare(r.body, data)) }), { record: false })
    expect(text(value(p.ask({ method: "PUT", body: data })).body)).toBe("0")
  })

  it("hears a refusal of a body that it is still sending", () => {
    const p = pair(() => p.H.respondString({ body: "" }), { delayMs: 1, record: false })
    expect(value(p.ask({ method: "PUT", body: new Uint8Array(17 * 1024 * 1024), timeout: 1000 })).status).toBe(413)
  })

  it("skips interim responses", () => {
    const p = pair(() => p.H.respondString({ body: "" }))
    p.listeners.set(81, (flow) =>
      p.T.write(flow, utf8("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nrest")).bind(() =>
        p.T.close(flow),
      ),
    )
    expect(text(value(p.ask({ port: 81 })).body)).toBe("rest")
  })

  it("says refused, no-route, timeout, reset and malformed", () => {
    const p = pair(() => p.H.respondString({ body: "" }))
    expect(p.ask({ port: 8080 })).toEqual({ ok: false, error: { kind: "refused" } })
    expect(p.ask({ address: Ipaddr.make(192, 0, 2, 1) })).toEqual({ ok: false, error: { kind: "no-route" } })
    p.listeners.set(81, () => Lwt.return())
    const before = p.time.now()
    expect(p.ask({ port: 81, timeout: 7 })).toEqual({ ok: false, error: { kind: "timeout" } })
    expect(p.time.now() - before).toBeCloseTo(7000)
    p.listeners.set(82, (flow) => p.T.reset(flow))
    expect(p.ask({ port: 82 })).toMatchObject({ ok: false, error: { kind: "reset" } })
    p.listeners.set(83, (flow) => p.T.write(flow, utf8("SSH-2.0\r\n")).map(() => undefined))
    expect(p.ask({ port: 83 })).toEqual({ ok: false, error: { kind: "malformed", why: "bad-start-line" } })
    p.listeners.set(84, (flow) => p.T.close(flow))
    expect(p.ask({ port: 84 })).toEqual({ ok: false, error: { kind: "malformed", why: "truncated" } })
    p.time.pass(20_000)
    expect(p.client.connections.all()).toEqual([])
  })

  it("takes down what it began when it is cancelled", () => {
    const p = pair(() => Lwt.wait<never>()[0])
    const asking = p.Client.request(p.client, { address: SERVER, target: "/" })
    p.time.pass(10)
    Lwt.cancel(asking)
    p.time.pass(10)
    expect([p.client.connections.all(), p.server.connections.all(), p.server80.open.size]).toEqual([[], [], 1])
  })

  it("throws for a target that would break the request", () => {
    const p = pair(() => p.H.respondString({ body: "" }))
    expect(() => p.ask({ target: "/ HTTP/1.1\r\nX: y" })).toThrow(RangeError)
  })
})
