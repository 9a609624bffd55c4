// Random programs for the two Lwts.

import { seeded } from "../../../src/mirage/os/random.ts"
import { LIST_FUNCTIONS } from "../../mirage/lwt/list-functions.ts"

/** What callbacks that make promises can do. The common ones are there several times. */
const CALLBACKS = [
  ..."ret ret ret fail raise use use pause wake wake later later cancel".split(" "),
  ..."lock unlock unlock take await put signal broadcast get burst push push next borrow off".split(" "),
]
/** What callbacks of `map` can do. */
const EFFECTS = "ret ret raise wake wake later burst cancel unlock put push signal broadcast off".split(" ")

/** An operation: its name, and what its arguments are: promise, list of promises, number, callback, effect, function of a list. */
type Shape = readonly [weight: number, name: string, ...args: ("p" | "l" | "n" | "c" | "e" | "f")[]]

const CORE: readonly Shape[] = [
  [2, "ret", "n"],
  [1, "fail", "n"],
  [5, "wait"],
  [6, "task"],
  [2, "pause"],
  [8, "bind", "p", "c"],
  [4, "map", "p", "e"],
  [4, "catch", "p", "c"],
  [3, "finalize", "p", "c"],
  [4, "trybind", "p", "c", "c"],
  [2, "join", "l"],
  [2, "all", "l"],
  [2, "both", "p", "p"],
  [2, "choose", "l"],
  [3, "pick", "l"],
  [1, "nchoose", "l"],
  [2, "npick", "l"],
  [2, "split", "l"],
  [2, "protected", "p"],
  [1, "nocancel", "p"],
  [2, "cancelable", "p"],
  [8, "wakeup", "p", "n"],
  [3, "wakeupexn", "p", "n"],
  [4, "wakeuplater", "p", "n"],
  [4, "cancel", "p"],
  [1, "onsuccess", "p"],
  [1, "onfailure", "p"],
  [1, "onterm", "p"],
  [3, "oncancel", "p"],
  [1, "onany", "p"],
  [3, "paused"],
  [2, "lock", "n"],
  [3, "unlock", "n"],
  [2, "withlock", "n", "p", "c"],
  [2, "put", "n", "n"],
  [2, "take", "n"],
  [1, "await", "n"],
  [2, "awaitm", "n", "n"],
  [2, "signal", "n", "n"],
  [1, "broadcast", "n", "n"],
  [1, "broadcastexn", "n", "n"],
  [2, "with", "n", "p", "c"],
]

const STREAMS: readonly Shape[] = [
  [8, "push", "n", "n"],
  [1, "end", "n"],
  [6, "next", "n"],
  [3, "sget", "n"],
  [2, "peek", "n"],
  [3, "nget", "n", "n"],
  [2, "npeek", "n", "n"],
  [2, "junk", "n"],
  [2, "njunk", "n", "n"],
  [1, "parse", "n", "n", "c"],
  [2, "lastnew", "n"],
  [1, "isempty", "n"],
  [2, "available", "n"],
  [1, "availableupto", "n", "n"],
  [1, "tolist", "n"],
  [2, "iters", "n", "c"],
  [1, "closed", "n"],
  [2, "clone", "n"],
  [2, "smap", "n", "c"],
  [1, "sfilter", "n"],
  [1, "append", "n", "n"],
  // Of one stream, since Lwt's choice between several that are ready is random.
  [1, "schoose", "n"],
  [1, "scombine", "n", "n"],
  [1, "sconcat", "n", "n"],
  [1, "siterp", "n", "c"],
  [1, "sitern", "n", "c"],
  [1, "getwhile", "n"],
  [1, "junkwhile", "n"],
  [1, "sfind", "n"],
  [1, "sfold", "n"],
  [3, "sfrom", "n", "c"],
  [6, "bpush", "n"],
  [4, "bnext"],
  [2, "bresize", "n"],
  [1, "bclose"],
  [2, "bstate"],
]

const POOLS_AND_SWITCHES: readonly Shape[] = [
  [10, "use", "p", "c"],
  [2, "clear"],
  [2, "queue"],
  [4, "hook", "n", "c"],
  [2, "hookexec", "n", "c"],
  [2, "off", "n"],
  [1, "check", "n"],
  [4, "withswitch", "p", "c", "c"],
]

const LISTS: readonly Shape[] = [
  [2, "maps", "l", "c"],
  [2, "mapp", "l", "c"],
  [2, "iterp", "l", "c"],
  [6, "list", "l", "c", "f"],
]

/**
 * Operations and callbacks that protect a promise: who reads a stream does so to what it waits for. When such a promise is
 * resolved by a callback of one that is being cancelled together with it, Lwt 5.6.1 resolves it twice, and dies of it.
 */
const PROTECTING: ReadonlySet<string> = new Set(["protected", "next", ...STREAMS.map(([, name]) => name)])

/** Whether the real Lwt may die of a program. */
export function isDangerous(operations: readonly string[]): boolean {
  return operations.some((operation) => operation.split(" ").some((word) => PROTECTING.has(word)))
}

const weighted = (...shapes: (readonly Shape[])[]): readonly Shape[] =>
  shapes.flat().flatMap((shape) => Array.from({ length: shape[0] }, () => shape))

/** A program is about one of these, so that what it makes also meets. */
const SUBJECTS: readonly (readonly Shape[])[] = [
  weighted(CORE, LISTS),
  weighted(CORE, STREAMS),
  weighted(CORE, POOLS_AND_SWITCHES),
  weighted(CORE, LISTS, STREAMS, POOLS_AND_SWITCHES),
]

/** `count` programs of up to 60 operations, the same for the same seed. */
export function programs(seed: number, count: number): string[][] {
  const random = seeded(seed)
  const oneOf = <A>(list: readonly A[]): A => list[random.int(list.length)]!
  const argument = (kind: string): string => {
    switch (kind) {
      case "p":
        return `${random.int(40)}`
      case "l":
        return Array.from({ length: 1 + random.int(4) }, () => random.int(40)).join(",")
      case "c":
        return `${oneOf(CALLBACKS)} ${random.int(30)}`
      case "f":
        return oneOf(Object.keys(LIST_FUNCTIONS))
      case "e":
        return `${oneOf(EFFECTS)} ${random.int(30)}`
      default:
        return `${random.int(9)}`
    }
  }
  return Array.from({ length: count }, () => {
    const shapes = oneOf(SUBJECTS)
    // The first makes a promise, for the others to have one.
    const operations = ["task"]
    for (let n = 2 + random.int(58); n > 0; n--) {
      const [, name, ...args] = oneOf(shapes)
      operations.push([name, ...args.map(argument)].join(" "))
    }
    return operations
  })
}
