import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  decodeValue,
  encodeValue,
  newNonce,
  readerOfGuest,
  writeMessage,
} from "../../../src/sandbox/webcontainer/wire.ts"

const NONCE = "0123456789abcdef0123456789abcdef"

/** What a reader says, in order. */
type Said = ["message", unknown] | ["foreign", string] | ["broken"]

function reader(): { said: Said[]; wire: ReturnType<typeof readerOfGuest> } {
  const said: Said[] = []
  const wire = readerOfGuest(NONCE, {
    message: (message) => said.push(["message", message]),
    foreign(text) {
      const last = said.at(-1)
      if (last?.[0] === "foreign") last[1] += text
      else said.push(["foreign", text])
    },
    broken: () => said.push(["broken"]),
  })
  return { said, wire }
}

function pieces(message: unknown, direction: ">" | "<" = "<", nonce = NONCE): string[] {
  const all: string[] = []
  writeMessage(message, nonce, direction, (piece) => all.push(piece))
  return all
}

/** What a reader says of `text`. */
function read(text: string, chunk = text.length): Said[] {
  const { said, wire } = reader()
  for (let at = 0; at < text.length; at += chunk) wire.push(text.slice(at, at + chunk))
  wire.end()
  return said
}

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("\0", "s", "b", "~", "\\", "é", "\ud800") }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value"), { noNullPrototype: true }),
  ),
})).value

describe("values", () => {
  it("come back as they were, whatever is in them", () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(decodeValue(encodeValue(one))).toEqual(one)
      }),
    )
  })

  it("are printable ASCII", () => {
    fc.assert(fc.property(value, (one) => /^[ -~]*$/.test(encodeValue(one))))
  })

  it("may be a Buffer, a long one, or a key of any name", () => {
    const bytes = new Uint8Array(100_000).map((_, n) => n)
    expect(decodeValue(encodeValue({ bytes: Buffer.from(bytes) }))).toEqual({ bytes })
    const odd = JSON.parse('{"__proto__": "\\u0000", "toJSON": 1}')
    expect(JSON.stringify(decodeValue(encodeValue(odd)))).toBe(JSON.stringify(odd))
  })
})

describe("messages", () => {
  it("are pieces of what is written at once", () => {
    const long = pieces("x".repeat(10_000))
    expect(long.length).toBe(6)
    for (const piece of long) expect(piece.length).toBeLessThan(2100)
    expect(read(long.join(""))).toEqual([["message", "x".repeat(10_000)]])
    expect(pieces("").length).toBe(1)
  })

  it("come out of any stream, cut anywhere, with anything between their pieces", () => {
    // What is nearly a piece is the worst that may be between two.
    const near = fc.constantFrom(
      "~",
      `~${NONCE.slice(0, 31)}`,
      `~~${NONCE.slice(1)}`,
      `~${NONCE.replace("f", "e")}<.0001a${NONCE}`,
      ...pieces("echo", ">"),
      ...pieces({ tag: "exit" }, "<", "f".repeat(32)),
      "\r\n",
      "{}",
    )
    const between = fc.array(fc.oneof(near, fc.string({ unit: "binary" })), { maxLength: 4 }).map((all) => all.join(""))
    const part = fc.tuple(between, fc.oneof(value, fc.constant("long ".repeat(2000))))
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 5 }),
        between,
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        (parts, last, sizes) => {
          const echo = pieces("echo", ">")[0]!
          const said: Said[] = []
          let text = ""
          const foreign = (some: string): void => {
            text += some
            const heard = some.replaceAll(echo, "")
            if (heard === "") return
            const before = said.at(-1)
            if (before?.[0] === "foreign") before[1] += heard
            else said.push(["foreign", heard])
          }
          for (const [some, message] of parts) {
            foreign(some)
            const all = pieces(message)
            for (const [n, piece] of all.entries()) {
              if (n > 0) foreign(some)
              text += piece
            }
            said.push(["message", message])
          }
          foreign(last)
          const { said: heard, wire } = reader()
          for (let at = 0; at < text.length; ) {
            const size = sizes.next().value as number
            wire.push(text.slice(at, at + size))
            at += size
          }
          wire.end()
          expect(heard).toEqual(said)
        },
      ),
    )
  })

  it("are not made by a program that knows all but the nonce", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("~", "<", ".", "0", "1", "a", "f", "\n") }), (text) => {
        expect(read(text).filter(([what]) => what !== "foreign")).toEqual([])
      }),
    )
    expect(newNonce()).toMatch(/^[0-9a-f]{32}$/)
    expect(newNonce()).not.toBe(newNonce())
  })

  it("that are echoed are not answers, and may come back in the middle of one", () => {
    const echo = pieces({ tag: "ack" }, ">").join("")
    expect(read(`a${echo}b`)).toEqual([["foreign", "ab"]])
    const [piece] = pieces("message")
    for (let at = 0; at <= piece!.length; at++) {
      for (const chunk of [1, 1000])
        expect(read(piece!.slice(0, at) + echo + piece!.slice(at), chunk)).toEqual([["message", "message"]])
    }
  })

  it("that something was written into are told of, and those after them are heard", () => {
    const [piece] = pieces({ tag: "output", text: "hello" })
    for (let at = NONCE.length + 2; at < piece!.length; at++) {
      const said = read(`${piece!.slice(0, at)}CHILD\n${piece!.slice(at)}${pieces("next")[0]}`)
      expect(said.filter(([what]) => what === "broken").length).toBe(1)
      expect(said.at(-1)).toEqual(["message", "next"])
      expect(said.filter(([what]) => what === "message").length).toBe(1)
    }
  })

  it("that are cut by the end are text, and nobody's fault", () => {
    const [piece] = pieces("last")
    expect(read(`a${piece!.slice(0, -1)}`)).toEqual([["foreign", `a${piece!.slice(0, -1)}`]])
  })

  it("that are echoed badly are only text", () => {
    const [echo] = pieces("x".repeat(100), ">")
    const said = read(echo!.slice(0, 80) + pieces("next")[0])
    expect(said.filter(([what]) => what === "broken")).toEqual([])
    expect(said.at(-1)).toEqual(["message", "next"])
  })

  it("take a time that grows as their length, however they are cut", { timeout: 60_000 }, () => {
    // Half a second on an idle machine; a reader that looks again at what it has seen would take minutes.
    const text = "~".repeat(1 << 20) + pieces("y".repeat(1 << 20)).join("")
    for (const chunk of [1, 7, text.length]) {
      const before = performance.now()
      expect(read(text, chunk).length).toBe(2)
      expect(performance.now() - before).toBeLessThan(15_000)
    }
  })
})
