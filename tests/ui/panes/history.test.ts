import { describe, expect, it } from "vitest"
import { History } from "../../../src/ui/panes/history.ts"

describe("History", () => {
  it("goes back and forth, and keeps the line being typed", () => {
    const h = new History()
    h.add("ping 10.0.0.2")
    h.add("help")
    expect(h.previous("cur")).toBe("help")
    expect(h.previous("help")).toBe("ping 10.0.0.2")
    expect(h.previous("ping 10.0.0.2")).toBeUndefined()
    expect(h.next()).toBe("help")
    expect(h.next()).toBe("cur")
    expect(h.next()).toBeUndefined()
  })

  it("keeps no blanks and no line twice in a row", () => {
    const h = new History()
    for (const line of ["help", "help", "  ", "arp", "help"]) h.add(line)
    expect([h.previous(""), h.previous(""), h.previous(""), h.previous("")]).toEqual(["help", "arp", "help", undefined])
  })

  it("starts from the end again after a line", () => {
    const h = new History()
    h.add("a")
    h.add("b")
    h.previous("")
    h.previous("")
    h.add("c")
    expect(h.previous("")).toBe("c")
  })
})
