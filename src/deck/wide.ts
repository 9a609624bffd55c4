// Pictures, charts and tables that are wider than a small window are scrolled in it. A finger can; a keyboard wants somewhere to be.

/** Put what is scrolled sideways under `root` into the order of the tab key while the page is a scroll, and out of it after. */
export function reachWide(root: ParentNode, inScroll: boolean): void {
  for (const element of root.querySelectorAll<HTMLElement>(
    ".picture-view, .chart, section > table, .table-data > table",
  )) {
    if (inScroll && element.scrollWidth > element.clientWidth) element.tabIndex = 0
    else element.removeAttribute("tabindex")
  }
}
