// `npm run check:webcontainer`, pointed at the double: whoever runs it against the real service reads these lines.

import { spawn } from "node:child_process"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type Double, startDouble } from "../support/webcontainer/double.ts"

const root = join(import.meta.dirname, "../..")

let double: Double
beforeEach(async () => {
  double = await startDouble()
})
afterEach(() => double.close())

/** The lines that it prints, and its exit code. */
async function check(origin: string): Promise<{ lines: string[]; code: number | null }> {
  const child = spawn("npx", ["--no-install", "tsx", "tests/support/check-webcontainer.ts", "--origin", origin], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve))
  return { lines: (await text(child.stdout)).trim().split("\n"), code: await ended }
}

describe("the check of a WebContainer", () => {
  it("finds all as expected of one that is as we assume", async () => {
    const { lines, code } = await check(double.origin)
    expect(lines.filter((line) => line.startsWith("NOT"))).toEqual([])
    expect(lines[0]).toContain(`The WebContainer of ${double.origin}, in chromium `)
    expect(lines).toContain(`ok   Node: ${process.version} (expected: v18 or newer)`)
    expect(lines).toContain("ok   a terminal has the size that it was given: 70 columns (expected: 70 columns)")
    expect(lines).toContain("ok   a preview is shown in an isolated page: shown, isolated (expected: shown)")
    expect(lines.filter((line) => /^ok {3}kills an endless loop: \d+ ms, exit code 137/.test(line))).toHaveLength(1)
    expect(lines.at(-2)).toBe(
      "ok   the deck's own cell runs in it: WebContainer: Hello from Mirage! (expected: WebContainer: Hello from Mirage!)",
    )
    expect(lines.at(-1)).toBe("All as expected.")
    expect(code).toBe(0)
  })

  it("says what it has found otherwise, and goes on", async () => {
    double.fault = { tag: "process-killed", after: "xxx" }
    const { lines, code } = await check(double.origin)
    expect(lines.filter((line) => line.startsWith("NOT"))).toEqual([
      expect.stringMatching(/^NOT {2}a megabyte of ASCII arrives whole: \d+, without its end \(expected: yes\)$/),
    ])
    expect(lines.at(-1)).toBe("1 not as expected.")
    expect(code).toBe(1)
  })

  it("says so at once where there is nothing to be reached", async () => {
    const { origin } = double
    await double.close()
    const { lines, code } = await check(origin)
    expect(lines.slice(1)).toEqual([
      "ok   the page is isolated: yes (expected: yes)",
      `NOT  boots: ${origin} cannot be loaded: net::ERR_CONNECTION_REFUSED (expected: within 15.0 s)`,
      "It has not booted, so nothing else can be asked. Is there a network, and does it let this origin through?",
      "1 not as expected.",
    ])
    expect(code).toBe(1)
  })
})
