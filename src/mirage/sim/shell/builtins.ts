// The commands that touch no network.

import * as Lwt from "../../lwt/lwt.ts"
import { type Command, getoptComplaint } from "./command.ts"

/** echo, with bash's -n and -e. Other words that begin with a dash are printed, as echo does. */
export const echo: Command = {
  name: "echo",
  synopsis: "[-n] [-e] [text ...]",
  summary: "print text; -e understands \\n and \\r, -n leaves out the newline",
  // No option letters: echo must print what it does not know, so it reads its words itself.
  options: { short: "" },
  badOption: getoptComplaint("echo", ""),
  run(_, options, terminal) {
    const words = [...options.operands]
    let newline = true
    let escapes = false
    while (/^-[neE]+$/.test(words[0] ?? "")) {
      const flags = words.shift() ?? ""
      newline &&= !flags.includes("n")
      escapes = flags.includes("e") ? true : flags.includes("E") ? false : escapes
    }
    const text = words.join(" ")
    terminal.print((escapes ? unescape(text) : text) + (newline ? "\n" : ""))
    return Lwt.return(0)
  },
}

/** printf, without conversions but %s, %d and %%. */
export const printf: Command = {
  name: "printf",
  synopsis: "format [argument ...]",
  summary: "print text with \\r, \\n, %s and %d: printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc unikernel 80",
  options: { short: "" },
  badOption: getoptComplaint("printf", ""),
  run(_, options, terminal) {
    const [format, ...values] = options.operands
    if (format === undefined) {
      terminal.complain("printf: usage: printf format [arguments]\n")
      return Lwt.return(2)
    }
    terminal.print(unescape(format).replaceAll(/%([sd%])/g, (_all, c) => (c === "%" ? "%" : (values.shift() ?? ""))))
    return Lwt.return(0)
  },
}

/** clear: the screen, by its escape sequences. */
export const clear: Command = {
  name: "clear",
  synopsis: "",
  summary: "clear the screen",
  options: { short: "" },
  badOption: getoptComplaint("clear", "Usage: clear"),
  run(_, _options, terminal) {
    terminal.print("\x1b[H\x1b[2J\x1b[3J")
    return Lwt.return(0)
  },
}

/** cat: a file that `curl -o` has written, or what comes through the pipe. */
export const cat: Command = {
  name: "cat",
  synopsis: "[file ...]",
  summary: "print files that curl -o has saved",
  options: { short: "" },
  badOption: getoptComplaint("cat", "Try 'cat --help' for more information."),
  run(machine, options, terminal) {
    const decoder = new TextDecoder()
    if (options.operands.length === 0) terminal.print(decoder.decode(terminal.input ?? new Uint8Array(0)))
    let status = 0
    for (const name of options.operands) {
      const file = machine.files.get(name)
      if (file !== undefined) terminal.print(decoder.decode(file))
      else {
        terminal.complain(`cat: ${name}: No such file or directory\n`)
        status = 1
      }
    }
    return Lwt.return(status)
  },
}

/** ls: the files that `curl -o` has written. */
export const ls: Command = {
  name: "ls",
  synopsis: "[-l]",
  summary: "list files that curl -o has saved",
  options: { short: "al1" },
  badOption: getoptComplaint("ls", "Try 'ls --help' for more information."),
  run(machine, options, terminal) {
    const names = [...machine.files.keys()].sort()
    const line = (name: string) =>
      options.has("l") ? `${String(machine.files.get(name)?.length ?? 0).padStart(8)} ${name}` : name
    terminal.print(names.map((name) => `${line(name)}\n`).join(""))
    return Lwt.return(0)
  },
}

/** C's escapes for characters that are hard to type. */
function unescape(text: string): string {
  const letters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0", e: "\x1b", "\\": "\\" }
  return text.replaceAll(/\\(x[0-9a-fA-F]{1,2}|.)/g, (all, c: string) =>
    c.startsWith("x") && c.length > 1 ? String.fromCharCode(Number.parseInt(c.slice(1), 16)) : (letters[c] ?? all),
  )
}
