import { expect, it } from "vitest"
import * as Console from "../../../src/mirage/console/console.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"

it("passes text on at once and as it is, colours and all", () => {
  const printed: string[] = []
  const C = Console.Make({ print: (text) => printed.push(text) })
  const connected = Lwt.state(C.connect("0"))
  if (connected.tag !== "Return" || !connected.value.ok) throw new Error("not connected")
  const c = connected.value.value
  expect(c.name).toBe("0")
  C.log(c, "\x1b[31mred\x1b[m")
  const said = [C.logS(c, "b"), C.write(c, "c"), C.write(c, ""), C.disconnect(c)]
  for (const p of said) expect(Lwt.state(p)).toMatchObject({ tag: "Return" })
  expect(printed).toEqual(["\x1b[31mred\x1b[m\n", "b\n", "c", ""])
})
