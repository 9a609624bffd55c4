import { describe, expect, it } from "vitest"
import { shellLine, ShellSession } from "../../../src/ui/dock/shell-session.ts"
import { PaperContainer } from "../runtime/paper-host.ts"

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function shell() {
  const container = new PaperContainer()
  const screen: string[] = []
  const states: string[] = []
  const session = new ShellSession(
    container,
    Promise.resolve({ cwd: "deck", env: { A: "1" } }),
    { cols: 80, rows: 24 },
    {
      print: (text) => screen.push(text),
      changed: (state) => states.push(state.tag),
    },
  )
  return { container, session, screen, states }
}

describe("a shell", () => {
  it("is started in the project's folder with its environment and the terminal's size, and passes on what is typed and printed", async () => {
    const { container, session, screen, states } = shell()
    session.type("ec")
    await turn()
    session.type("ho")
    // A terminal that its shell has not set up yet may forget what it is given.
    expect(container.processes[0]!.heard).toEqual([])
    container.processes[0]!.print("$ ")
    await turn()
    session.type("\r")
    container.processes[0]!.print("hello\r\n")
    await turn()
    const { command, options, heard } = container.processes[0]!
    expect([command, options]).toEqual(["jsh", { cwd: "deck", env: { A: "1" }, terminal: { cols: 80, rows: 24 } }])
    expect(heard.join("")).toBe("echo\r")
    expect(screen).toEqual(["$ ", "hello\r\n"])
    expect(states).toEqual(["running"])
  })

  it("has the size of its terminal, also when that changes while it starts", async () => {
    const { container, session } = shell()
    session.resize({ cols: 100, rows: 30 })
    await turn()
    session.resize({ cols: 100, rows: 30 })
    session.resize({ cols: 60, rows: 20 })
    expect(container.processes[0]!.sizes).toEqual([
      [100, 30],
      [60, 20],
    ])
  })

  it("says how it ended, once, and takes no more", async () => {
    const { container, session, states } = shell()
    await turn()
    container.processes[0]!.end(3)
    await turn()
    container.lose("it crashed.")
    await turn()
    session.type("ls\r")
    expect(states).toEqual(["running", "ended"])
    expect(shellLine(session.state)).toBe("The shell has ended with exit code 3.")
    expect(container.processes[0]!.heard).toEqual([])
    expect(session.lives).toBe(false)
  })

  it("goes with its container", async () => {
    const { container, session } = shell()
    await turn()
    // Its processes are heard to go before it is.
    container.processes[0]!.end(-1)
    await turn()
    container.lose("it crashed.")
    await turn()
    expect(shellLine(session.state)).toBe("The WebContainer went away: it crashed.")
  })

  it("says why it could not be started", async () => {
    const { container } = shell()
    container.spawn = () => Promise.reject(new Error("out of memory"))
    const states: unknown[] = []
    new ShellSession(
      container,
      Promise.resolve({}),
      { cols: 80, rows: 24 },
      { print: () => {}, changed: (state) => states.push(state) },
    )
    await turn()
    expect(states).toEqual([{ tag: "lost", reason: "out of memory" }])
    const unmounted = Promise.reject(new Error("no space left"))
    new ShellSession(container, unmounted, { cols: 80, rows: 24 }, { print: () => {}, changed: (s) => states.push(s) })
    await turn()
    expect(states.at(-1)).toEqual({ tag: "lost", reason: "no space left" })
  })
})
