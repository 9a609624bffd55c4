import { describe, expect, it } from "vitest"
import type { ProjectStore } from "../../../src/ui/project-store.ts"
import { MountedProjects } from "../../../src/ui/runtime/mounted-projects.ts"
import { PaperContainer, PaperHost } from "./paper-host.ts"

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A store of two files, as far as mounting looks at it. */
function paperStore() {
  const texts = new Map([
    ["a.ts", "export const a = 1"],
    ["www/index.html", "<p>"],
  ])
  const heard = new Set<(file: string) => void>()
  const store = {
    files: [...texts.keys()].map((name) => ({ name })),
    text: (file: string) => texts.get(file) ?? "",
    subscribe(f: (file: string) => void) {
      heard.add(f)
      return () => heard.delete(f)
    },
  } as unknown as ProjectStore
  const edit = (file: string, text: string) => {
    texts.set(file, text)
    for (const f of heard) f(file)
  }
  return { store, edit }
}

function page() {
  const host = new PaperHost()
  const container = new PaperContainer()
  host.up(container)
  const { store, edit } = paperStore()
  const timers: { run: () => void; ms: number; off: boolean }[] = []
  const failures: string[] = []
  const mounted = new MountedProjects({
    host,
    open: async () => store,
    installed: async () => ({ "node_modules/mirage/package.json": "{}" }),
    later(run, ms) {
      const timer = { run, ms, off: false }
      timers.push(timer)
      return () => {
        timer.off = true
      }
    },
    failed: (message) => failures.push(message),
  })
  const later = async () => {
    for (const timer of timers.splice(0)) if (!timer.off) timer.run()
    await turn()
  }
  return { host, container, mounted, edit, timers, later, failures }
}

describe("a project in the container", () => {
  it("is written nowhere before somebody wants it there", async () => {
    const { container, edit, timers } = page()
    edit("a.ts", "changed")
    await turn()
    expect([container.files.size, timers.length]).toEqual([0, 0])
  })

  it("follows the reader's edits, a hundred milliseconds behind the last key", async () => {
    const { container, mounted, edit, timers, later } = page()
    await mounted.mount("deck")
    expect(container.files.get("deck/a.ts")).toBe("export const a = 1")
    edit("a.ts", "export const a = 2")
    edit("a.ts", "export const a = 23")
    await turn()
    expect(container.files.get("deck/a.ts")).toBe("export const a = 1")
    expect(timers.filter((t) => !t.off).map((t) => t.ms)).toEqual([100])
    await later()
    expect(container.files.get("deck/a.ts")).toBe("export const a = 23")
  })

  it("is not written while there is no container", async () => {
    const { host, container, mounted, edit, later, failures } = page()
    await mounted.mount("deck")
    host.say({ tag: "waiting", why: { cause: "crashed", message: "It crashed." }, retryInMs: 10 })
    edit("a.ts", "export const a = 2")
    await later()
    expect(container.files.get("deck/a.ts")).toBe("export const a = 1")
    expect(failures).toEqual([])
  })

  it("says once that an edit could not be written, and of the next container once more", async () => {
    const { host, container, mounted, edit, later, failures } = page()
    await mounted.mount("deck")
    container.full = new Error("no space left")
    edit("a.ts", "1")
    await later()
    edit("a.ts", "2")
    await later()
    expect(failures).toEqual([
      "Your edit could not be written into the WebContainer (no space left). It is kept in this page.",
    ])
    const next = new PaperContainer()
    next.full = new Error("read-only")
    host.up(next)
    edit("a.ts", "3")
    await later()
    expect(failures).toHaveLength(2)
  })
})
