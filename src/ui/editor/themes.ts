// The editor's two themes. Their colours are those of the page's highlighted code, so that a cell looks the same before
// and after its editor has come; each has a contrast of 4.5:1 or more on its ground (tests/ui/editor/themes.test.ts).

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
}

/** A palette as Monaco wants it. `base` supplies everything that is not named here. */
export function monacoTheme(palette: CodePalette, base: "vs" | "vs-dark"): editor.IStandaloneThemeData {
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
    },
  }
}
