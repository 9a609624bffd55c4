// The list of contents: which section is being read, and how far the reader is with the exercises of each.

import { type Stage, stageText } from "../ui/exercise/progress.ts"

const SIGNS: Readonly<Record<Stage, string>> = { new: "○", tried: "◐", passed: "●" }

/** Mark the link of the section that is being read. */
export function followSections(contents: HTMLElement, sections: Iterable<Element>): void {
  const shown = new Set<Element>()
  const all = [...sections]
  const links = new Map([...contents.querySelectorAll("a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]))
  const watch = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) shown.add(target)
        else shown.delete(target)
      }
      const first = all.find((section) => shown.has(section))
      for (const section of all) {
        const link = links.get(section.id)
        if (section === first) link?.setAttribute("aria-current", "true")
        else link?.removeAttribute("aria-current")
      }
    },
    // A section is being read when it has come into the upper part of the window.
    { rootMargin: "0px 0px -70% 0px" },
  )
  for (const section of all) watch.observe(section)
}

/** Write the stage of each exercise behind its section, and how many are passed in front of the list. */
export function showProgress(contents: HTMLElement, stageOf: (entry: string) => Stage): void {
  const marks = [...contents.querySelectorAll<HTMLElement>("[data-exercise-of]")]
  let passed = 0
  for (const mark of marks) {
    const stage = stageOf(mark.dataset["exerciseOf"] ?? "")
    if (stage === "passed") passed += 1
    mark.dataset["stage"] = stage
    mark.textContent = SIGNS[stage]
    mark.title = `Exercise: ${stageText(stage)}`
    mark.setAttribute("role", "img")
    mark.setAttribute("aria-label", mark.title)
  }
  const summary = contents.querySelector("summary")
  if (summary !== null && marks.length > 0)
    summary.textContent = `Contents · ${passed} of ${marks.length} exercises passed`
}
