import { beforeEach, describe, expect, it } from "vitest"
import * as Checks from "../../../src/mirage/check/checks.ts"
import { equals } from "../../../src/mirage/check/equal.ts"
import { check, elapsed, equal, holds, printed } from "../../../src/mirage/check.ts"
import { start } from "../../../src/mirage/host.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import * as OS from "../../../src/mirage/os/os.ts"

/** A host in which no time passes for anybody but the simulation. */
beforeEach(() => {
  start({ print: (text) => Checks.heard(text), pace: async (ms) => ms, seed: 1 })
})

async function results(): Promise<Checks.Checked[]> {
  const all: Checks.Checked[] = []
  await Checks.run((one) => all.push(one))
  return all
}

describe("a check", () => {
  it("passes if nothing is thrown: at once, after a promise, or in direct style", async () => {
    check("at once", () => {})
    check("a promise", () => OS.Time.sleep(999))
    check("direct style", function* () {
      yield* OS.Time.sleep(1)
      equal(elapsed(), 1)
    })
    expect(Checks.count()).toBe(3)
    expect(await results()).toEqual([{ name: "at once" }, { name: "a promise" }, { name: "direct style" }])
  })

  it("says what it compared, and why it failed", async () => {
    check("equal", () => equal([1], [2], "The list"))
    check("holds", () => Lwt.map(() => holds(elapsed() < 2, "It is too slow."), OS.Time.sleep(2)))
    const oops = new TypeError("oops")
    check("thrown", () => Lwt.fail(oops))
    check("thrown at once", () => {
      throw oops
    })
    expect((await results()).map((one) => one.failure)).toEqual([
      { tag: "assertion", message: "The list is not what was expected.", compared: { expected: [2], got: [1] } },
      { tag: "assertion", message: "It is too slow." },
      { tag: "thrown", thrown: oops },
      { tag: "thrown", thrown: oops },
    ])
  })

  it("has a clock and a transcript of its own", async () => {
    OS.engine().print("before\nany check")
    expect(printed()).toEqual([
      { at: 0, text: "before" },
      { at: 0, text: "any check" },
    ])
    const say = (seconds: number, text: string) => OS.Time.sleep(seconds).map(() => OS.engine().print(text))
    check("one", () => say(2, "a\nb").map(() => equal(printed().length, 2)))
    check("two", () =>
      Lwt.join([say(1, "half "), say(2, "a line\n")]).map(() => {
        equal(printed(), [{ at: 2, text: "half a line" }])
      }),
    )
    expect((await results()).filter((one) => one.failure !== undefined)).toEqual([])
  })

  it("that waits for ever, or sleeps for ever, is given up after a thousand simulated seconds", async () => {
    check("waits", () => LwtMvar.take(LwtMvar.createEmpty<number>()))
    const round = (): Lwt.t<never> => OS.Time.sleep(1).bind(round)
    check("sleeps", round)
    check("and the next is run", () => {})
    const [waits, sleeps, next] = await results()
    expect(waits?.failure).toMatchObject({ tag: "assertion", message: expect.stringContaining("1000 simulated") })
    expect(sleeps?.failure).toEqual(waits?.failure)
    expect(next).toEqual({ name: "and the next is run" })
  })

  it("fails by the error of a thread that nobody waits for", async () => {
    check("async", () => {
      Lwt.async(() => OS.Time.sleep(1).bind(() => Lwt.failWith("lost")))
      return OS.Time.sleep(2)
    })
    expect((await results())[0]?.failure).toMatchObject({ tag: "thrown", thrown: { message: "lost" } })
  })

  it("belongs to one program", async () => {
    check("of the first", () => {})
    start({ print: () => {}, pace: async (ms) => ms, seed: 1 })
    expect(Checks.count()).toBe(0)
    expect(printed()).toEqual([])
  })
})

describe("equal", () => {
  class Box {
    readonly n: number
    constructor(n: number) {
      this.n = n
    }
  }
  const box = new Box(1)
  it.each([
    [1, 1, true],
    [NaN, NaN, true],
    [0, -0, false],
    ["a", "b", false],
    [[1, [2]], [1, [2]], true],
    [[1], [1, 2], false],
    [[], {}, false],
    [{ tag: "Some", value: 1 }, { value: 1, tag: "Some" }, true],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [{ a: undefined }, { b: undefined }, false],
    [null, {}, false],
    [new Uint8Array([1]), new Uint8Array([1]), true],
    [new Map([[1, [2]]]), new Map([[1, [2]]]), true],
    [new Set([1]), new Set([2]), false],
    [box, box, true],
    [box, new Box(1), false],
  ])("%o and %o: %s", (a, b, are) => {
    expect(equals(a, b)).toBe(are)
  })
})
