import { describe, expect, it } from "vitest"
import { themeFor, themes } from "../../../src/ui/editor/themes.ts"
import { contrast } from "../../support/contrast.ts"

const MARKS = ["error", "warning", "info", "caret", "frame"] as const

describe.each(Object.entries(themes))("the theme %s", (name, [palette]) => {
  const { ground, selection, ...rest } = palette
  const inks = Object.entries(rest).filter(([ink]) => !MARKS.some((mark) => mark === ink))
  const wanted = name.includes("contrast") ? 7 : 4.5

  it.each(inks)("%s can be read on its ground (WCAG 1.4.3)", (_ink, colour) => {
    expect(contrast(colour, ground)).toBeGreaterThanOrEqual(wanted)
  })
  it("can be read when selected", () => {
    expect(contrast(palette.text, selection)).toBeGreaterThanOrEqual(wanted)
  })
  it.each(MARKS)("1.4.11 non-text contrast: the %s can be seen on its ground", (mark) => {
    expect(contrast(palette[mark], ground)).toBeGreaterThanOrEqual(3)
  })
})

describe("the theme of the editor", () => {
  const wishes = { chosen: undefined, systemIsDark: false, systemWantsContrast: false }
  it.each([
    [{}, "mirage-light"],
    [{ systemIsDark: true }, "mirage-dark"],
    [{ chosen: "dark" }, "mirage-dark"],
    [{ chosen: "light", systemIsDark: true }, "mirage-light"],
    [{ chosen: "contrast" }, "mirage-contrast-light"],
    [{ chosen: "contrast", systemIsDark: true }, "mirage-contrast-dark"],
    [{ systemWantsContrast: true, systemIsDark: true }, "mirage-contrast-dark"],
    [{ systemWantsContrast: true, chosen: "light", systemIsDark: true }, "mirage-contrast-light"],
  ])("for %j is %s", (some, theme) => {
    expect(themeFor({ ...wishes, ...some })).toBe(theme)
  })
})
