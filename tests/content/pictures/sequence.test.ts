// Scenes joined as steps are, at each step, the scenes that were joined.

import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Item, type Scene, sceneAt, shiftAt, timeless } from "../../../src/content/pictures/scene.ts"
import { sequence } from "../../../src/content/pictures/sequence.ts"
import { stack, TARGETS } from "../../../src/content/pictures/stack.ts"
import { lines } from "../../../src/content/pictures/text.ts"

const targets = fc.array(fc.constantFrom(...Object.keys(TARGETS)), { minLength: 2, maxLength: 6 })

/** What is seen: the order of what does not overlap is nobody's business, and nor is how a shape came to its place. */
function seen(scene: Scene): string[] {
  const one = (item: Item) => {
    const at = shiftAt(item, 0)
    return JSON.stringify([timeless(item), at.x, at.y], (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  }
  return scene.items.map(one).toSorted()
}

describe("laws", () => {
  it("every step of a stack is the stack of its target", () => {
    fc.assert(
      fc.property(targets, (names) => {
        const joined = stack(names)
        for (const [step, name] of names.entries()) {
          expect(seen(sceneAt(joined, step))).toEqual(seen(sceneAt(stack([name]), 0)))
        }
      }),
    )
  })
})

describe("sequence", () => {
  const box = (text: string, x: number): Item => ({
    kind: "box",
    id: "a",
    lines: lines(text, 20),
    tone: "plain",
    x,
    y: 0,
    width: 100,
    height: 40,
  })
  const scene = (...items: Item[]) => ({
    title: "T",
    description: "D.",
    width: 400,
    height: 40,
    steps: [],
    items,
    step: { title: "S", says: "Says." },
  })

  it("moves what has moved, instead of drawing it again", () => {
    const { items } = sequence(
      [scene(box("x", 0)), scene(box("x", 50)), scene(box("x", 50)), scene(box("x", 10))],
      "T",
      "D.",
    )
    expect(items).toHaveLength(1)
    expect(items[0]?.moves).toEqual([
      { at: 1, dx: 50, dy: 0 },
      { at: 3, dx: -40, dy: 0 },
    ])
  })

  it("draws anew what has changed, and what has been away", () => {
    const { items } = sequence([scene(box("x", 0)), scene(box("y", 0)), scene(), scene(box("y", 0))], "T", "D.")
    expect(items.map(({ from, until }) => [from, until])).toEqual([
      [undefined, 1],
      [1, 2],
      [3, undefined],
    ])
  })

  it("refuses two things of one name", () => {
    expect(() => sequence([scene(box("x", 0), box("y", 200))], "T", "D.")).toThrow(/box a/)
  })
})

describe("the three ways of modules", () => {
  it("keeps from step to step what it has shown, where it was", async () => {
    const { modules } = await import("../../../src/content/pictures/modules.ts")
    const whole = modules()
    const of = (step: number) =>
      new Map(sceneAt(whole, step).items.flatMap((i) => (i.kind === "box" ? [[i.id, [i.x, i.y]] as const] : [])))
    for (const step of [1, 2]) {
      const now = of(step)
      for (const [id, place] of of(step - 1)) expect(now.get(id), id).toEqual(place)
    }
    // The last edges never change: what is above TCP cannot tell what is beneath.
    const last = (step: number) =>
      sceneAt(whole, step).items.filter((i) => i.kind === "edge" && i.source === "Cohttp" && i.target === "MyHomePage")
    expect(last(0)).toHaveLength(1)
    expect(last(0)).toEqual(last(1))
    expect(last(1)).toEqual(last(2))
  })

  it("has one thick way from a platform to the application at every step", async () => {
    const { modules } = await import("../../../src/content/pictures/modules.ts")
    const roots = [0, 1, 2].map((step) => {
      const edges = sceneAt(modules(), step).items.flatMap((i) =>
        i.kind === "edge" && i.strong !== undefined ? [i] : [],
      )
      let at = "MyHomePage"
      for (
        let edge = edges.find((e) => e.target === at);
        edge !== undefined;
        edge = edges.find((e) => e.target === at)
      ) {
        at = edge.source
      }
      return at
    })
    expect(roots).toEqual(["UnixELF", "UnixELF", "XenBoot"])
  })
})
