import { describe, expect, it } from "vitest"
import * as Http from "../../../src/mirage/http/server.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import type { HttpServerSpec } from "../../../src/mirage/signatures/http.ts"
import { httpPair } from "../../support/http-pair.ts"
import { readAll } from "../../support/tcp-pair.ts"
import { useLostExceptions } from "../../support/lost-exceptions.ts"

const ascii = new TextEncoder()
const text = (b: Uint8Array) => new TextDecoder().decode(b)
const utf8 = (s: string) => ascii.encode(s)

/** What the server says, to whoever sends `raw` and closes. */
function talk(raw: string, spec: Partial<HttpServerSpec> = {}): string {
  const p = httpPair({
    callback: (_id, r) => p.H.respondString({ body: `${r.method} ${r.path} ${text(r.body)}` }),
    ...spec,
  })
  const flow = p.connect(80)
  p.time.run(p.T.write(flow, utf8(raw)))
  p.time.run(p.T.close(flow))
  return text(p.time.run(readAll(p.T, flow)))
}

const statuses = (said: string) => [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((m) => Number(m[1]))

describe("a server", () => {
  it("answers a GET, byte for byte", () => {
    expect(talk("GET /hello%20world?x HTTP/1.1\r\nHost: x\r\n\r\n")).toBe(
      "HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\nGET /hello world ",
    )
  })

  it("keeps the connection, and answers pipelined requests in order though they take different times", () => {
    const said = talk(
      "GET /slow HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhiGET /c HTTP/1.1\r\nHost: x\r\n\r\n",
      {
        callback: (_id, r) =>
          (r.path === "/slow" ? Lwt.pause() : Lwt.return()).bind(() =>
            Lwt.return({ status: 200, headers: new Map(), body: utf8(`${r.path}${text(r.body)};`) }),
          ),
      },
    )
    expect(said.replaceAll(/HTTP\/1.1 200 OK\r\ncontent-length: \d+\r\n\r\n/g, "")).toBe("/slow;/bhi;/c;")
  })

  it("answers HEAD with a GET's head", () => {
    expect(talk("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")).toBe("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n")
  })

  it("closes when asked to, and after HTTP/1.0", () => {
    const twice = (first: string) => talk(`${first}GET /2 HTTP/1.1\r\nHost: x\r\n\r\n`)
    expect(twice("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n")).toBe(
      "HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nGET / ",
    )
    expect(statuses(twice("GET / HTTP/1.0\r\n\r\n"))).toEqual([200])
    expect(statuses(twice("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))).toEqual([200, 200])
  })

  it("minds its own headers, and leaves a 204 without a length", () => {
    const headers = new Map([
      ["content-length", "999"],
      ["transfer-encoding", "chunked"],
      ["x-mine", "1"],
    ])
    expect(
      talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n", {
        callback: () => Lwt.return({ status: 204, headers, body: utf8("x") }),
      }),
    ).toBe("HTTP/1.1 204 No Content\r\nx-mine: 1\r\n\r\n")
  })

  it("refuses nonsense with its status, and then closes", () => {
    expect(talk("nonsense\r\n\r\n")).toBe(
      "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 16\r\nconnection: close\r\n\r\n400 Bad Request\n",
    )
    expect(statuses(talk("GET / HTTP/2.0\r\n\r\n"))).toEqual([505])
    expect(statuses(talk(`GET /${"a".repeat(20000)} HTTP/1.1\r\nHost: x\r\n\r\n`))).toEqual([431])
    expect(statuses(talk("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"))).toEqual([413])
    expect(statuses(talk("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"))).toEqual([501])
    expect(statuses(talk("GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n"))).toEqual([400])
    expect(statuses(talk("GET / HTTP/1.1\r\n"))).toEqual([400])
  })

  it("refuses methods that it does not serve or know, and goes on", () => {
    const next = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    const trace = talk(`TRACE / HTTP/1.1\r\nHost: x\r\n\r\n${next}`)
    expect(statuses(trace)).toEqual([405, 200])
    expect(trace).toContain("\r\nallow: GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH\r\n")
    expect(statuses(talk(`BREW / HTTP/1.1\r\nHost: x\r\n\r\n${next}`))).toEqual([501, 200])
  })

  it("asks for a body that waits to be asked for, once", () => {
    const p = httpPair({ callback: (_id, r) => p.H.respondString({ body: text(r.body) }) })
    const flow = p.connect(80)
    p.time.run(p.T.write(flow, utf8("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")))
    const asked = p.time.run(p.T.read(flow))
    expect(asked.tag === "Ok" && text(asked.data)).toBe("HTTP/1.1 100 Continue\r\n\r\n")
    p.time.run(p.T.write(flow, utf8("bo")))
    p.time.run(p.T.write(flow, utf8("dy")))
    p.time.run(p.T.close(flow))
    expect(text(p.time.run(readAll(p.T, flow)))).toBe("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody")
  })

  it("counts connections from 1, and says when each is closed, once", () => {
    const closed: number[] = []
    const seen: number[] = []
    const p = httpPair({
      callback: (id) => {
        seen.push(id)
        return p.H.respondString({ body: "" })
      },
      connClosed: (id) => closed.push(id),
    })
    const flows = [p.connect(80), p.connect(80)]
    for (const flow of flows) p.time.run(p.T.write(flow, utf8("GET / HTTP/1.1\r\nHost: x\r\n\r\n")))
    p.time.run(p.T.close(flows[1]!))
    p.time.run(readAll(p.T, flows[1]!))
    expect([seen, closed]).toEqual([[1, 2], [2]])
    p.time.run(p.T.reset(flows[0]!))
    p.time.pass(1)
    expect(closed).toEqual([2, 1])
  })

  it("survives a client that leaves before it hears the answer", () => {
    const [gate, open] = Lwt.wait<void>()
    const p = httpPair({ callback: () => gate.bind(() => p.H.respondString({ body: "late" })) })
    const flow = p.connect(80)
    p.time.run(p.T.write(flow, utf8("GET / HTTP/1.1\r\nHost: x\r\n\r\n")))
    p.time.run(p.T.reset(flow))
    Lwt.wakeup(open)
    p.time.pass(1)
    expect(p.server80.open.size).toBe(0)
  })

  it("stops: listen ends, idle connections are closed, new ones are not served", () => {
    const p = httpPair({ callback: () => p.H.respondString({ body: "" }) })
    const idle = p.connect(80)
    const listening = p.H.listen(p.server80, { callback: () => p.H.respondString({ body: "" }) })
    p.time.run(p.H.disconnect(p.server80))
    expect(Lwt.isSleeping(listening)).toBe(false)
    expect(p.time.run(p.T.read(idle))).toEqual({ tag: "Eof" })
    const late = p.connect(80)
    expect(p.time.run(p.T.read(late))).toMatchObject({ tag: "Error", error: { kind: "reset" } })
  })

  it("throws for a port that is none", () => {
    const p = httpPair({ callback: () => p.H.respondString({ body: "" }) })
    expect(() => p.H.connect(p.listeners, { port: 70000 })).toThrow(RangeError)
  })
})

describe("a callback that fails", () => {
  const lost = useLostExceptions()

  it.each<[string, () => Lwt.t<never>]>([
    ["by a rejection", () => Lwt.fail(new Error("oops"))],
    [
      "by an exception",
      () => {
        throw new Error("oops")
      },
    ],
    ["later", () => Lwt.pause().bind(() => Lwt.fail(new Error("oops")))],
  ])("%s is a 500, and the hook hears why", (_name, callback) => {
    const said = talk("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", { callback })
    expect(statuses(said)).toEqual([500, 500])
    expect(said).not.toContain("oops")
    expect(lost).toEqual([new Error("oops"), new Error("oops")])
  })
})

describe("responses", () => {
  const H = Http.Make<never, never, never>({} as never)

  it("are made from strings and bytes; header names become lower case", () => {
    expect(Lwt.poll(H.respondString({ body: "é", headers: { "Content-Type": "text/plain" } }))).toEqual({
      status: 200,
      headers: new Map([["content-type", "text/plain"]]),
      body: Uint8Array.of(0xc3, 0xa9),
    })
    expect(Lwt.poll(H.respond({ status: 201, body: Uint8Array.of(1) }))).toMatchObject({ status: 201 })
    const missing = Lwt.poll(H.respondNotFound({ path: "/nowhere" }))!
    expect([missing.status, text(missing.body)]).toEqual([404, "404 Not Found: /nowhere\n"])
  })
})
