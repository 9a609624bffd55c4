import { describe, expect, it } from "vitest"
import { key } from "../../../src/mirage/functoria/key.ts"
import { ConfigError } from "../../../src/mirage/functoria/location.ts"

describe("a key", () => {
  it("has its default until the environment says otherwise", () => {
    const port = key("http-port", 80)
    expect(port.value({})).toBe(80)
    expect(port.value({ HTTP_PORT: "8080" })).toBe(8080)
    expect(key("net", "direct", { env: "NETWORK" }).value({ NET: "x", NETWORK: "socket" })).toBe("socket")
  })

  it.each([
    ["true", true],
    ["YES", true],
    ["1", true],
    ["false", false],
    ["off", false],
    ["", false],
  ])("takes %j for a boolean", (text, value) => {
    expect(key("dhcp", !value).value({ DHCP: text })).toBe(value)
  })

  it("refuses a value of another type, naming variable, value and default", () => {
    const message =
      /^key\.test\.ts:\d+: the key port is a number, but PORT is "http"\. Give a whole number \(the default is 80\)$/
    expect(() => key("port", 80).value({ PORT: "http" })).toThrow(message)
    expect(() => key("port", 80).value({ PORT: "8.5" })).toThrow(ConfigError)
    expect(() => key("dhcp", false).value({ DHCP: "maybe" })).toThrow("Say true or false (the default is false)")
  })
})
