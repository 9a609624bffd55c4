// The editor's themes. Their colours are those of the page's highlighted code, so that a cell looks the same before and
// after its editor has come; each has a contrast of 4.5:1 or more on its ground, with high contrast 7:1, and each mark
// one of 3:1 (tests/ui/editor/themes.test.ts).

import type { editor } from "monaco-editor/editor/editor.api.js"

/** The colours of one theme, `#rrggbb`. */
export interface CodePalette {
  readonly ground: string
  readonly text: string
  readonly comment: string
  readonly keyword: string
  readonly string: string
  readonly number: string
  readonly type: string
  readonly selection: string
  readonly lineNumber: string
  /** Squiggles. */
  readonly error: string
  readonly warning: string
  readonly info: string
  /** The caret. */
  readonly caret: string
  /** The frames around what is found, and around brackets that belong together. */
  readonly frame: string
}

export const lightPalette: CodePalette = {
  ground: "#fbfaf7",
  text: "#24292f",
  comment: "#5d6673",
  keyword: "#a4261d",
  string: "#0a5a3c",
  number: "#0550ae",
  type: "#6f3bb5",
  selection: "#cfe3f7",
  lineNumber: "#6b7280",
  error: "#b3261e",
  warning: "#7a5600",
  info: "#1a55b5",
  caret: "#24292f",
  frame: "#77705f",
}

export const darkPalette: CodePalette = {
  ground: "#171b21",
  text: "#dde3ea",
  comment: "#97a3b3",
  keyword: "#ff8f80",
  string: "#8fd6a8",
  number: "#85bdff",
  type: "#cfaeff",
  selection: "#2c4560",
  lineNumber: "#8a95a5",
  error: "#ff8f80",
  warning: "#e8c55b",
  info: "#8ab8ff",
  caret: "#dde3ea",
  frame: "#7d8896",
}

export const contrastLightPalette: CodePalette = {
  ground: "#ffffff",
  text: "#000000",
  comment: "#3b424c",
  keyword: "#7a120b",
  string: "#00402a",
  number: "#00347a",
  type: "#4c1d8a",
  selection: "#b5d6ff",
  lineNumber: "#333333",
  error: "#7d120c",
  warning: "#523900",
  info: "#0b3a80",
  caret: "#000000",
  frame: "#000000",
}

export const contrastDarkPalette: CodePalette = {
  ground: "#000000",
  text: "#ffffff",
  comment: "#c3ccd8",
  keyword: "#ffb3a8",
  string: "#b4f0c8",
  number: "#b5d6ff",
  type: "#e3ceff",
  selection: "#0b3a80",
  lineNumber: "#d0d0d0",
  error: "#ffbab0",
  warning: "#f6dc86",
  info: "#b8d4ff",
  caret: "#ffffff",
  frame: "#ffffff",
}

/** The names that Monaco knows the themes by. */
export type ThemeName = "mirage-light" | "mirage-dark" | "mirage-contrast-light" | "mirage-contrast-dark"

/** The themes, and which of Monaco's own supplies what is not named here. */
export const themes: Readonly<Record<ThemeName, readonly [CodePalette, editor.BuiltinTheme]>> = {
  "mirage-light": [lightPalette, "vs"],
  "mirage-dark": [darkPalette, "vs-dark"],
  "mirage-contrast-light": [contrastLightPalette, "hc-light"],
  "mirage-contrast-dark": [contrastDarkPalette, "hc-black"],
}

/** What decides on the theme: the reader's choice on the page, and what the system asks for. */
export interface ThemeWishes {
  /** `data-theme` of the root element. */
  readonly chosen: string | undefined
  readonly systemIsDark: boolean
  readonly systemWantsContrast: boolean
}

/** The theme for these wishes. High contrast is light or dark as the system is. */
export function themeFor({ chosen, systemIsDark, systemWantsContrast }: ThemeWishes): ThemeName {
  const dark = chosen === "dark" || (chosen !== "light" && systemIsDark)
  if (chosen === "contrast" || systemWantsContrast) return dark ? "mirage-contrast-dark" : "mirage-contrast-light"
  return dark ? "mirage-dark" : "mirage-light"
}

/** A palette as Monaco wants it. `base` supplies everything that is not named here. */
export function monacoTheme(palette: CodePalette, base: editor.BuiltinTheme): editor.IStandaloneThemeData {
  const hex = (colour: string) => colour.slice(1)
  return {
    base,
    inherit: true,
    rules: [
      { token: "", foreground: hex(palette.text) },
      { token: "comment", foreground: hex(palette.comment), fontStyle: "italic" },
      { token: "keyword", foreground: hex(palette.keyword) },
      { token: "string", foreground: hex(palette.string) },
      { token: "regexp", foreground: hex(palette.string) },
      { token: "number", foreground: hex(palette.number) },
      { token: "type", foreground: hex(palette.type) },
      { token: "tag", foreground: hex(palette.keyword) },
      { token: "attribute.name", foreground: hex(palette.type) },
      { token: "attribute.value", foreground: hex(palette.string) },
      { token: "delimiter", foreground: hex(palette.text) },
    ],
    colors: {
      "editor.background": palette.ground,
      "editor.foreground": palette.text,
      "editor.selectionBackground": palette.selection,
      "editorLineNumber.foreground": palette.lineNumber,
      "editorLineNumber.activeForeground": palette.text,
      "editorCursor.foreground": palette.caret,
      "editorError.foreground": palette.error,
      "editorWarning.foreground": palette.warning,
      "editorInfo.foreground": palette.info,
      "editorHint.foreground": palette.info,
      "editorBracketMatch.border": palette.frame,
      "editor.findMatchBorder": palette.frame,
      "editor.findMatchHighlightBorder": palette.frame,
    },
  }
}
