// The files for hosts, read back as each host reads them.

import { describe, expect, it } from "vitest"
import { isolationHeaders } from "../../src/site/headers.ts"
import { hostFiles } from "../../src/site/host-files.ts"
import { DEFAULT_SETTINGS, type SiteSettings, type WebContainerSettings } from "../../src/site/settings.ts"

const site = (webcontainer: Partial<WebContainerSettings>): SiteSettings => ({
  webcontainer: { ...DEFAULT_SETTINGS.webcontainer, ...webcontainer },
})

type Pairs = (readonly [string, string])[]

/** Netlify's file: a path, and under it the headers, indented. */
function readNetlify(text: string): Record<string, Pairs> {
  const paths: Record<string, Pairs> = {}
  let at: Pairs = []
  for (const line of text.split("\n").filter((l) => l.trim() !== "" && !l.trim().startsWith("#"))) {
    if (/^\s/.test(line)) at.push(pair(/^\s+([\w-]+):\s*(.*)$/.exec(line)))
    else paths[line] = at = []
  }
  return paths
}

/** Lines of a server's configuration that set a header, comments left out. */
function readDirectives(text: string, directive: RegExp): Pairs {
  const code = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
  return code.map((line) => pair(directive.exec(line)))
}

function pair(match: RegExpExecArray | null): readonly [string, string] {
  if (match === null) throw new Error("a line that sets no header")
  return [match[1]!, match[2]!]
}

describe.each(["require-corp", "credentialless"] as const)(
  "with %s, every page and worker gets its headers",
  (coep) => {
    const settings = site({ coep })
    const files = hostFiles(settings)
    const expected = isolationHeaders(settings)

    it("from Netlify and Cloudflare Pages", () => {
      expect(readNetlify(files["_headers"]!)).toEqual({ "/*": expected })
    })

    it("from Vercel", () => {
      const { headers } = JSON.parse(files["vercel.json"]!) as {
        headers: { source: string; headers: { key: string; value: string }[] }[]
      }
      expect(headers).toHaveLength(1)
      for (const path of ["/", "/index.html", "/assets/index-abc.js"]) {
        expect(path).toMatch(new RegExp(`^${headers[0]!.source}$`))
      }
      expect(headers[0]!.headers.map(({ key, value }) => [key, value])).toEqual(expected)
    })

    it("from nginx, with error pages too", () => {
      expect(readDirectives(files["hosting/nginx.conf"]!, /^add_header ([\w-]+) "([^"]*)" always;$/)).toEqual(expected)
    })

    it("from Apache", () => {
      expect(readDirectives(files["hosting/apache.conf"]!, /^Header always set ([\w-]+) "([^"]*)"$/)).toEqual(expected)
    })
  },
)

it("there are none where headers would isolate nothing, or something else does it", () => {
  expect(hostFiles(site({ use: "off" }))).toEqual({})
  expect(hostFiles(site({ isolation: "service-worker" }))).toEqual({})
})
