import { describe, expect, it } from "vitest"
import { type CodePalette, darkPalette, lightPalette } from "../../../src/ui/editor/themes.ts"
import { contrast } from "../../support/contrast.ts"

describe.each([
  ["light", lightPalette],
  ["dark", darkPalette],
] as [string, CodePalette][])("the %s theme", (_name, palette) => {
  const { ground, selection, ...inks } = palette
  it.each(Object.entries(inks))("%s can be read on its ground (WCAG 1.4.3)", (_ink, colour) => {
    expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5)
  })
  it("can be read when selected", () => {
    expect(contrast(palette.text, selection)).toBeGreaterThanOrEqual(4.5)
  })
})
