// A site's settings, from the environment of its build to the page that reads them.

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isolationHeaders } from "../../src/site/headers.ts"
import { DEFAULT_SETTINGS, type SiteSettings, type WebContainerSettings } from "../../src/site/settings.ts"
import { SettingsError, settingsOf } from "../../src/site/variables.ts"
import { readSettings, writeSettings } from "../../src/site/written-settings.ts"

const read = (variables: Record<string, string>) => settingsOf(variables, () => "the environment")

/** What is said of these variables, line by line. */
function complaints(variables: Record<string, string>): string[] {
  try {
    read(variables)
  } catch (e) {
    if (e instanceof SettingsError) return e.message.split("\n").slice(1)
    throw e
  }
  return []
}

const site = (webcontainer: Partial<WebContainerSettings>): SiteSettings => ({
  webcontainer: { ...DEFAULT_SETTINGS.webcontainer, ...webcontainer },
})

describe("the variables of a build", () => {
  it("are all optional, and there is no key by default", () => {
    expect(read({})).toEqual(DEFAULT_SETTINGS)
    expect(read({ MIRAGE_WEBCONTAINER: "", MIRAGE_WEBCONTAINER_KEY: " ", MIRAGE_DIST: "elsewhere" })).toEqual(
      DEFAULT_SETTINGS,
    )
    expect(DEFAULT_SETTINGS.webcontainer).not.toHaveProperty("apiKey")
  })

  it("say everything that an owner can decide", () => {
    const settings = read({
      MIRAGE_WEBCONTAINER: " on ",
      MIRAGE_WEBCONTAINER_ORIGIN: "https://Containers.example.org:8443/",
      MIRAGE_WEBCONTAINER_KEY: "wc_api_x_1",
      MIRAGE_WEBCONTAINER_COEP: "credentialless",
      MIRAGE_WEBCONTAINER_ISOLATION: "service-worker",
    })
    expect(settings.webcontainer).toEqual({
      use: "on",
      origin: "https://containers.example.org:8443",
      apiKey: "wc_api_x_1",
      coep: "credentialless",
      isolation: "service-worker",
    })
  })

  it("are wrong all at once, each with its place and what it should be", () => {
    expect(
      complaints({
        MIRAGE_WEBCONTAINER: "yes",
        MIRAGE_WEBCONTAINER_ORIGIN: "stackblitz.com",
        MIRAGE_WEBCONTAINER_KEY: "a secret",
        MIRAGE_WEBCONTAINER_COEP: "none",
        MIRAGE_WEBCONTAINER_ISOLATION: "worker",
        MIRAGE_WEBCONTAINER_API_KEY: "x",
        MIRAGE_WEBCONTAINER_ORIGN: "x",
      }),
    ).toEqual([
      "the environment: MIRAGE_WEBCONTAINER=yes must be one of off, ask, on.",
      "the environment: MIRAGE_WEBCONTAINER_ORIGIN=stackblitz.com must be an origin, https://host or https://host:port without a path (http for localhost alone).",
      "the environment: MIRAGE_WEBCONTAINER_KEY must be the key alone, printable ASCII without any blank.",
      "the environment: MIRAGE_WEBCONTAINER_COEP=none must be one of require-corp, credentialless.",
      "the environment: MIRAGE_WEBCONTAINER_ISOLATION=worker must be one of headers, service-worker.",
      "the environment: there is no setting MIRAGE_WEBCONTAINER_API_KEY. Did you mean MIRAGE_WEBCONTAINER_KEY?",
      "the environment: there is no setting MIRAGE_WEBCONTAINER_ORIGN. Did you mean MIRAGE_WEBCONTAINER_ORIGIN?",
    ])
    expect(() => read({ MIRAGE_WEBCONTAINER: "no" })).toThrow(/^a mistake in the settings of the site/)
    expect(complaints({ MIRAGE_WEBCONTAINER_SOMETHING_ELSE_ALTOGETHER: "1" })[0]).toContain("The settings are")
  })

  it.each([
    "https://host.example/path",
    "https://host.example/?q",
    "https://host.example/#f",
    "https://me@host.example",
    "http://host.example",
    "ftp://host.example",
    "//host.example",
    "javascript:alert(1)",
  ])("name an origin and nothing else: not %s", (origin) => {
    expect(complaints({ MIRAGE_WEBCONTAINER_ORIGIN: origin })).toHaveLength(1)
  })

  it.each(["http://localhost:5301", "http://127.0.0.1:1", "http://[::1]:1", "https://host.example"])("%s is one", (o) =>
    expect(read({ MIRAGE_WEBCONTAINER_ORIGIN: o }).webcontainer.origin).toBe(o),
  )
})

describe("the settings in a page", () => {
  const anySite = fc.record({
    webcontainer: fc.record(
      {
        use: fc.constantFrom("off", "ask", "on"),
        origin: fc.constantFrom("https://stackblitz.com", "http://localhost:1"),
        apiKey: fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
        coep: fc.constantFrom("require-corp", "credentialless"),
        isolation: fc.constantFrom("headers", "service-worker"),
      },
      { requiredKeys: ["use", "origin", "coep", "isolation"] },
    ),
  })

  it("are read as they were written, whatever is in them, and end no element", () => {
    fc.assert(
      fc.property(anySite, (settings) => {
        const text = writeSettings(settings as SiteSettings)
        expect(text).not.toContain("<")
        expect(readSettings(text)).toEqual({ settings, mistakes: [] })
      }),
    )
    expect(readSettings(writeSettings(site({ apiKey: "</script><!--" }))).settings.webcontainer.apiKey).toBe(
      "</script><!--",
    )
  })

  it("are the default where somebody has left them out or broken them, and that is said", () => {
    expect(readSettings("{}")).toEqual({ settings: DEFAULT_SETTINGS, mistakes: [] })
    expect(readSettings('{"webcontainer":{"use":"off"}}')).toEqual({ settings: site({ use: "off" }), mistakes: [] })
    for (const text of ["", "{", "null", "3", '"x"', '{"webcontainer":3}']) {
      const { settings, mistakes } = readSettings(text)
      expect(settings).toEqual(DEFAULT_SETTINGS)
      expect(mistakes, text).toHaveLength(1)
    }
    expect(readSettings('{"webcontainer":{"use":"never","coep":"credentialless","key":"x","apiKey":3}}')).toEqual({
      settings: site({ coep: "credentialless" }),
      mistakes: [
        "`webcontainer.use` must be one of off, ask, on",
        "there is no `webcontainer.key`",
        "`webcontainer.apiKey` must be the key alone, printable ASCII without any blank",
      ],
    })
  })
})

describe("the headers", () => {
  it("isolate the pages as the settings say, and are none where there are no WebContainers", () => {
    expect(isolationHeaders(site({ coep: "credentialless" }))).toEqual([
      ["Cross-Origin-Opener-Policy", "same-origin"],
      ["Cross-Origin-Embedder-Policy", "credentialless"],
    ])
    expect(isolationHeaders(site({ use: "off" }))).toEqual([])
  })
})
