// Keys of a tab list, by the ARIA practices: arrows, Home and End move, and what is moved to is shown.

/** Move among the tabs of `event`'s tab list. Returns the key (`data-tab`) to show, when there is one. */
export function tabKey(event: KeyboardEvent): string | undefined {
  const list = event.currentTarget as HTMLElement
  const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')]
  const at = tabs.findIndex((tab) => tab === event.target)
  const to = target(event.key, at, tabs.length)
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return undefined
  event.preventDefault()
  event.stopPropagation()
  tabs[to]?.focus()
  return tabs[to]?.dataset["tab"]
}

/** Where a key leads from tab `at` of `count`. */
export function target(key: string, at: number, count: number): number | undefined {
  if (at < 0 || count === 0) return undefined
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count
    case "ArrowLeft":
      return (at + count - 1) % count
    case "Home":
      return 0
    case "End":
      return count - 1
    default:
      return undefined
  }
}
