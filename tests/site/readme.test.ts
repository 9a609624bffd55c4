// README's "Putting it on a host" has every setting and every file for a host.

import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { hostFiles } from "../../src/site/host-files.ts"
import { CHECKS, DEFAULT_SETTINGS } from "../../src/site/settings.ts"
import { PREFIX, settingsOf } from "../../src/site/variables.ts"

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8")
const section = /^## Putting it on a host$(.*?)^## /ms.exec(readme)?.[1] ?? ""

it("names every variable, and no other", () => {
  const named = [...new Set(section.match(/\bMIRAGE_\w+/g))]
  expect(named).toHaveLength(Object.keys(CHECKS).length)
  for (const name of named) expect(settingsOf({ [name]: "" }, () => PREFIX)).toEqual(DEFAULT_SETTINGS)
})

it("names every file that is made for a host", () => {
  for (const file of Object.keys(hostFiles(DEFAULT_SETTINGS))) expect(section).toContain(file)
})
