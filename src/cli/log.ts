// What the command says besides the unikernel's own words: on standard error, so that a unikernel's output can be piped.

/** How much is said, in the order of MirageOS's logs. */
const LEVELS = ["quiet", "error", "warning", "info", "debug"] as const
type Level = (typeof LEVELS)[number]

/** Who says something: the command, or the sockets. */
export type Source = "mirage" | "socket"

/** The level of each source, `*` for those that are not named. */
export type Levels = ReadonlyMap<string, Level>

/** `debug`, `*:debug`, `socket:debug,*:info`; empty is `info` for all. `undefined` if it is none of these. */
export function levelsOf(text: string): Levels | undefined {
  const levels = new Map<string, Level>()
  for (const part of text === "" ? [] : text.split(",")) {
    const [name, source] = part.split(":").toReversed()
    const level = LEVELS.find((one) => one === name)
    if (level === undefined) return undefined
    levels.set(source ?? "*", level)
  }
  return levels
}

/** Says things, if they are wanted. */
export class Log {
  readonly #levels: Levels
  readonly #write: (text: string) => void

  constructor(levels: Levels, write: (text: string) => void) {
    this.#levels = levels
    this.#write = write
  }

  /** Something went wrong. */
  error(text: string): void {
    this.#say("mirage", "error", text)
  }

  /** Something that a person who has started a unikernel wants to know. */
  info(text: string): void {
    this.#say("mirage", "info", text)
  }

  /** Something that a person who looks for a mistake wants to know. */
  debug(source: Source, text: string): void {
    this.#say(source, "debug", `[${source}] ${text}`)
  }

  #say(source: Source, level: Level, text: string): void {
    const wanted = this.#levels.get(source) ?? this.#levels.get("*") ?? "info"
    if (LEVELS.indexOf(level) <= LEVELS.indexOf(wanted)) this.#write(`${text}\n`)
  }
}
