// `npm run check:webcontainer`: asks the real service whether it is as we assume, and prints a line for each thing. For people
// with network access: build first (`npm run build`). `-- --origin https://…` asks another one, `--coep credentialless` in
// another isolation, `--key …` with a key.

import { parseArgs } from "node:util"
import type { Page } from "playwright-core"
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts"
import { launch } from "./browser.ts"
import { deckProbe, type Finding, type Probe, probes } from "./webcontainer/probes.ts"
import { type OwnersSettings, siteOf } from "./webcontainer/site.ts"

const { values } = parseArgs({
  options: { origin: { type: "string" }, coep: { type: "string" }, key: { type: "string" } },
})
const { webcontainer } = DEFAULT_SETTINGS
const origin = values.origin ?? webcontainer.origin
const coep = values.coep === "credentialless" ? "credentialless" : webcontainer.coep
const settings: OwnersSettings = {
  use: "on",
  origin,
  coep,
  ...(values.key === undefined ? {} : { apiKey: values.key }),
}

/** A question may take so long. */
const LIMIT_MS = 60_000

/** The first request of the container's page that failed, and the address that it came with. */
function watchFrame(page: Page): { readonly failed: Promise<string>; referrer(): string | undefined } {
  let referrer: string | undefined
  const isFrame = (url: string): boolean => url.startsWith(`${new URL(origin).origin}/headless?`)
  const failed = new Promise<string>((resolve) => {
    page.on("requestfailed", (request) => {
      if (isFrame(request.url())) resolve(request.failure()?.errorText ?? "it failed")
    })
    page.on("response", (response) => {
      if (!isFrame(response.url())) return
      void response
        .request()
        .allHeaders()
        .then(({ referer }) => (referrer = referer ?? "none"))
      if (response.status() >= 400) resolve(`HTTP status ${response.status()}`)
    })
  })
  return { failed, referrer: () => referrer }
}

async function within(asked: Promise<Finding>, failed: Promise<string>): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve({ found: `nothing within ${LIMIT_MS / 1000} s`, good: false }), LIMIT_MS)
  })
  const unreachable = failed.then((why) => ({ found: `${origin} cannot be loaded: ${why}`, good: false }))
  const thrown = (e: unknown): Finding => ({ found: String((e as Error).message).split("\n")[0]!, good: false })
  try {
    return await Promise.race([asked.catch(thrown), late, unreachable])
  } finally {
    clearTimeout(timer)
  }
}

function print(name: string, expected: string, { found, good }: Finding): void {
  console.log(`${good ? "ok " : "NOT"}  ${name}: ${found} (expected: ${expected})`)
}

const site = await siteOf(settings)
// Memory is measured at once, instead of some time in the next minute.
const browser = await launch("--enable-blink-features=ForceEagerMeasureMemory")
let wrong = 0

/** Ask, and print what was found. Whether it was good. */
async function ask(probe: Probe, page: Page, failed: Promise<string>): Promise<boolean> {
  const finding = await within(probe.ask(page), failed)
  print(probe.name, probe.expected, finding)
  if (!finding.good) wrong++
  return finding.good
}

try {
  console.log(`The WebContainer of ${origin}, in ${browser.browserType().name()} ${browser.version()}, ${coep}`)
  const page = await browser.newPage()
  const frame = watchFrame(page)
  // tsx has every function carry its name, by a function that a page does not have.
  await page.addInitScript("globalThis.__name = (f) => f")
  await page.goto(`${site.url}webcontainer.html`)
  let booted = false
  for (const probe of probes(origin, coep, values.key)) {
    const good = await ask(probe, page, frame.failed)
    if (probe.name !== "boots") continue
    booted = good
    if (!booted) break
  }
  const referrer = frame.referrer()
  if (booted && referrer !== undefined) {
    const good = referrer === `${new URL(site.url).origin}/` || referrer.startsWith(site.url)
    print("is told where the page is (Referer)", "this page, or its origin", { found: referrer, good })
    if (!good) wrong++
  }
  await page.close()
  if (booted) {
    const deck = await browser.newPage()
    await deck.addInitScript("globalThis.__name = (f) => f")
    await deck.goto(`${site.url}#/finding-your-way`)
    await ask(deckProbe, deck, watchFrame(deck).failed)
  } else {
    console.log(
      "It has not booted, so nothing else can be asked. Is there a network, and does it let this origin through?",
    )
  }
} finally {
  await browser.close()
  await site.close()
}
console.log(wrong === 0 ? "All as expected." : `${wrong} not as expected.`)
process.exitCode = wrong === 0 ? 0 : 1
