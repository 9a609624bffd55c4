import { describe, expect, it } from "vitest"
import type { Absence, ContainerHost, ContainerState } from "../../../src/sandbox/webcontainer/container.ts"
import { LazyHost } from "../../../src/ui/runtime/lazy-host.ts"
import { givenUp, PaperHost } from "./paper-host.ts"

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function lazy(load: () => Promise<ContainerHost | Absence>) {
  const host = new LazyHost(() => ({ cause: "not-chosen", message: "None." }), load)
  const states: ContainerState["tag"][] = []
  host.onState((state) => states.push(state.tag))
  return { host, states }
}

describe("a host that is fetched when it is wanted", () => {
  it("fetches nothing before it is booted, and then once", async () => {
    let loads = 0
    const inner = new PaperHost()
    const { host, states } = lazy(async () => {
      loads += 1
      return inner
    })
    expect(host.state).toMatchObject({ tag: "absent", why: { cause: "not-chosen" } })
    await turn()
    expect(loads).toBe(0)
    host.boot()
    host.boot()
    await turn()
    expect([loads, inner.boots]).toEqual([1, [undefined]])
    const container = inner.up()
    expect(states).toEqual(["booting", "booting", "up"])
    expect(await host.ready()).toBe(container)
    host.boot("again")
    expect(inner.boots).toEqual([undefined, "again"])
  })

  it("says why there can be none, and looks again when it is asked again", async () => {
    let why: Absence | undefined = { cause: "not-isolated", message: "The page is not isolated." }
    const inner = new PaperHost()
    const { host, states } = lazy(async () => why ?? inner)
    await expect(host.ready()).rejects.toThrow("None.")
    host.boot()
    await expect(host.ready()).rejects.toThrow("The page is not isolated.")
    expect(host.state.tag).toBe("absent")
    why = undefined
    host.boot()
    await turn()
    expect(inner.boots).toEqual([undefined])
    expect(states).toEqual(["booting", "absent", "booting", "booting"])
  })

  it("says so when it cannot be fetched, and can be asked again", async () => {
    let offline = true
    const inner = new PaperHost()
    const { host } = lazy(async () => {
      if (offline) throw new Error("no network")
      return inner
    })
    host.boot()
    const ready = host.ready()
    await expect(ready).rejects.toThrow(/could not be fetched \(no network\)\. Check the connection/)
    expect(host.state.tag).toBe("given-up")
    offline = false
    host.boot("again")
    await turn()
    inner.say(givenUp("refused", "No."))
    await expect(host.ready()).rejects.toThrow("No.")
  })

  it("throws away a host that comes too late", async () => {
    const inner = new PaperHost()
    const { host } = lazy(async () => inner)
    host.boot()
    host.dispose()
    await turn()
    expect(inner.disposed).toBe(true)
    expect(inner.boots).toEqual([])
  })
})
