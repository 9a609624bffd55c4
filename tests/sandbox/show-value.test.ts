import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { showArguments, showValue } from "../../src/sandbox/show-value.ts"

const some = (value: unknown) => ({ tag: "Some", value })
const none = { tag: "None" }

class Point {
  x = 1
  y = 2
  get sum(): number {
    throw new Error("a getter was called")
  }
}

describe("showValue", () => {
  it.each([
    [3, "3"],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    [12n, "12n"],
    [true, "true"],
    [undefined, "()"],
    [null, "null"],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [Symbol("s"), "Symbol(s)"],
    [() => 1, "<fun>"],
    [async function* named() {}, "<fun>"],
    [Point, "<class Point>"],
    [[1, "a", []], '[1; "a"; []]'],
    [{ a: 1, b: "x", "c d": none }, '{a = 1; b = "x"; "c d" = None}'],
    [{}, "{}"],
    [Object.create(null), "{}"],
    [none, "None"],
    [some(1), "Some 1"],
    [some(-1), "Some (-1)"],
    [some(some(1)), "Some (Some 1)"],
    [some(none), "Some None"],
    [some([1, 2]), "Some [1; 2]"],
    [some({ a: 1 }), "Some {a = 1}"],
    [some(undefined), "Some ()"],
    [some(() => 1), "Some <fun>"],
    [{ tag: "Fail", error: new Error("x") }, 'Fail (Error "x")'],
    [{ tag: "Node", left: none, right: none }, "Node {left = None; right = None}"],
    [{ tag: "div" }, '{tag = "div"}'],
    [{ ok: true, value: 1 }, "Ok 1"],
    [{ ok: false, error: "truncated" }, 'Error "truncated"'],
    [{ ok: true }, "{ok = true}"],
    [new TypeError("no"), 'TypeError "no"'],
    [new (class Failure extends Error {})("x"), 'Failure "x"'],
    [
      new Map<unknown, unknown>([
        ["a", 1],
        [some(1), []],
      ]),
      'Map {"a" => 1; Some 1 => []}',
    ],
    [new Set([1, 2]), "Set {1; 2}"],
    [new Uint8Array([1, 255]), "Uint8Array [1; 255]"],
    [new Date(0), "<Date 1970-01-01T00:00:00.000Z>"],
    [new Date(Number.NaN), "<Date invalid>"],
    [/a+/g, "/a+/g"],
    [Promise.resolve(1), "<Promise>"],
    [new WeakMap(), "<WeakMap>"],
    [new ArrayBuffer(8), "<ArrayBuffer>"],
    [new Point(), "Point {x = 1; y = 2}"],
    [new (class Empty {})(), "<Empty>"],
    [{ [Symbol.for("mirage.show")]: () => "<Lwt: Sleep>" }, "<Lwt: Sleep>"],
    [some({ [Symbol.for("mirage.show")]: () => "<Lwt: Return 3>" }), "Some <Lwt: Return 3>"],
  ] as [unknown, string][])("%#: $1", (value, text) => {
    expect(showValue(value)).toBe(text)
  })

  it("does not call getters, and survives a Proxy that throws", () => {
    const lazy = {
      get lazy() {
        throw new Error("called")
      },
    }
    expect(showValue(lazy)).toBe("{lazy = <getter>}")
    const trap = () => {
      throw new Error("trap")
    }
    expect(showValue(new Proxy({}, { ownKeys: trap, getPrototypeOf: trap, get: trap, has: trap }))).toBe("<abstr>")
  })

  it("stops at a circle, at a depth, at a width and at a length", () => {
    const circle: Record<string, unknown> = { name: "a" }
    circle.self = circle
    expect(showValue(circle)).toBe('{name = "a"; self = <cycle>}')
    let deep: unknown = 1
    for (let n = 0; n < 100_000; n++) deep = [deep]
    expect(showValue(deep)).toBe("[[[[[[…]]]]]]")
    expect(showValue(Array.from({ length: 1_000_000 }, (_, n) => n))).toMatch(/; 99; … 999900 more\]$/)
    expect(showValue("x".repeat(5000))).toMatch(/^"x{1000}…" \(5000 characters\)$/)
    const wide = (depth: number): unknown => (depth === 0 ? "leaf" : Array(90).fill(wide(depth - 1)))
    expect(showValue(wide(6)).length).toBeLessThanOrEqual(10_001)
  })

  it("shows the same thing twice if it is not a circle", () => {
    const shared = [1]
    expect(showValue([shared, shared])).toBe("[[1]; [1]]")
  })

  it("never throws and never prints more than one line", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withDate: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (value) => {
          expect(showValue(value)).toMatch(/^.*$/)
        },
      ),
    )
  })
})

describe("showArguments", () => {
  it.each([
    [["a", 1, some("x")], 'a 1 Some "x"'],
    [[1, "a"], "1 a"],
    [[], ""],
    [["%s is %d%%, %i, %o", "x", "3", 4.5, { a: 1 }, "rest"], "x is 3%, 4, {a = 1} rest"],
    [["%c red", "color: red"], " red"],
    [["100% %s"], "100% %s"],
  ])("%j", (values, text) => {
    expect(showArguments(values)).toBe(text)
  })
})
