import { describe, expect, it } from "vitest"
import { bootSample, tagged } from "./boot.ts"

const CONNECTED = ["Ethernet", "IPv4", "UDPv4", "TCPv4"].map((layer) => `${layer} connected\n`).join("")

describe("the stack put together by hand", () => {
  it("serves, at the address that it announces", async () => {
    const { serving, printed } = await bootSample("custom-stack")
    expect(await serving).toEqual({ name: "ethifv4", address: "10.0.0.2", ports: [] })
    expect(tagged(printed())).toBe(CONNECTED)
  })

  it("answers curl with a page and logs it in green and yellow", async () => {
    const { serving, sh, printed } = await bootSample("custom-stack")
    await serving
    expect(await sh("curl -i http://10.0.0.2/")).toBe(
      "HTTP/1.1 200 OK\ncontent-type: text/plain\ncontent-length: 32\nconnection: close\n\nHello from a stack of your own.\n",
    )
    const log = tagged(printed().slice(CONNECTED.length))
    expect(log).toMatch(
      /^<green>new connection from 10\.0\.0\.1 \d+<\/>\n<yellow>read \d+ bytes: GET \/ HTTP\/1\.1\r\n/,
    )
    expect(log).toMatch(/Accept: \*\/\*<\/>\n$/)
  })

  it("answers nc with a line, reading once", async () => {
    const { serving, sh, printed } = await bootSample("custom-stack")
    await serving
    expect(await sh("echo hello | nc 10.0.0.2 80")).toBe("Hello from a stack of your own.\n")
    expect(await sh("nc unikernel 80 once more")).toBe("Hello from a stack of your own.\n")
    expect(tagged(printed())).toContain("<yellow>read 6 bytes: hello</>\n")
    expect(tagged(printed())).toContain("<yellow>read 10 bytes: once more</>\n")
  })

  it("logs a connection that is closed before anything was said in red", async () => {
    const { serving, sh, printed } = await bootSample("custom-stack")
    await serving
    expect(await sh("nc -z 10.0.0.2 80")).toBe("Connection to 10.0.0.2 80 port [tcp/*] succeeded!\n")
    await sh("ping -c 1 10.0.0.2")
    expect(tagged(printed())).toMatch(/<red>read: eof<\/>\n$/)
  })

  it("logs datagrams in blue, and refuses other ports", async () => {
    const { serving, sh, printed } = await bootSample("custom-stack")
    await serving
    expect(await sh("echo hi | nc -u 10.0.0.2 53")).toBe("")
    expect(tagged(printed())).toMatch(/<blue>UDP from 10\.0\.0\.1 \d+ to 53: hi<\/>\n$/)
    expect(await sh("nc -v 10.0.0.2 81")).toBe("nc: connect to 10.0.0.2 port 81 (tcp) failed: Connection refused\n")
    expect(await sh("curl http://10.0.0.2:81/")).toBe(
      "curl: (7) Failed to connect to 10.0.0.2 port 81 after 1 ms: Couldn't connect to server\n",
    )
  })

  it("can be pinged", async () => {
    const { serving, sh, exceptions } = await bootSample("custom-stack")
    await serving
    expect(await sh("ping -c 2 10.0.0.2")).toContain("2 packets transmitted, 2 received, 0% packet loss")
    expect(exceptions).toEqual([])
  })
})
