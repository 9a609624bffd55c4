// What hangs on the main loop. The first program was run with OCaml's Lwt_main (5.6.1), and the expected lines are what it printed.

import { beforeEach, describe, expect, it } from "vitest"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import type { Engine } from "../../../src/mirage/os/engine.ts"
import * as LwtMain from "../../../src/mirage/os/lwt-main.ts"
import * as OS from "../../../src/mirage/os/os.ts"
import { testHost } from "../../support/host.ts"

let engine: Engine
let log: string[]
const say = (x: string) => (): void => {
  log.push(x)
}

beforeEach(() => {
  engine = OS.install(testHost().host)
  log = []
})

describe("LwtMain", () => {
  it("calls hooks around each round of the loop, and at the end the newest first, whatever fails", async () => {
    LwtMain.atExit(() => Lwt.return(say("exit 1")()))
    LwtMain.atExit(() => {
      say("exit 2 starts")()
      return OS.Time.sleep(0.01).map(say("exit 2"))
    })
    LwtMain.atExit(() => {
      say("exit 3 fails")()
      return Lwt.failWith("x")
    })
    let n = 0
    LwtMain.EnterIterHooks.addLast(() => say(`enter ${++n} a`)())
    LwtMain.EnterIterHooks.addFirst(() => say(`enter ${n + 1} b`)())
    LwtMain.LeaveIterHooks.addLast(() => say(`leave ${n}`)())
    LwtMain.LeaveIterHooks.remove(LwtMain.LeaveIterHooks.addFirst(say("never")))
    const later = Lwt.pause().bind(() => {
      say("after pause")()
      return OS.Time.sleep(0.01).map(say("after sleep"))
    })
    await LwtMain.run(later)
    say("run ended")()
    await engine.exit()
    expect(log.join(", ")).toBe(
      "after pause, enter 1 b, enter 1 a, after sleep, leave 1, run ended, " +
        "exit 3 fails, exit 2 starts, enter 2 b, enter 2 a, exit 2, exit 1, leave 2",
    )
  })

  it("55: yield gives the others a turn, as pause does", async () => {
    await LwtMain.run(Lwt.join([LwtMain.yield().map(say("yielded")), Lwt.return(say("meanwhile")())]))
    expect(log).toEqual(["meanwhile", "yielded"])
  })

  it("calls an exit hook once, and those that exit hooks add", async () => {
    LwtMain.atExit(() => {
      say("first")()
      LwtMain.atExit(() => Lwt.return(say("second")()))
      return Lwt.return()
    })
    await engine.exit()
    await engine.exit()
    expect(log).toEqual(["first", "second"])
  })

  it("leaves alone what still waits when there is nothing to do at the end", async () => {
    const p = Lwt.pause()
    await engine.exit()
    expect(Lwt.isSleeping(p)).toBe(true)
  })

  it("ends a run with what a hook throws, and the next run goes on", async () => {
    const h = LwtMain.EnterIterHooks.addFirst(() => {
      throw new Lwt.Failure("x")
    })
    await expect(LwtMain.run(OS.Time.sleep(1))).rejects.toThrow("x")
    LwtMain.EnterIterHooks.remove(h)
    LwtMain.LeaveIterHooks.addLast(say("left"))
    await LwtMain.run(OS.Time.sleep(2))
    expect(log.length).toBeGreaterThan(0)
    LwtMain.LeaveIterHooks.removeAll()
    log = []
    await LwtMain.run(OS.Time.sleep(1))
    expect(log).toEqual([])
  })

  it("says so when an exit hook waits for ever", async () => {
    LwtMain.atExit(() => Lwt.task<void>()[0])
    await expect(engine.exit()).rejects.toThrow(OS.Deadlock)
  })

  it("forgets its hooks with the machine", async () => {
    LwtMain.atExit(() => Lwt.return(say("never")()))
    OS.install(testHost().host)
    await OS.engine().exit()
    expect(log).toEqual([])
  })
})
