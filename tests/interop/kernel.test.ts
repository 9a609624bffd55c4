// The Linux kernel, curl and ping as our peers, over a TAP device in a network namespace of our own.

import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { inNamespace, tapUnavailable } from "../support/tap.ts"
import { BIG, bigBody } from "./tap-unikernel.ts"

const NAMESPACE = `mirage-${process.pid}`
const DEVICE = "tap0"
const unavailable = tapUnavailable()
if (unavailable !== undefined) console.log(`skipped: the Linux kernel as a peer (${unavailable})`)

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

describe.skipIf(unavailable !== undefined)("the Linux kernel as a peer", () => {
  let unikernel: ChildProcess
  let folder: string
  const curl = (...args: string[]) => inNamespace(NAMESPACE, "curl", ["-sS", "--max-time", "25", ...args])

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mirage-kernel-"))
    execFileSync("ip", ["netns", "add", NAMESPACE])
    inNamespace(NAMESPACE, "ip", ["tuntap", "add", "dev", DEVICE, "mode", "tap"])
    inNamespace(NAMESPACE, "ip", ["addr", "add", "10.0.0.1/24", "dev", DEVICE])
    inNamespace(NAMESPACE, "ip", ["link", "set", DEVICE, "up"])
    const script = join(import.meta.dirname, "tap-unikernel.ts")
    unikernel = spawn("ip", ["netns", "exec", NAMESPACE, process.execPath, "--import", "tsx", script, DEVICE], {
      stdio: ["ignore", "pipe", "pipe"],
    })
    await new Promise<void>((resolve, reject) => {
      let said = ""
      const hear = (text: Buffer) => {
        said += text.toString()
        if (said.includes("up\n")) resolve()
      }
      unikernel.stdout?.on("data", hear)
      unikernel.stderr?.on("data", hear)
      unikernel.on("exit", (code) => reject(new Error(`the unikernel ended (${code}): ${said}`)))
    })
  })

  afterAll(() => {
    unikernel?.removeAllListeners("exit")
    unikernel?.kill("SIGKILL")
    execFileSync("ip", ["netns", "del", NAMESPACE])
    rmSync(folder, { recursive: true, force: true })
  })

  it("pings us, small and large", () => {
    expect(inNamespace(NAMESPACE, "ping", ["-c", "3", "-i", "0.05", "10.0.0.2"])).toContain(
      "3 packets transmitted, 3 received, 0% packet loss",
    )
    expect(inNamespace(NAMESPACE, "ping", ["-c", "2", "-i", "0.05", "-s", "1472", "10.0.0.2"])).toContain(" 2 received")
  })

  it("has learnt our address by ARP", () => {
    expect(inNamespace(NAMESPACE, "ip", ["neigh", "show", "10.0.0.2"])).toContain("lladdr 02:00:00:00:00:02")
  })

  it("gets a page with curl, and 404 for what is not there", () => {
    const page = curl("-i", "http://10.0.0.2/")
    expect(page).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(page).toContain("Hello from user space")
    expect(curl("-o", "/dev/null", "-w", "%{http_code}", "http://10.0.0.2/nothing")).toBe("404")
  })

  it("reuses a connection", () => {
    const connects = curl(
      "-o",
      "/dev/null",
      "-o",
      "/dev/null",
      "-w",
      "%{num_connects}",
      "http://10.0.0.2/",
      "http://10.0.0.2/",
    )
    expect(connects).toBe("10")
  })

  it("downloads 10 MB intact", () => {
    const file = join(folder, "big")
    curl("-o", file, "http://10.0.0.2/big")
    expect(sha256(readFileSync(file))).toBe(sha256(bigBody(BIG)))
  })

  it("uploads intact", () => {
    const file = join(folder, "upload")
    const body = bigBody(500_000)
    writeFileSync(file, body)
    expect(curl("--data-binary", `@${file}`, "http://10.0.0.2/sum")).toBe(sha256(body))
  })

  it("serves many connections at once", () => {
    const urls = Array.from({ length: 20 }, () => ["-o", "/dev/null", "http://10.0.0.2/"]).flat()
    expect(
      curl("--no-progress-meter", "--parallel", "--parallel-max", "20", "-w", "%{http_code} ", ...urls)
        .trim()
        .split(" "),
    ).toEqual(Array(20).fill("200"))
  })

  it("is refused by a closed port at once", () => {
    expect(() => curl("http://10.0.0.2:81/")).toThrow(/Connection refused|Failed to connect/)
  })

  it("is answered over UDP", () => {
    const script = `
      const socket = require("node:dgram").createSocket("udp4")
      socket.on("message", (text) => { process.stdout.write(text); process.exit() })
      socket.send("a datagram", 7, "10.0.0.2")`
    expect(inNamespace(NAMESPACE, process.execPath, ["-e", script])).toBe("a datagram")
  })
})
