import { expect, it } from "vitest"
import { reachWide } from "../../src/deck/wide.ts"

/** As much of an element as is looked at. */
class Box {
  tabIndex: number | undefined
  readonly scrollWidth: number
  readonly clientWidth: number
  constructor(scrollWidth: number, clientWidth: number) {
    this.scrollWidth = scrollWidth
    this.clientWidth = clientWidth
  }
  removeAttribute(name: string): void {
    if (name === "tabindex") this.tabIndex = undefined
  }
}

it("lets the tab key reach what is scrolled, while there is a scroll", () => {
  const boxes = [new Box(740, 354), new Box(354, 354)]
  const root = { querySelectorAll: () => boxes } as unknown as ParentNode
  reachWide(root, true)
  expect(boxes.map((b) => b.tabIndex)).toEqual([0, undefined])
  reachWide(root, false)
  expect(boxes.map((b) => b.tabIndex)).toEqual([undefined, undefined])
})
