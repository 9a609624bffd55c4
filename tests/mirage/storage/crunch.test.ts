import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as Crunch from "../../../src/mirage/storage/crunch.ts"

/** The value of a promise that needs no time. */
function now<A>(p: Lwt.t<A>): A {
  const s = Lwt.state(p)
  if (s.tag !== "Return") throw new Error(`not resolved: ${s.tag}`)
  return s.value
}

const K = Crunch.Make({ "index.html": "hällo", "css/style.css": new Uint8Array([1, 2, 3]), "/abs.txt": "" })
const connected = now(K.connect())
const k = connected.ok ? connected.value : ({} as never)

describe("a crunched folder", () => {
  it("has its files as bytes", () => {
    expect(now(K.size(k, "index.html"))).toEqual({ ok: true, value: 6 })
    expect(now(K.read(k, "css/style.css", 0, 3))).toEqual({ ok: true, value: new Uint8Array([1, 2, 3]) })
    expect(now(K.mem(k, "abs.txt"))).toBe(true)
    expect(now(K.size(k, "abs.txt"))).toEqual({ ok: true, value: 0 })
    expect(K.fileList).toEqual(["abs.txt", "css/style.css", "index.html"])
  })

  it("takes a key with a slash in front for the same", () => {
    expect(now(K.size(k, "/index.html"))).toEqual({ ok: true, value: 6 })
  })

  it("knows no other keys: not a folder, not a parent, not an object's own", () => {
    for (const key of [
      "nope",
      "",
      "/",
      "css",
      "css/",
      "./index.html",
      "../index.html",
      "INDEX.HTML",
      "constructor",
      "__proto__",
    ]) {
      expect(now(K.mem(k, key))).toBe(false)
      expect(now(K.size(k, key))).toEqual({ ok: false, error: { kind: "unknown-key", key } })
      expect(now(K.read(k, key, 0, 1))).toEqual({ ok: false, error: { kind: "unknown-key", key } })
    }
  })

  it("throws for a range that is none", () => {
    for (const [offset, length] of [
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, Number.NaN],
    ] as const)
      expect(() => K.read(k, "index.html", offset, length)).toThrow(RangeError)
  })

  it("law: reading is slicing, short at the end", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(300), fc.nat(300), (bytes, offset, length) => {
        const K = Crunch.Make({ a: bytes })
        expect(now(K.read({}, "a", offset, length))).toEqual({ ok: true, value: bytes.slice(offset, offset + length) })
      }),
    )
  })

  it("gives copies: a reader cannot change what is linked in", () => {
    const first = now(K.read(k, "css/style.css", 0, 3))
    if (first.ok) first.value.fill(9)
    expect(now(K.read(k, "css/style.css", 0, 3))).toEqual({ ok: true, value: new Uint8Array([1, 2, 3]) })
  })
})

describe("filesIn", () => {
  const files = { "htdocs/index.html": 1, "htdocs/css/a.css": 2, "htdocs2/b": 3, c: 4 }

  it("gives what is in a folder and below, named from there", () => {
    for (const folder of ["htdocs", "./htdocs", "htdocs/", "/htdocs//", "x/../htdocs", "./"].slice(0, 5))
      expect(Crunch.filesIn(folder, files)).toEqual({ "index.html": 1, "css/a.css": 2 })
    expect(Crunch.filesIn("htdocs/css", files)).toEqual({ "a.css": 2 })
  })

  it("gives everything for the folder itself", () => {
    for (const folder of [".", "./", "", "/"]) expect(Crunch.filesIn(folder, files)).toEqual(files)
  })

  it("gives nothing for a folder that is not there", () => {
    expect(Crunch.filesIn("htdoc", files)).toEqual({})
    expect(Crunch.filesIn("htdocs/index.html", files)).toEqual({})
  })
})
