import { describe, expect, it } from "vitest"
import { showOpened, showRefused } from "../../src/cli/ports.ts"
import type { Refused } from "../../src/cli/sockets/stack.ts"

const TCP = { protocol: "tcp", address: "127.0.0.1", port: 8080, asked: 8080 } as const
const RUN = "npx mirage run --net socket"
const refused = (more: Partial<Refused>): Refused => ({ ...TCP, code: "EADDRINUSE", message: "bind E…", ...more })

describe("a port that is open", () => {
  it.each([
    [TCP, true, "Listening on http://127.0.0.1:8080/"],
    [TCP, false, "Listening on 127.0.0.1:8080 (tcp)"],
    [{ ...TCP, protocol: "udp", port: 53, asked: 53 } as const, false, "Listening on 127.0.0.1:53 (udp)"],
    [{ ...TCP, asked: 80 }, true, "Listening on http://127.0.0.1:8080/, which is port 80 of the unikernel"],
    [{ ...TCP, address: "0.0.0.0" }, true, "Listening on http://127.0.0.1:8080/, and at this host's other addresses"],
  ])("%j", (on, web, words) => {
    expect(showOpened(on, web)).toBe(words)
  })
})

describe("a port that is not", () => {
  it.each([
    [{ port: 80 }, `--port 8080`],
    [{ port: 8080 }, `--port 8081`],
    [{ port: 65535 }, `--port 8080`],
    [{ port: 81, code: "EACCES" }, `--port 8080`],
  ])("%j: type %s", (on, words) => {
    expect(showRefused(refused(on), RUN, true).endsWith(`Choose another: ${RUN} ${words}`)).toBe(true)
  })

  it("cannot be moved by an option if it is not the first", () => {
    expect(showRefused(refused({ protocol: "udp", port: 5353 }), RUN, false)).toBe(
      "Port 5353 (udp) of 127.0.0.1 is in use: something listens there already. Choose another in the unikernel.",
    )
  })

  it("is refused for a reason that only the host knows", () => {
    expect(showRefused(refused({ code: "ENOMEM", message: "no memory" }), RUN, true)).toBe(
      "Port 8080 (tcp) of 127.0.0.1 could not be opened: no memory",
    )
  })
})
