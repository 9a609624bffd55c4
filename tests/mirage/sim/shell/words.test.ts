import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseOptions } from "../../../../src/mirage/sim/shell/options.ts"
import { parseLine } from "../../../../src/mirage/sim/shell/words.ts"

const words = (line: string) => {
  const r = parseLine(line)
  return r.ok ? r.value : r.error
}

describe("parseLine", () => {
  it("splits at blanks, and takes a blank line for nothing", () => {
    expect(words("  ping  -c 1\t10.0.0.2 ")).toEqual([["ping", "-c", "1", "10.0.0.2"]])
    expect(words("   ")).toEqual([])
    expect(words("# a comment")).toEqual([])
    expect(words("echo a#b # c")).toEqual([["echo", "a#b"]])
  })

  it("keeps what is quoted together", () => {
    expect(words(`echo 'a "b" \\n' "c 'd' \\" \\\\ \\n" e\\ f`)).toEqual([
      ["echo", 'a "b" \\n', "c 'd' \" \\ \\n", "e f"],
    ])
    expect(words(`echo ""`)).toEqual([["echo", ""]])
    expect(words(`echo a'b'"c"`)).toEqual([["echo", "abc"]])
  })

  it("joins commands by pipes", () => {
    expect(words("echo hello | nc 10.0.0.2 80")).toEqual([
      ["echo", "hello"],
      ["nc", "10.0.0.2", "80"],
    ])
    expect(words("echo 'a | b'|cat")).toEqual([["echo", "a | b"], ["cat"]])
  })

  it("says what it does not understand, and takes nothing for something else", () => {
    expect(words("echo 'a")).toBe("syntax error: no closing '")
    expect(words('echo "a')).toBe('syntax error: no closing "')
    for (const line of ["| cat", "echo |", "echo | | cat", "echo || cat", "|"])
      expect(words(line)).toBe("syntax error near `|'")
    for (const [line, c] of [
      ["curl x > y", ">"],
      ["cat < y", "<"],
      ["a; b", ";"],
      ["ping x &", "&"],
      ["a && b", "&"],
      ["echo `a`", "`"],
      ["echo $HOME", "$"],
      ["echo $(a)", "$"],
    ])
      expect(words(line ?? "")).toBe(
        `\`${c}' is not understood by this small shell; put it in quotes if it is meant as text`,
      )
  })

  it("lets an ampersand be in a URL, and a dollar alone be a dollar", () => {
    expect(words("curl http://10.0.0.2/?a=1&b=2")).toEqual([["curl", "http://10.0.0.2/?a=1&b=2"]])
    expect(words("echo 5 $ a$")).toEqual([["echo", "5", "$", "a$"]])
  })

  it("law: quoting any words by ' gives them back", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (ws) => {
        const line = ws.map((w) => `'${w.replaceAll("'", `'\\''`)}'`).join(" ")
        expect(words(line)).toEqual([ws])
      }),
    )
  })

  it("law: never throws", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...`a '"\\|$&#;\t`) }), (line) => void parseLine(line)))
  })
})

describe("parseOptions", () => {
  const parse = (...args: string[]) => {
    const r = parseOptions(args, { short: "c:i:nv", long: { count: "c", verbose: "v" } })
    return r.ok ? [r.value.value("c"), r.value.values("i"), r.value.has("n"), r.value.operands] : r.error
  }

  it("reads them together, apart, and after operands", () => {
    expect(parse("-nc3", "host", "-i", "0.2", "-i1", "x")).toEqual(["3", ["0.2", "1"], true, ["host", "x"]])
    expect(parse("--count=4", "--verbose", "-")).toEqual(["4", [], false, ["-"]])
    expect(parse("--count", "4")).toEqual(["4", [], false, []])
    expect(parse("-c", "-1")).toEqual(["-1", [], false, []])
    expect(parse("--", "-c", "3")).toEqual([undefined, [], false, ["-c", "3"]])
  })

  it("the last one counts", () => {
    expect(parse("-c1", "-c2")).toEqual(["2", [], false, []])
  })

  it("names what it does not know, and what lacks its argument", () => {
    expect(parse("-nx")).toEqual({ kind: "unknown", option: "x" })
    expect(parse("-:")).toEqual({ kind: "unknown", option: ":" })
    expect(parse("--foo=1")).toEqual({ kind: "unknown", option: "--foo" })
    expect(parse("-c")).toEqual({ kind: "no-argument", option: "c" })
    expect(parse("--count")).toEqual({ kind: "no-argument", option: "--count" })
  })
})
