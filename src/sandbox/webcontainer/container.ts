// A WebContainer as the rest of the page sees it, and the ways in which there may be none. The client package is known to
// frame.ts alone.

/** A WebContainer that is up. Its calls reject once it is gone, with an Error whose message is for the reader. */
export interface Container {
  /** Absolute path of the folder in which projects lie. */
  readonly workdir: string
  /** What its Node says of itself: `v20.19.1`, and whether it runs TypeScript without help. */
  readonly node: { readonly version: string; readonly runsTypeScript: boolean }
  /** Write files, and the folders they need. Paths are relative to `workdir`. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>
  remove(path: string): Promise<void>
  spawn(command: string, args: readonly string[], options?: SpawnOptions): Promise<ContainerProcess>
  /** The servers that listen now, and from here on each that begins to, begins again, or ends. Returns what ends the listening. */
  onServers(f: (servers: readonly ContainerServer[]) => void): () => void
  /** Resolves when the container has gone, with the reason: it crashed, or `teardown` was called. */
  readonly lost: Promise<string>
  /** Throw it away, with all its processes. `why` ends the sentence "The WebContainer has gone: …". */
  teardown(why?: string): void
}

/** How to start a process. */
export interface SpawnOptions {
  /** Relative to `workdir`; `workdir` itself if not given. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Give it a terminal of this size. */
  readonly terminal?: { readonly cols: number; readonly rows: number }
}

/** A process in a container. */
export interface ContainerProcess {
  /** Everything it prints, standard output and error merged, as text. Ends when the process has, or the container is gone. */
  readonly output: ReadableStream<string>
  /** Text for its standard input. What comes after its end is dropped. */
  write(text: string): void
  /** Resolves with its exit code; -1 if the container went before. */
  readonly exit: Promise<number>
  kill(): void
  resize(cols: number, rows: number): void
}

/** A server in a container that a page can show. `generation` grows when it was started again on the same port. */
export interface ContainerServer {
  readonly port: number
  readonly url: string
  readonly generation: number
}

/** Why there is no container. */
export type AbsenceCause =
  /** The site's owner does not allow it. */
  | "off"
  /** The reader has not chosen it yet, where the site asks. */
  | "not-chosen"
  /** It could be had, and nobody has asked for it yet. */
  | "not-begun"
  /** The page is not on https or localhost. */
  | "insecure"
  /** The page is inside a page of somebody else's that is not isolated. */
  | "embedded"
  /** The page is not cross-origin isolated. */
  | "not-isolated"
  /** The browser lacks what a container needs. */
  | "engine"
  | "offline"
  /** It did not answer in time: blocked by a network, or refused for want of a header. */
  | "no-answer"
  /** It answered, and said no. */
  | "refused"
  /** It was there, and is gone. */
  | "crashed"

/** Why there is no container, and what can be done, in words that a teacher can act on. */
export interface Absence {
  readonly cause: AbsenceCause
  readonly message: string
}

/** What is known of the page's container. */
export type ContainerState =
  /** It cannot be had, or is not wanted yet. */
  | { readonly tag: "absent"; readonly why: Absence }
  | { readonly tag: "booting"; readonly attempt: number }
  /** An attempt failed; the next comes by itself in so many milliseconds. */
  | { readonly tag: "waiting"; readonly why: Absence; readonly retryInMs: number }
  /** All attempts failed: the next comes when it is asked for. */
  | { readonly tag: "given-up"; readonly why: Absence }
  | { readonly tag: "up"; readonly container: Container }

/** The page's container, of which there is at most one. */
export interface ContainerHost {
  readonly state: ContainerState
  /** Hear of every change of `state`. Returns what ends the listening. */
  onState(f: (state: ContainerState) => void): () => void
  /** Begin to boot, unless it has begun or cannot be had. `again`: also after giving up, and at once if it waits. Never throws. */
  boot(again?: "again"): void
  /** Resolves once it is up; rejects with the absence's message when it is absent, waits or has given up. */
  ready(): Promise<Container>
  dispose(): void
}
