import { describe, expect, it } from "vitest"
import type { Container, ContainerHost } from "../../../src/sandbox/webcontainer/container.ts"
import { type Files, ProjectFiles } from "../../../src/sandbox/webcontainer/project-files.ts"

/** A container that has files and nothing else. */
class Disk {
  readonly files: Record<string, string | Uint8Array> = {}
  readonly log: string[] = []
  /** What the next write does before it writes; it may reject. */
  before: () => Promise<void> = () => Promise.resolve()

  async write(files: Files): Promise<void> {
    this.log.push(`write ${Object.keys(files).join(" ")}`)
    const { before } = this
    this.before = () => Promise.resolve()
    await before()
    Object.assign(this.files, files)
  }

  async remove(path: string): Promise<void> {
    this.log.push(`remove ${path}`)
    delete this.files[path]
  }

  async spawn(command: string, args: readonly string[]): Promise<void> {
    this.log.push(`spawn ${command} … ${args.at(-1)}`)
  }
}

const PACKAGE = { "node_modules/mirage/package.json": "{}" }

function project(disk: Disk | undefined, files: Record<string, string | Uint8Array> = {}) {
  const page = { disk, files, installed: () => Promise.resolve<Files>(PACKAGE) }
  const ready = (): Promise<Container> =>
    page.disk === undefined
      ? Promise.reject(new Error("there is none"))
      : Promise.resolve(page.disk as unknown as Container)
  const projectFiles = new ProjectFiles({
    host: { ready } as ContainerHost,
    folder: "deck",
    current: () => Promise.resolve({ ...page.files }),
    installed: () => page.installed(),
  })
  return { page, projectFiles }
}

describe("a project's files", () => {
  it("are in the container as they are, in the project's folder, with the package beside it", async () => {
    const disk = new Disk()
    const { projectFiles } = project(disk, { "a.ts": "const a: number = 1", "www/i.png": new Uint8Array([1, 2]) })
    expect(await projectFiles.sync()).toBe(disk)
    expect(disk.files).toEqual({
      "deck/a.ts": "const a: number = 1",
      "deck/www/i.png": new Uint8Array([1, 2]),
      "deck/package.json": expect.stringContaining('"type": "module"'),
      ...PACKAGE,
    })
  })

  it("have commands that can be run, which writing them does not make them", async () => {
    const disk = new Disk()
    const { page, projectFiles } = project(disk)
    page.installed = () => Promise.resolve({ ...PACKAGE, "node_modules/.bin/mirage": "#!/usr/bin/env node\n" })
    await projectFiles.sync()
    await projectFiles.sync()
    expect(disk.log.filter((line) => line.startsWith("spawn"))).toEqual(["spawn node … node_modules/.bin/mirage"])
  })

  it("may bring a package.json of their own", async () => {
    const disk = new Disk()
    await project(disk, { "package.json": "{}" }).projectFiles.sync()
    expect(disk.files["deck/package.json"]).toBe("{}")
  })

  it("are written again only where they have changed, and removed where they have gone", async () => {
    const disk = new Disk()
    const { page, projectFiles } = project(disk, { a: "1", b: "1", c: new Uint8Array([1]) })
    await projectFiles.sync()
    disk.log.length = 0
    await projectFiles.sync()
    expect(disk.log).toEqual([])
    page.files = { a: "2", c: new Uint8Array([1]), d: "1" }
    await projectFiles.sync()
    expect(disk.log).toEqual(["remove deck/b", "write deck/a deck/d"])
    page.files["c"] = new Uint8Array([2])
    await projectFiles.sync()
    expect(disk.log.at(-1)).toBe("write deck/c")
  })

  it("are all written to a new container", async () => {
    const { page, projectFiles } = project(new Disk(), { a: "1" })
    await projectFiles.sync()
    const next = new Disk()
    page.disk = next
    await projectFiles.sync()
    expect(Object.keys(next.files).toSorted()).toEqual(["deck/a", "deck/package.json", ...Object.keys(PACKAGE)])
  })

  it("are written one time after the other, each with what is there when its turn comes", async () => {
    const disk = new Disk()
    const { page, projectFiles } = project(disk, { a: "1" })
    let release = (): void => {}
    disk.before = () =>
      new Promise((resolve) => {
        release = resolve
      })
    const first = projectFiles.sync()
    const second = projectFiles.sync()
    await expect.poll(() => disk.log.length).toBe(1)
    page.files["a"] = "2"
    release()
    await Promise.all([first, second])
    expect(disk.log.slice(1)).toEqual(["write deck/a"])
    expect(disk.files["deck/a"]).toBe("2")
  })

  it("that could not be written are written the next time", async () => {
    const disk = new Disk()
    const { projectFiles } = project(disk, { a: "1" })
    disk.before = () => Promise.reject(new Error("no space left"))
    await expect(projectFiles.sync()).rejects.toThrow("no space left")
    await projectFiles.sync()
    expect(disk.files["deck/a"]).toBe("1")
  })

  it("wait for a package that can be had, and for a container", async () => {
    const { page, projectFiles } = project(undefined, { a: "1" })
    await expect(projectFiles.sync()).rejects.toThrow("there is none")
    page.disk = new Disk()
    page.installed = () => Promise.reject(new Error("not fetched"))
    await expect(projectFiles.sync()).rejects.toThrow("not fetched")
    page.installed = () => Promise.resolve(PACKAGE)
    await projectFiles.sync()
    expect(page.disk.files).toHaveProperty("deck/a")
  })
})
