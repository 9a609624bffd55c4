import { describe, expect, it } from "vitest"
import { bootSample, filesUnder, tagged } from "./boot.ts"
import { fileURLToPath } from "node:url"

const htdocs = filesUnder(fileURLToPath(new URL("../../src/unikernels/static-website/htdocs", import.meta.url)))
const page = htdocs["index.html"] ?? ""

const website = async () => {
  const booted = await bootSample("static-website")
  expect(await booted.serving).toEqual({ name: "www", address: "10.0.0.2", ports: [80] })
  return booted
}

describe("the static website", () => {
  it("serves its page, with its type and length", async () => {
    const { sh } = await website()
    expect(await sh("curl http://10.0.0.2/")).toBe(page)
    expect(await sh("curl -i http://unikernel/index.html")).toBe(
      `HTTP/1.1 200 OK\ncontent-type: text/html; charset=utf-8\ncontent-length: ${page.length}\n\n${page}`,
    )
    expect(await sh("curl -I http://10.0.0.2/style.css")).toBe(
      `HTTP/1.1 200 OK\ncontent-type: text/css\ncontent-length: ${htdocs["style.css"]?.length}\n\n`,
    )
  })

  it("has no other", async () => {
    const { sh } = await website()
    expect(await sh("curl -i http://10.0.0.2/nope")).toBe(
      "HTTP/1.1 404 Not Found\ncontent-type: text/plain; charset=utf-8\ncontent-length: 21\n\n404 Not Found: /nope\n",
    )
    expect(await sh("curl -f http://10.0.0.2/nope")).toBe("curl: (22) The requested URL returned error: 404\n")
    for (const path of ["/../config.ts", "/%2e%2e/config.ts", "/htdocs/index.html", "/index.html/"])
      expect(await sh(`curl -i http://10.0.0.2${path}`), path).toMatch(/^HTTP\/1\.1 404 /)
  })

  it("is what a browser shows", async () => {
    const { world } = await website()
    const fetched = await world.fetch("http://10.0.0.2/")
    expect(fetched).toMatchObject({
      ok: true,
      status: 200,
      reason: "OK",
      headers: { "content-type": "text/html; charset=utf-8", "content-length": String(page.length) },
    })
    expect(fetched.ok && new TextDecoder().decode(fetched.body)).toBe(page)
    expect(await world.fetch("http://10.0.0.2/nope")).toMatchObject({ ok: true, status: 404, reason: "Not Found" })
    expect(await world.fetch("http://10.0.0.2:8080/")).toEqual({
      ok: false,
      message: "Failed to connect to 10.0.0.2 port 8080 after 1 ms: Couldn't connect to server",
    })
    expect(await world.fetch("https://10.0.0.2/")).toMatchObject({ ok: false })
  })

  it("logs each request, and the end of each connection", async () => {
    const { sh, printed } = await website()
    await sh("curl -s http://10.0.0.2/?a=1&b=2")
    await sh("curl -s -X POST http://10.0.0.2/nope")
    await sh("ping -c 1 10.0.0.2")
    expect(tagged(printed())).toBe("[1] GET /?a=1&b=2\n[1] closed\n[2] POST /nope\n[2] closed\n")
  })

  it("answers many at once", async () => {
    const { world, exceptions } = await website()
    const all = await Promise.all(Array.from({ length: 50 }, () => world.fetch("http://10.0.0.2/")))
    for (const one of all) expect(one).toMatchObject({ ok: true, status: 200 })
    expect(exceptions).toEqual([])
  })

  it("can be seen frame by frame: two announcements, a question, and a conversation", async () => {
    const { sh, frames } = await website()
    await sh("curl -s -o /dev/null http://10.0.0.2/")
    await sh("ping -c 1 10.0.0.2")
    expect(
      frames.map((f) => `${f.protocol} ${f.info.replaceAll(/\b\d{5}\b/g, "port")}`).slice(0, 15),
    ).toMatchInlineSnapshot(`
      [
        "ARP announcement: 10.0.0.1 is-at 02:00:00:00:00:01",
        "ARP announcement: 10.0.0.2 is-at 02:00:00:00:00:02",
        "ARP who-has 10.0.0.2 tell 10.0.0.1",
        "ARP 10.0.0.2 is-at 02:00:00:00:00:02",
        "TCP port → 80 [SYN] Seq=0 Win=5840 Len=0 MSS=1460 WS=4",
        "TCP 80 → port [SYN, ACK] Seq=0 Ack=1 Win=5840 Len=0 MSS=1460 WS=4",
        "TCP port → 80 [ACK] Seq=1 Ack=1 Win=262140 Len=0",
        "HTTP GET / HTTP/1.1",
        "TCP 80 → port [ACK] Seq=1 Ack=73 Win=262068 Len=0",
        "HTTP HTTP/1.1 200 OK",
        "TCP port → 80 [ACK] Seq=73 Ack=494 Win=261644 Len=0",
        "TCP port → 80 [FIN, ACK] Seq=73 Ack=494 Win=261644 Len=0",
        "ICMP echo request id=1 seq=1 ttl=38 Len=64",
        "TCP 80 → port [ACK] Seq=494 Ack=74 Win=262064 Len=0",
        "TCP 80 → port [FIN, ACK] Seq=494 Ack=74 Win=262064 Len=0",
      ]
    `)
    expect(frames.map((f) => f.index)).toEqual(frames.map((_, i) => i))
    for (const f of frames) expect(f.bytes.length).toBeGreaterThanOrEqual(42)
  })

  it("is the same run each time", async () => {
    const run = async () => {
      const { sh, frames } = await website()
      await sh("curl -s http://10.0.0.2/")
      await sh("ping -c 2 10.0.0.2")
      return [...frames]
    }
    expect(await run()).toEqual(await run())
  })
})
