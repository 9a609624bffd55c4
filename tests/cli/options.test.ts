import { describe, expect, it } from "vitest"
import { levelsOf, Log } from "../../src/cli/log.ts"
import { parseCommand } from "../../src/cli/options.ts"

const run = (line: string, environment: Record<string, string> = {}) => {
  const command = parseCommand(words(line), environment)
  if (command.tag !== "run") throw new Error(command.tag)
  return command.run
}
const words = (line: string): string[] => line.split(" ").filter((word) => word !== "")
const wrong = (line: string, environment: Record<string, string> = {}): string => {
  try {
    parseCommand(words(line), environment)
  } catch (e) {
    return `${(e as Error).name}: ${(e as Error).message}`
  }
  return "nothing"
}

describe("the command line", () => {
  it("has defaults", () => {
    expect(run("run")).toEqual({
      file: "config.ts",
      net: "direct",
      port: undefined,
      ipv4: undefined,
      levels: new Map(),
    })
  })

  it.each([
    ["run -f www/config.ts --net socket --port 8080 -t unix", { file: "www/config.ts", net: "socket", port: 8080 }],
    ["run --file=www --net=socket --port=0", { file: "www", net: "socket", port: 0 }],
    ["run --net socket -l debug -- --ipv4 10.0.0.2/24", { ipv4: "10.0.0.2", levels: new Map([["*", "debug"]]) }],
    ["run --net socket -l info -- -l *:debug", { levels: new Map([["*", "debug"]]) }],
  ])("%s", (line, expected) => {
    expect(run(line)).toMatchObject(expected)
  })

  it("is also the environment, and wins over it", () => {
    expect(run("run", { NET: "socket", PORT: "8080" })).toMatchObject({ net: "socket", port: 8080 })
    expect(run("run --port 8081", { NET: "socket", PORT: "8080" })).toMatchObject({ net: "socket", port: 8081 })
    expect(run("run --net socket", { NET: "direct" })).toMatchObject({ net: "socket" })
    // The configuration may have cases of its own for NET; they are its to refuse.
    expect(run("run", { NET: "pigeon" })).toMatchObject({ net: "direct" })
  })

  it.each([
    ["", { tag: "help", topic: "mirage" }],
    ["--help", { tag: "help", topic: "mirage" }],
    ["help", { tag: "help", topic: "mirage" }],
    ["help run", { tag: "help", topic: "run" }],
    ["run --help", { tag: "help", topic: "run" }],
    ["run -h --port 80", { tag: "help", topic: "run" }],
    ["--version", { tag: "version" }],
  ])("%j", (line, expected) => {
    expect(parseCommand(words(line), {})).toEqual(expected)
  })
})

describe("a mistake is said, with what to do", () => {
  it.each([
    ["rnu", 'There is no command "rnu". Did you mean "mirage run"? "mirage --help" lists them.'],
    ["serve", 'There is no command "serve". "mirage --help" lists them.'],
    ["--port 80", 'Say first what to do: mirage run --port … ("mirage --help" tells more)'],
    ["run --prot 80", 'There is no option --prot. Did you mean --port? "mirage help run" lists them.'],
    ["run -x", 'There is no option -x. "mirage help run" lists them.'],
    ["run --port", "--port needs a value."],
    ["run --port=", "--port needs a value."],
    ["run --port http", "--port http: a port is a whole number from 1 to 65535, or 0 for any that is free."],
    ["run --port 65536", "--port 65536: a port is a whole number from 1 to 65535, or 0 for any that is free."],
    ["run www", '"www" is one word too many. A configuration is named by -f: mirage run -f www'],
    ["run --net pigeon", "--net pigeon: write --net socket, for the host's own sockets."],
    ["run -t xenon", 'There is no target "xenon". This version has -t unix.'],
    [
      "run -- --ipv4 localhost",
      "--ipv4 localhost: write an address of this host, as in --ipv4 0.0.0.0 for all of them.",
    ],
    [
      "run -- --ipv4 1.2.3.256",
      "--ipv4 1.2.3.256: write an address of this host, as in --ipv4 0.0.0.0 for all of them.",
    ],
    [
      "run -- --interface tap0",
      "--interface is for a network card, and --net socket has none: the host's own settings count.",
    ],
    ["run -l loud", "-l loud: write a level, quiet, error, warning, info or debug, or *:debug as MirageOS does."],
    ["help build", 'There is help on "run": mirage help run'],
  ])("%s", (line, message) => {
    expect(wrong(line)).toBe(`UsageError: ${message}`)
  })

  it("is the environment's, if it is there", () => {
    expect(wrong("run", { PORT: "x" })).toMatch(/^UsageError: PORT=x: a port is/)
  })

  it.each(["configure", "describe", "build", "query", "clean"])("%s is for later, and says what there is", (name) => {
    expect(wrong(name)).toMatch(new RegExp(`"mirage ${name}" is not in this version, .* Instead: `))
  })

  it.each(["run --net direct", "run -t xen", "run -t worker", "run --target hvt"])("%s, too", (line) => {
    expect(wrong(line)).toMatch(/is not in this version.*--net socket/)
  })
})

describe("the log", () => {
  const said = (levels: string): string[] => {
    const lines: string[] = []
    const log = new Log(levelsOf(levels)!, (text) => lines.push(text.trimEnd()))
    log.error("E")
    log.info("I")
    log.debug("mirage", "M")
    log.debug("socket", "S")
    return lines
  }

  it.each([
    ["", ["E", "I"]],
    ["quiet", []],
    ["error", ["E"]],
    ["*:debug", ["E", "I", "[mirage] M", "[socket] S"]],
    ["socket:debug,error", ["E", "[socket] S"]],
  ])("%j", (levels, expected) => {
    expect(said(levels)).toEqual(expected)
  })
})
