import { describe, expect, it, vi } from "vitest"
import type { Fetched } from "../../../src/sandbox/protocol.ts"
import {
  addressOf,
  dataUrl,
  MAX_RESOURCES,
  mediaType,
  Resources,
  resolve,
  textOf,
} from "../../../src/ui/panes/inline-resources.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const found = (body: string, type?: string): Fetched => ({
  ok: true,
  status: 200,
  reason: "OK",
  headers: type === undefined ? {} : { "Content-Type": type },
  body: bytes(body),
})
const site =
  (files: Record<string, Fetched>) =>
  async (url: string): Promise<Fetched> =>
    files[url] ?? { ok: true, status: 404, reason: "Not found", headers: {}, body: bytes("no") }

describe("resolve", () => {
  it("resolves against the page and drops the fragment", () => {
    expect(resolve("img/a.png#x", "http://10.0.0.2/docs/index.html")).toBe("http://10.0.0.2/docs/img/a.png")
    expect(resolve("/", "http://10.0.0.2/docs/")).toBe("http://10.0.0.2/")
  })
  it("refuses what is not on the simulated network", () => {
    for (const bad of [
      "https://example.org/",
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "http://[bad",
    ]) {
      expect(resolve(bad, "http://10.0.0.2/")).toBeUndefined()
    }
  })
})

it("addressOf completes what people type", () => {
  expect(addressOf(" 10.0.0.2/about ")).toBe("http://10.0.0.2/about")
  expect(addressOf("10.0.0.2:8080")).toBe("http://10.0.0.2:8080/")
  expect(addressOf("http://10.0.0.3/")).toBe("http://10.0.0.3/")
  expect(addressOf("https://10.0.0.3/")).toBeUndefined()
  expect(addressOf("")).toBeUndefined()
})

describe("mediaType", () => {
  it("believes the header, then the extension, then the bytes", () => {
    expect(mediaType({ "content-type": "Text/HTML; charset=utf-8" }, "http://a/x.css", bytes(""))).toBe("text/html")
    expect(mediaType({}, "http://a/x.css", bytes(""))).toBe("text/css")
    expect(mediaType({}, "http://a/", bytes("  <!DOCTYPE html><p>"))).toBe("text/html")
    expect(mediaType({}, "http://a/", bytes("hello"))).toBe("text/plain")
  })
  it("does not let a header into an address", () => {
    expect(mediaType({ "content-type": 'image/png"><script>' }, "http://a/x", bytes("x"))).toBe("text/plain")
  })
})

it("textOf knows charsets and survives unknown ones", () => {
  expect(textOf({ "content-type": "text/html; charset=iso-8859-1" }, new Uint8Array([0xe9]))).toBe("é")
  expect(textOf({ "content-type": "text/html; charset=klingon" }, bytes("é"))).toBe("é")
})

it("dataUrl carries any bytes, many of them", () => {
  const all = new Uint8Array(200_000).map((_, i) => i)
  const url = dataUrl("image/png", all)
  expect(Buffer.from(url.slice("data:image/png;base64,".length), "base64").equals(Buffer.from(all))).toBe(true)
})

describe("Resources", () => {
  it("puts imports and pictures into a style sheet", async () => {
    const fetch = vi.fn(
      site({
        "http://10.0.0.2/css/more.css": found("b { background: url(../i.png) }", "text/css"),
        "http://10.0.0.2/i.png": found("PNG", "image/png"),
      }),
    )
    const css = await new Resources(fetch).css(
      `@import "more.css" print;\n a { background: url( '/i.png' ) } i { mask: url(#m); background: url(gone.png) }`,
      "http://10.0.0.2/css/site.css",
    )
    const png = `url("${dataUrl("image/png", bytes("PNG"))}")`
    expect(css).toBe(
      `@media print {\nb { background: ${png} }\n}\n a { background: ${png} } i { mask: url(#m); background: url("data:,") }`,
    )
    expect(fetch.mock.calls.filter(([url]) => url === "http://10.0.0.2/i.png")).toHaveLength(1)
  })

  it("ends when sheets import each other", async () => {
    const fetch = site({ "http://10.0.0.2/a.css": found('@import "a.css"; a {}', "text/css") })
    expect(await new Resources(fetch).css('@import "a.css";', "http://10.0.0.2/")).toContain("a {}")
  })

  it("asks nobody else, and not too often", async () => {
    const fetch = vi.fn(site({}))
    const resources = new Resources(fetch)
    expect(await resources.data("https://example.org/x.png", "http://10.0.0.2/")).toBeUndefined()
    expect(await resources.data("data:image/gif;base64,AA==", "http://10.0.0.2/")).toBe("data:image/gif;base64,AA==")
    expect(fetch).not.toHaveBeenCalled()
    for (let i = 0; i < 2 * MAX_RESOURCES; i++) await resources.data(`${i}.png`, "http://10.0.0.2/")
    expect(fetch).toHaveBeenCalledTimes(MAX_RESOURCES)
  })

  it("does without what cannot be fetched", async () => {
    const resources = new Resources(() => Promise.reject(new Error("the run has ended")))
    expect(await resources.data("x.png", "http://10.0.0.2/")).toBeUndefined()
  })
})
