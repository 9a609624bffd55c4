// The styles of a cell's shadow: its toolbar, its output, its panes. Colours come from the page by `--mirage-…`; without
// them they follow `color-scheme`. Every size is relative to the cell's own type, which the page sets.

import { css, type CSSResult } from "lit"

/** Tokens with their fallbacks; every element of ours begins with these. */
export const tokens: CSSResult = css`
  :host {
    --text: var(--mirage-text, light-dark(#1f2328, #e6eaef));
    --muted: var(--mirage-muted, light-dark(#57606a, #9aa7b5));
    --surface: var(--mirage-surface, light-dark(#ffffff, #1c2128));
    --ground: var(--mirage-code-ground, light-dark(#fbfaf7, #171b21));
    --bar: var(--mirage-bar, light-dark(#f0eee8, #22272f));
    --border: var(--mirage-border, light-dark(#cfcbc0, #3a424d));
    --control: var(--mirage-control-border, light-dark(#7d7a72, #7b8794));
    --accent: var(--mirage-accent, light-dark(#0b5c8a, #6db8e8));
    --on-accent: var(--mirage-on-accent, light-dark(#ffffff, #0d1117));
    --error: var(--mirage-error, light-dark(#a4161a, #ff9a92));
    --error-ground: var(--mirage-error-ground, light-dark(#fdecea, #3a1d1d));
    --note: var(--mirage-note, light-dark(#6a4b00, #e8c268));
    --ok: var(--mirage-ok, light-dark(#0a5a3c, #8fd6a8));
    --type: var(--code-type, light-dark(#6f3bb5, #cfaeff));
    --mono: var(--mirage-code-font, "JetBrains Mono Variable", ui-monospace, monospace);
    --sans: var(--mirage-font, "Source Sans 3 Variable", system-ui, sans-serif);
  }
  * { box-sizing: border-box }
  [hidden] { display: none !important }
  button, select, input {
    font: inherit; color: inherit; letter-spacing: inherit;
  }
  button, select {
    min-block-size: max(2em, 24px); min-inline-size: 24px; padding: 0 .65em; cursor: pointer;
    background: transparent; border: 1px solid var(--control); border-radius: .35em;
  }
  button:hover:not(:disabled), select:hover { background: color-mix(in srgb, currentColor 9%, transparent) }
  button:disabled { opacity: .55; cursor: default }
  :focus-visible { outline: max(2px, .13em) solid var(--accent); outline-offset: 2px }
  select option { color: CanvasText; background: Canvas }
  .unseen {
    position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap;
  }
  [role="tablist"] { display: flex; gap: .15em; min-inline-size: 0; overflow: auto hidden; scrollbar-width: none }
  [role="tab"] {
    flex: none; border: 0; border-radius: .35em .35em 0 0; border-block-end: .16em solid transparent; color: var(--muted);
  }
  [role="tab"][aria-selected="true"] { color: var(--text); font-weight: 600; border-block-end-color: var(--accent) }
  [role="tab"]:focus-visible { outline-offset: -2px }
  @media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important } }
`

/** Printed text: lines, and the classes that `AnsiReader` gives. */
export const printed: CSSResult = css`
  .line { min-block-size: 1lh; white-space: pre-wrap; overflow-wrap: anywhere }
  .err { color: var(--error) }
  .note { color: var(--note); font-style: italic }
  .bold { font-weight: 700 } .faint { opacity: .7 } .italic { font-style: italic } .underline { text-decoration: underline }
  .inverse { color: var(--ground); background: var(--text) }
  .fg-black { color: light-dark(#24292f, #8b949e) } .fg-bright-black { color: var(--muted) }
  .fg-red, .fg-bright-red { color: light-dark(#a4161a, #ff9a92) }
  .fg-green, .fg-bright-green { color: light-dark(#0a5a3c, #8fd6a8) }
  .fg-yellow, .fg-bright-yellow { color: light-dark(#6a4b00, #e8c268) }
  .fg-blue, .fg-bright-blue { color: light-dark(#0550ae, #85bdff) }
  .fg-magenta, .fg-bright-magenta { color: light-dark(#8a2f86, #f0a3ea) }
  .fg-cyan, .fg-bright-cyan { color: light-dark(#0b5563, #7fd8e6) }
  .fg-white { color: light-dark(#57606a, #c9d1d9) } .fg-bright-white { color: var(--text) }
  .bg-black, .bg-bright-black { color: #fff; background: #24292f }
  .bg-red, .bg-bright-red { color: #fff; background: #a4161a } .bg-green, .bg-bright-green { color: #fff; background: #0a5a3c }
  .bg-yellow, .bg-bright-yellow { color: #1f2328; background: #e8c268 } .bg-blue, .bg-bright-blue { color: #fff; background: #0550ae }
  .bg-magenta, .bg-bright-magenta { color: #fff; background: #8a2f86 } .bg-cyan, .bg-bright-cyan { color: #fff; background: #0b5563 }
  .bg-white, .bg-bright-white { color: #1f2328; background: #dde3ea }
`

/** The cell itself. */
export const styles: CSSResult = css`
  :host {
    display: block; margin-block: var(--mirage-cell-margin, .8em); text-align: start; color: var(--text);
    font: var(--mirage-cell-font-size, 1.125rem) / 1.45 var(--sans);
    /* An operator is shown as it is typed; the pages' code does so too. */
    font-variant-ligatures: none;
    letter-spacing: normal; text-transform: none;
  }
  :host([hidden]) { display: none }
  .cell { position: relative; border: 1px solid var(--border); border-radius: .5em; background: var(--surface) }
  :host([status="running"]) .cell { border-color: var(--accent) }
  :host([status="failed"]) .cell { border-color: var(--error) }

  .bar {
    display: flex; flex-wrap: wrap; align-items: center; gap: .3em .5em; padding: .3em .4em .3em .6em; font-size: .85em;
    background: var(--bar); border-radius: .5em .5em 0 0; border-block-end: 1px solid var(--border);
  }
  .file { font-family: var(--mono); font-weight: 600; font-size: .95em; overflow-wrap: anywhere }
  .bar [role="tablist"] { align-self: end; margin-block-end: -.3em; font-family: var(--mono); font-size: .95em }
  .bar > .space { flex: 1 0 0 }
  /* One line, whatever happens: a slide has no room for another. The words yield first, then the tabs scroll. */
  @media (min-width: 600px) { .bar { flex-wrap: nowrap } }
  .bar > * { flex: none }
  .bar [role="tablist"], .file { flex: 0 1 auto }
  .hint { flex: 0 1000 auto; min-inline-size: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; color: var(--muted) }
  .badge {
    padding: 0 .5em; border: 1px solid transparent; border-radius: 1em; color: var(--muted);
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  button.badge { border-color: transparent }
  .badge.edited { color: var(--note) }
  .run {
    min-inline-size: 6.2em; font-weight: 650; color: var(--on-accent); background: var(--accent); border-color: var(--accent);
    font-variant-numeric: tabular-nums;
  }
  .run:hover:not(:disabled) { background: color-mix(in srgb, var(--accent) 86%, var(--text)) }
  .run.stop { color: var(--text); background: transparent; border-color: var(--error) }
  .run.stop:hover:not(:disabled) { background: color-mix(in srgb, var(--error) 12%, transparent) }
  .run:focus-visible { outline-color: var(--text) }
  .icon { font-size: .8em; margin-inline-end: .25em }

  .told {
    display: flex; flex-wrap: wrap; gap: .4em .8em; align-items: center; padding: .4em .7em; font-size: .85em; color: var(--text);
    background: color-mix(in srgb, var(--note) 14%, var(--surface)); border-block-end: 1px solid var(--border);
  }

  .code { background: var(--ground); font-family: var(--mono); font-size: var(--mirage-code-size, 1em) }
  .code.last ::slotted(*) { border-radius: 0 0 .5em .5em }
  /* !important: the page's own display must not show what is hidden. */
  ::slotted([hidden]) { display: none !important }

  .below { border-block-start: 1px solid var(--border) }
  .below > [role="tablist"] { padding: .2em .4em 0; font-size: .85em; background: var(--bar); border-block-end: 1px solid var(--border) }
  .output {
    max-block-size: var(--mirage-cell-output-height, 14em); overflow: auto; padding: .4em .7em; font-family: var(--mono);
    font-size: var(--mirage-output-size, .95em); line-height: 1.45; overscroll-behavior: contain;
    border-radius: 0 0 .5em .5em;
  }
  .dimmed { opacity: .5 }
  .value { white-space: pre-wrap; overflow-wrap: anywhere }
  .value .val { color: var(--muted) } .value .type { color: var(--type) } .value b { font-weight: 650 }
  .caption { color: var(--muted); font-family: var(--sans); font-size: .85em }
  .error {
    margin-block: .2em; padding: .15em .5em; color: var(--error); background: var(--error-ground); border-inline-start: .25em solid currentColor;
    white-space: pre-wrap; overflow-wrap: anywhere;
  }
  .at {
    min-block-size: 24px; padding: 0 .2em; border: 0; color: inherit; text-decoration: underline; text-underline-offset: .2em;
    font-family: var(--mono);
  }
  .stack { display: flex; flex-wrap: wrap; gap: 0 .6em; font-size: .9em; opacity: .9 }
  .serving { padding: .3em .7em; border-block-start: 1px solid var(--border); display: flex; flex-wrap: wrap; gap: .4em .6em; align-items: center; font-family: var(--sans); font-size: .9em; color: var(--ok) }
  .serving button { color: var(--text) }
  .says { color: var(--muted); font-family: var(--sans); font-size: .9em }
  .pane { block-size: var(--mirage-cell-pane-height, var(--mirage-cell-output-height, 16em)); min-block-size: min(8em, var(--mirage-cell-pane-height, 8em)); overflow: hidden; border-radius: 0 0 .5em .5em }
  .pane > * { block-size: 100% }
  .pane > .untraced { padding: .3em .8em; font-size: .9em }

  @media (max-width: 599px) {
    :host { font-size: var(--mirage-cell-font-size-phone, 1rem) }
    .bar button, .bar select { min-block-size: 2.6em }
  }
  @media (forced-colors: active) {
    [role="tab"][aria-selected="true"] { border-block-end-color: Highlight }
    .run { forced-color-adjust: none }
  }
`
