import { describe, expect, it } from "vitest"
import { DEFAULT_SETTINGS, type WebContainerSettings } from "../../../src/site/settings.ts"
import { Kept } from "../../../src/ui/kept.ts"
import { PageRuntime } from "../../../src/ui/runtime/page-runtime.ts"
import { PaperHost } from "./paper-host.ts"

function page(use: WebContainerSettings["use"], query = "", store = new Map<string, string>()) {
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
    removeItem: (key: string) => void store.delete(key),
  }
  const host = new PaperHost()
  const log: string[] = []
  const runtime = new PageRuntime({
    settings: { ...DEFAULT_SETTINGS.webcontainer, use },
    host,
    kept: new Kept(() => storage),
    query: () => query,
    page: () => undefined,
    unwanted: () => log.push("unwanted"),
  })
  runtime.subscribe(() => log.push("changed"))
  return { runtime, host, store, log }
}

describe("the reader's choice", () => {
  it("boots the container, is kept for the next visit, and can be taken back", () => {
    const first = page("ask")
    first.runtime.start()
    expect(first.host.boots).toEqual([])
    first.runtime.choose("webcontainer")
    expect(first.host.boots).toEqual([undefined])
    expect(first.runtime.wish()).toMatchObject({ runtime: "webcontainer", by: "reader" })

    const next = page("ask", "", first.store)
    next.runtime.start()
    expect(next.host.boots).toEqual([undefined])
    next.runtime.choose("worker")
    expect(next.log).toContain("unwanted")

    const last = page("ask", "", first.store)
    last.runtime.start()
    expect(last.host.boots).toEqual([])
    expect(last.runtime.chosen).toBe("worker")
  })

  it("is told to the cells, as every change of the container is", () => {
    const { runtime, host, log } = page("ask")
    runtime.choose("auto")
    host.up()
    expect(log).toEqual(["unwanted", "changed", "changed"])
  })

  it("of an address is not remembered", () => {
    const { runtime, host, store } = page("ask", "?runtime=webcontainer")
    runtime.start()
    expect(host.boots).toEqual([undefined])
    expect(store.size).toBe(0)
  })
})

it("boots for everybody where the owner says so, but for whoever does not want it", () => {
  const every = page("on")
  every.runtime.start()
  expect(every.host.boots).toEqual([undefined])
  const not = page("on", "", new Map([["mirage-runtime", "worker"]]))
  not.runtime.start()
  expect(not.host.boots).toEqual([])
  // A service worker may be left from another build.
  expect(not.log).toEqual(["unwanted"])
})
