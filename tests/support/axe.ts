// What axe finds on a page.

import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"

/** What axe finds on the page as it is, or in parts of it, of WCAG 2.2 AA and its best practices. */
export async function violations(page: Page, ...parts: string[]): Promise<string[]> {
  // Half-shown slides have the contrast of neither.
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== "running"))
  // The frame with a unikernel's page runs no script, and so not axe's either.
  const axe = new AxeBuilder({ page })
  for (const part of parts) axe.include(part)
  const { violations: found } = await axe
    .exclude("iframe")
    .setLegacyMode(true)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze()
  return found.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${JSON.stringify(n.target)} ${n.failureSummary}`))
}
