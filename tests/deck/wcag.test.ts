// What WCAG 2.2 AA, and the habits of readers, ask of the deck: each has a test of this name. A test that is renamed or
// removed is missed here.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"

const tests = join(import.meta.dirname, "..")

/** What is asked, the file below tests/ that has the test, and the test's name or its beginning. */
const ASKED: readonly (readonly [what: string, file: string, test: string])[] = [
  ["1.4.3 contrast of text", "e2e/deck/slides.test.ts", "fits, can be read, and leaves axe nothing to say, in "],
  ["1.4.3 contrast of text, in the editor", "ui/editor/themes.test.ts", "%s can be read on its ground (WCAG 1.4.3)"],
  ["1.4.3 contrast of text, as asked for", "deck/theme.test.ts", "text can be read, %s"],
  ["1.4.10 reflow", "e2e/deck/wcag.test.ts", "1.4.10 reflow"],
  ["1.4.11 non-text contrast", "e2e/deck/wcag.test.ts", "1.4.11 non-text contrast: a squiggle"],
  ["1.4.11 of marks", "ui/editor/themes.test.ts", "1.4.11 non-text contrast"],
  ["1.4.11 of controls and charts", "deck/theme.test.ts", "controls, the focus and the lines of charts can be seen"],
  ["1.4.12 text spacing", "e2e/deck/wcag.test.ts", "1.4.12 text spacing"],
  ["1.4.13 content on hover", "e2e/deck/wcag.test.ts", "1.4.13 content on hover"],
  ["2.1.1 keyboard", "e2e/deck/wcag.test.ts", "2.1.1 keyboard"],
  ["2.1.1 keyboard: Run", "e2e/cells.test.ts", "Tab reaches Run; Space and Enter press it, and the slide stays"],
  ["2.1.1 keyboard: pace", "e2e/cells.test.ts", "the arrows of the choice of pace choose, and do not turn the slide"],
  ["2.1.1 keyboard: tabs", "e2e/cells.test.ts", "the tabs of a cell are moved through by arrows"],
  ["2.1.1 keyboard: timeline", "e2e/timeline.test.ts", "is worked by keyboard, and Enter shows the line"],
  ["2.1.1 keyboard: notebook", "e2e/notebook.test.ts", "is worked by keyboard alone"],
  ["2.1.2 no keyboard trap", "e2e/deck/wcag.test.ts", "2.1.2 no keyboard trap"],
  [
    "2.1.2 Escape",
    "e2e/editor.test.ts",
    "Escape closes what the editor has open, and then leaves it for the Run button",
  ],
  ["2.1.4 single-key shortcuts", "e2e/deck.test.ts", "opens the help, whose switch turns single letters off"],
  ["2.1.4 where they act", "deck/keyboard.test.ts", "none is the show's in %s"],
  ["2.1.4 composed text", "deck/keyboard.test.ts", "leaves composed text, keys that somebody has taken"],
  ["2.2.2 pause, stop, hide", "e2e/deck/wcag.test.ts", "2.2.2 pause, stop, hide"],
  ["2.2.2 a run", "e2e/cells.test.ts", "stop() ends a run, and run() settles then"],
  ["2.3.3 motion", "e2e/deck.test.ts", "motion, nothing moves"],
  ["2.4.3 focus order", "e2e/deck/wcag.test.ts", "2.1.1 keyboard, 2.4.3 focus order"],
  ["2.4.7 focus visible", "e2e/accessibility.test.ts", "sees where the focus is, at every stop of a slide"],
  ["2.4.11 focus not obscured", "e2e/deck/wcag.test.ts", "2.4.11 focus not obscured"],
  ["2.5.7 dragging: slides", "e2e/deck.test.ts", "goes in all four directions"],
  ["2.5.7 dragging: timeline", "e2e/timeline.test.ts", "shows the line of a row that is clicked, and zooms"],
  ["2.5.8 target size", "e2e/accessibility.test.ts", "has targets of 24 pixels and more"],
  ["3.2.6 consistent help", "e2e/deck/wcag.test.ts", "3.2.6 consistent help"],
  ["3.3.1 error identification", "e2e/deck/wcag.test.ts", "3.3.1 error identification"],
  ["4.1.3 status messages", "e2e/accessibility.test.ts", "hears of a flood of lines as a number, not line by line"],
  ["4.1.3 the end of a run", "e2e/accessibility.test.ts", "hears that a short run is done, and what it said"],
  [
    "focus goes to the slide's heading",
    "e2e/accessibility.test.ts",
    "is taken to the heading of a slide that is turned to",
  ],
  [
    "a slide says which of how many",
    "e2e/accessibility.test.ts",
    "hears where it is: a slide, its number, and of how many",
  ],
  [
    "no application, hidden slides inert",
    "e2e/editor.test.ts",
    "the slides are no application, and those that are not shown are inert",
  ],
  ["the editor says what it is", "e2e/editor.test.ts", "the editor says what it is and how to leave it"],
  ["pictures have a text twin", "content/pictures/figure.test.ts", "names its drawing for whoever cannot see it"],
  [
    "plots have a table",
    "content/figures.test.ts",
    "has a table that can be read, with headings for its rows and columns",
  ],
  [
    "the timeline has a table",
    "e2e/timeline.test.ts",
    "opens with the first run of a cell that has one, and its table says who cancelled whom",
  ],
  ["keys in the editor", "e2e/editor.test.ts", "typed into the editor are the editor's, at scale "],
  ["keys in a shadow tree", "e2e/editor.test.ts", "typed into a text area in a shadow tree stay in it"],
  ["clicks under the scale", "e2e/editor.test.ts", "a click puts the caret exactly there, at scale "],
  ["hover cards under the scale", "e2e/editor.test.ts", "the hover card lies at its word and says the type, at scale "],
  ["context menus under the scale", "e2e/editor.test.ts", "the context menu opens where the click was, at scale "],
  ["suggestions under the scale", "e2e/editor.test.ts", "suggestions appear at the caret, at scale "],
  ["Ctrl+Enter runs", "e2e/editor.test.ts", "Ctrl+Enter runs the text as it is, and leaves the caret where it is"],
  ["Shift+Enter runs, and goes on", "e2e/editor.test.ts", "Shift+Enter runs it and goes to the next cell"],
  [
    "Reset can be undone",
    "e2e/cells.test.ts",
    "value is the text, and can be set; reset() takes it back, and can be undone",
  ],
  [
    "output stays while it runs again",
    "e2e/cells.test.ts",
    "keeps the last output, dimmed, until the next has something to show",
  ],
]

it.each(ASKED)("%s", (_, file, test) => {
  expect(readFileSync(join(tests, file), "utf8")).toContain(test)
})
