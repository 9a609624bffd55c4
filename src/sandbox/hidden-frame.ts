// Frames that nobody sees, and what nothing tells of them.

/** A frame that nobody sees or comes to by keyboard; `title` is for those who look at the page's insides. It is in no page yet. */
export function hiddenFrame(title: string): HTMLIFrameElement {
  const element = document.createElement("iframe")
  element.hidden = true
  // A page's style for frames may be stronger than the attribute.
  element.style.display = "none"
  element.title = title
  element.setAttribute("aria-hidden", "true")
  element.tabIndex = -1
  return element
}

/** Resolves when `element`, which is in the page, has been taken out of it. Nothing tells that, but for watching. */
export function whenGone(element: Element): Promise<void> {
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      if (element.isConnected) return
      watch.disconnect()
      resolve()
    })
    watch.observe(element.parentNode!, { childList: true })
  })
}
