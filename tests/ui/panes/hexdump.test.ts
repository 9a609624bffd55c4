import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hexdump, hexdumpText } from "../../../src/ui/panes/hexdump.ts"

describe("hexdump", () => {
  it("reads as packet tools have it", () => {
    const bytes = new TextEncoder().encode("GET / HTTP/1.1\r\nHo")
    expect(hexdumpText(bytes).split("\n")).toEqual([
      "0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..",
      "0010  48 6f                                             Ho",
    ])
    expect(hexdump(new Uint8Array())).toEqual([])
  })

  it("shows every byte", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const shown = hexdump(bytes)
          .flatMap((l) => l.hex.split(/\s+/).filter((h) => h !== ""))
          .map((h) => Number.parseInt(h, 16))
        expect(shown).toEqual([...bytes])
      }),
    )
  })
})
