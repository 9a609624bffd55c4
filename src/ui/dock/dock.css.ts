// The styles of the panel.

import { css, type CSSResult } from "lit"

/** The panel itself; xterm's own styles are beside it. */
export const dockStyles: CSSResult = css`
  :host {
    position: fixed; inset: auto 0 0 0; z-index: 40; display: flex; flex-direction: column; block-size: var(--mirage-dock, 0px);
    border-block-start: 1px solid var(--control); background: var(--surface); color: var(--text);
    font: clamp(15px, 1.15vw, 24px) / 1.4 var(--sans); text-align: start;
  }
  :host([hidden]) { display: none }
  .handle {
    position: absolute; inset: -5px 0 auto 0; block-size: 10px; cursor: row-resize; touch-action: none;
  }
  .handle:focus-visible { outline-offset: -3px }
  .handle::after {
    content: ""; position: absolute; inset: 3px auto auto calc(50% - 1.5em); inline-size: 3em; block-size: 4px; border-radius: 2px;
    background: var(--control);
  }
  .bar {
    display: flex; align-items: center; gap: .3em .5em; padding: .3em .5em 0; background: var(--bar); border-block-end: 1px solid var(--border);
  }
  .bar [role="tablist"] { flex: 0 1 auto; align-self: end }
  .bar .space { flex: 1 }
  .bar .hint { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; color: var(--muted); font-size: .9em }
  .bar button { flex: none; margin-block-end: .3em }
  .bar [role="tab"] { margin-block-end: 0 }
  .bar [role="tab"].down { text-decoration: line-through }
  .panel { position: relative; flex: 1; min-block-size: 0; display: flex; flex-direction: column; background: var(--ground) }
  .screen { flex: 1; min-block-size: 0; padding: .3em 0 0 .6em; overflow: hidden; background: var(--ground); color: var(--text); font-family: var(--mono) }
  .line { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; margin: 0; padding: .4em .7em; background: var(--surface); border-block-start: 1px solid var(--border) }
  .address { display: flex; gap: .5em; align-items: center; padding: .3em .5em; background: var(--surface); border-block-end: 1px solid var(--border) }
  .address code { flex: 1; min-inline-size: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-family: var(--mono) }
  .address a { color: var(--accent) }
  iframe { flex: 1; min-block-size: 0; inline-size: 100%; border: 0; background: #fff; color-scheme: light }
  iframe.down { opacity: .35; filter: grayscale(1) }
  .xterm { block-size: 100% }
  .xterm .xterm-viewport, .xterm .xterm-scrollable-element { background: var(--ground) !important }
  .screen:focus-within { outline: max(2px, .13em) solid var(--accent); outline-offset: -2px }
  @media (max-width: 599px) {
    .bar .hint { display: none }
    .bar button { min-block-size: 2.4em }
  }
  @media print { :host { display: none } }
`
