// The styles of an exercise, in its cell's shadow; the tokens are the cell's (cell/mirage-cell.css.ts).

import { css, type CSSResult } from "lit"

/** The panel of an exercise. */
export const exerciseStyles: CSSResult = css`
  .exercise { border-block-start: 1px solid var(--border); border-radius: 0 0 .5em .5em }
  .ex-bar { display: flex; flex-wrap: wrap; align-items: center; gap: .4em .5em; padding: .35em .6em }
  .ex-bar .space { flex: 1 1 0 }
  .ex-bar button[aria-disabled="true"] { opacity: .6; cursor: default }
  .ex-bar button[aria-pressed="true"] { border-color: var(--accent); box-shadow: inset 0 -.16em var(--accent); font-weight: 600 }
  .ex-stage { font-weight: 600 }
  .ex-stage.passed { color: var(--ok) }
  .ex-stage.tried { color: var(--note) }
  button.check { min-inline-size: 6.2em; font-weight: 650; color: var(--accent); border-color: var(--accent) }
  .ex-note { margin: 0; padding: .1em .7em .45em; color: var(--muted) }
  .ex-results { margin: 0; padding: .1em .7em .3em; list-style: none }
  .ex-results li { margin-block: .25em; overflow-wrap: anywhere }
  .ex-results .passed b { color: var(--ok) }
  .ex-results .failed b { color: var(--error) }
  .ex-failure { padding-inline-start: 1.3em; white-space: pre-wrap }
  .ex-long { max-block-size: 8lh; overflow: auto; overscroll-behavior: contain; white-space: pre-wrap }
  .ex-results dl {
    display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1em .7em; margin: .2em 0 .3em 1.3em; padding: .3em .6em;
    background: var(--error-ground); border-inline-start: .25em solid var(--error);
  }
  .ex-results dt { color: var(--muted) }
  .ex-results dd { margin: 0; font-family: var(--mono); white-space: pre-wrap; overflow-wrap: anywhere }
  .ex-hints { margin: 0; padding: .1em .7em .5em 2.2em }
  .ex-hints li { margin-block: .25em }
  .exercise code { font-family: var(--mono); font-size: .95em }
  .ex-question { font-size: 1em; border-block-start: 1px solid var(--border); border-block-end: 0 }
  .ex-solution { border-block-start: 1px solid var(--border) }
  .ex-code {
    margin: 0; padding: .5em .8em; overflow: auto; font-family: var(--mono); line-height: 1.5; tab-size: 2;
    color: var(--code-text, inherit); background: var(--ground); border-radius: 0 0 .5em .5em;
  }
  .ex-code:focus-visible { outline-offset: -2px }
  .ex-code .comment { color: var(--code-comment); font-style: italic }
  .ex-code .keyword { color: var(--code-keyword) }
  .ex-code .string { color: var(--code-string) }
  .ex-code .number { color: var(--code-number) }
  .ex-code .type { color: var(--code-type) }
  .ex-diff { display: grid; grid-template-columns: minmax(max-content, 1fr) }
  .ex-diff .added { background: color-mix(in srgb, var(--ok) 16%, transparent) }
  .ex-diff .removed { background: color-mix(in srgb, var(--error) 14%, transparent) }
  @media (max-width: 599px) {
    .exercise { font-size: .93em }
    .ex-bar button { min-block-size: 2.7em; min-inline-size: 0 }
    /* In a row of its own: as the stage gets longer no button may move. */
    .ex-stage { flex-basis: 100% }
    .ex-stage + .space { display: none }
    button.check { margin-inline-start: auto }
  }
`
