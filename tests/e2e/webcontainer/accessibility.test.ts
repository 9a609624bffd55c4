// The badge's menu and the panel, for readers who do not see them, or see them in other colours.

import { describe, expect, it } from "vitest"
import { violations } from "../../support/axe.ts"
import { contrast } from "../../support/contrast.ts"
import type { DeckOptions } from "../../support/page.ts"
import type { ContainerDeck } from "../../support/webcontainer/deck.ts"
import { useContainerTutorial } from "../../support/webcontainer/tutorial.ts"

const tutorial = useContainerTutorial()
let deck: ContainerDeck

const LOOKS: readonly (readonly [string, DeckOptions])[] = [
  ["in light", { colorScheme: "light" }],
  ["in dark", { colorScheme: "dark" }],
  ["in high contrast, light", { colorScheme: "light", contrast: "more" }],
  ["in high contrast, dark", { colorScheme: "dark", contrast: "more" }],
  ["on a phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
]

/** axe looks at every element of the deck, for what lies behind what. */
const LONG = 150_000

describe.each(LOOKS)("%s", (_, options) => {
  it(
    "axe finds nothing on the menu and the shell, and every colour of the terminal can be read",
    async () => {
      deck = await tutorial.open({
        slide: "using-it",
        runtime: "webcontainer",
        ...options,
      })
      await deck.openShell()
      await deck.page.keyboard.type(
        `for i in 0 1 2 3 4 5 6 7; do printf "\\033[3\${i}mInk$i\\033[9\${i}mink$i\\033[0m\\n"; done`,
      )
      await deck.page.keyboard.press("Enter")
      await deck.shows("ink7")
      const inks = await inksOf(deck)
      expect(inks.length).toBeGreaterThanOrEqual(16)
      const ratio = options.contrast === "more" ? 7 : 4.5
      for (const [name, ink, ground] of inks)
        expect(contrast(ink, ground), `${name} ${ink}`).toBeGreaterThanOrEqual(ratio)
      await deck.badge("uses.ts").scrollIntoViewIfNeeded()
      await deck.badge("uses.ts").click()
      await deck.menu.getByText(/A WebContainer is up/).waitFor()
      expect(await violations(deck.page, "mirage-runtime-menu", "mirage-dock")).toEqual([])
    },
    LONG,
  )
})

it(
  "axe finds nothing on a preview, of a server that runs and of one that has stopped",
  async () => {
    deck = await tutorial.open({ slide: "using-it", runtime: "webcontainer" })
    await deck.openShell()
    await deck.page.keyboard.type(`node -e 'require("http").createServer((q, s) => s.end("page")).listen(8080)'`)
    await deck.page.keyboard.press("Enter")
    await deck.dock.frameLocator("iframe").getByText("page").waitFor()
    expect(await violations(deck.page, "mirage-dock")).toEqual([])
    tutorial.double.killProcesses()
    await deck.dock.getByText("The server on port 8080 has stopped. Its page").waitFor()
    expect(await violations(deck.page, "mirage-dock")).toEqual([])
  },
  LONG,
)

/** The words Ink0, ink0 … in the terminal, with their colours and the ground's as `#rrggbb`. */
function inksOf({ dock }: ContainerDeck): Promise<(readonly [string, string, string])[]> {
  return dock.locator(".xterm-rows span").evaluateAll((spans) => {
    const hex = (colour: string): string =>
      `#${(colour.match(/\d+/g) ?? [])
        .slice(0, 3)
        .map((n) => Number(n).toString(16).padStart(2, "0"))
        .join("")}`
    const ground = getComputedStyle(spans[0]!.closest(".screen")!).backgroundColor
    return spans
      .filter((span) => /^[Ii]nk\d/.test(span.textContent ?? ""))
      .map((span) => [span.textContent ?? "", hex(getComputedStyle(span).color), hex(ground)] as const)
  })
}

it("the controls of the panel are as large as a finger wants them, and show where the focus is", async () => {
  deck = await tutorial.open({ slide: "using-it", runtime: "webcontainer" })
  await deck.openShell()
  const small = await deck.dock.locator("button, [role=tab]").evaluateAll((all) =>
    all
      .map((e) => ({ name: e.textContent, box: e.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ name }) => name),
  )
  expect(small).toEqual([])
  await deck.page.keyboard.press("Control+m")
  const unseen: string[] = []
  for (let i = 0; i < 3; i++) {
    await deck.page.keyboard.press("Tab")
    const bare = await deck.page.evaluate(() => {
      const at = document.activeElement?.shadowRoot?.activeElement
      return at == null || getComputedStyle(at).outlineStyle === "none"
        ? `${at?.localName} ${at?.textContent}`
        : undefined
    })
    if (bare !== undefined) unseen.push(bare)
  }
  expect(unseen.filter((name) => !name.startsWith("undefined"))).toEqual([])
})
