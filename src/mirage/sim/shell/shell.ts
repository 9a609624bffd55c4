// The shell of the learner's machine: one line, its commands joined by pipes, run to the end.

import * as Lwt from "../../lwt/lwt.ts"
import { arp, ip } from "./net-tools.ts"
import { cat, clear, echo, ls, printf } from "./builtins.ts"
import type { Command, Machine, Terminal } from "./command.ts"
import { curl } from "./curl.ts"
import { nc } from "./nc.ts"
import { parseOptions } from "./options.ts"
import { ping } from "./ping.ts"
import { tcpdump } from "./tcpdump.ts"
import { parseLine, type Words } from "./words.ts"

/** What can be typed, in the order of `help`. */
export const COMMANDS: readonly Command[] = [ping, curl, nc, arp, ip, tcpdump, echo, printf, cat, ls, clear]

/** Exit statuses of a POSIX shell (2.8.2). */
const NOT_FOUND = 127
const INTERRUPTED = 130
const SYNTAX_ERROR = 2

/**
 * Run `line` on `machine`; resolves with the exit status of its last command. What is printed goes to `print` as it comes.
 * When `interrupt` resolves, the command that runs is told, and ends; a pipe ends with it. Never fails: an exception of a
 * command is printed.
 */
export function runLine(
  machine: Machine,
  line: string,
  print: (text: string) => void,
  interrupt: Lwt.t<void>,
): Lwt.t<number> {
  const parsed = parseLine(line)
  if (!parsed.ok) {
    print(`sh: ${parsed.error}\n`)
    return Lwt.return(SYNTAX_ERROR)
  }
  const commands = parsed.value
  const from = (i: number, input: Uint8Array | undefined, status: number): Lwt.t<number> => {
    const words = commands[i]
    if (words === undefined) return Lwt.return(status)
    const last = i === commands.length - 1
    const piped: string[] = []
    const terminal: Terminal = {
      print: last ? print : (text) => void piped.push(text),
      complain: print,
      input,
      interrupt,
    }
    return runCommand(machine, words, terminal).bind((s) => {
      if (!Lwt.isSleeping(interrupt)) return Lwt.return(s)
      return from(i + 1, last ? undefined : new TextEncoder().encode(piped.join("")), s)
    })
  }
  return from(0, undefined, 0)
}

function runCommand(machine: Machine, [name, ...args]: Words, terminal: Terminal): Lwt.t<number> {
  if (name === "help") return Lwt.return(help(args[0], terminal))
  const command = COMMANDS.find((c) => c.name === name)
  if (command === undefined) {
    terminal.complain(`sh: ${name}: command not found. Type help for those there are\n`)
    return Lwt.return(NOT_FOUND)
  }
  const raw = command.options.short === ""
  const parsed = parseOptions(raw ? ["--", ...args] : args, command.options)
  if (!parsed.ok) {
    terminal.complain(command.badOption(parsed.error.option, parsed.error.kind))
    return Lwt.return(2)
  }
  const options = parsed.value
  const running = Lwt.catch(
    () => command.run(machine, options, terminal),
    (e) => {
      if (e instanceof Lwt.Canceled) return Lwt.return(INTERRUPTED)
      terminal.complain(`sh: ${name}: ${e instanceof Error ? e.message : String(e)}\n`)
      return Lwt.return(1)
    },
  )
  // A command that looks at the interrupt itself (ping prints its statistics) ends while this pauses. Others are cancelled.
  const interrupted = terminal.interrupt.bind(() => {
    terminal.complain("^C\n")
    return Lwt.pause().map(() => INTERRUPTED)
  })
  return Lwt.pick([running, interrupted])
}

function help(name: string | undefined, terminal: Terminal): number {
  if (name === undefined) {
    const width = Math.max(...COMMANDS.map((c) => c.name.length))
    const lines = COMMANDS.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`)
    terminal.print(
      [
        "You are on 10.0.0.1. The first unikernel is 10.0.0.2, also called unikernel.",
        "",
        ...lines,
        "",
        "`help ping` tells more about ping. Commands are joined by |, text is quoted by ' or \", Ctrl+C interrupts.",
        "",
      ].join("\n"),
    )
    return 0
  }
  const command = COMMANDS.find((c) => c.name === name)
  if (command === undefined) {
    terminal.complain(`help: there is no command ${name}\n`)
    return 1
  }
  const details = command.details === undefined ? "" : `${command.details}\n`
  terminal.print(`usage: ${command.name} ${command.synopsis}\n${command.summary}\n${details}`)
  return 0
}
