// What the page and the throw-away frame say to each other. The frame is of the page's own origin, so they call each other
// directly; only plain values and functions cross, because a class of the one realm is not that of the other.

import type { WebContainerSettings } from "../../site/settings.ts"
import type { SpawnOptions } from "./container.ts"

/** How to boot. */
export interface BootSettings extends Pick<WebContainerSettings, "origin" | "apiKey" | "coep"> {
  readonly workdirName: string
}

/** What the frame's document puts under {@link DOOR} in its window. */
export interface Door {
  /** Once a frame. May never settle: whoever waits keeps a clock. */
  boot(settings: BootSettings): Promise<FrameContainer>
}

/** The name of the {@link Door} in the frame's window. */
export const DOOR = "mirageContainerDoor"

/** A container as the frame has it. After the frame has gone, no promise of these settles. */
export interface FrameContainer {
  readonly workdir: string
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>
  remove(path: string): Promise<void>
  /** `onOutput` hears text, and `undefined` at its end. */
  spawn(
    command: string,
    args: readonly string[],
    options: SpawnOptions,
    onOutput: (text: string | undefined) => void,
  ): Promise<FrameProcess>
  /** Hear of servers: `url` is absent when the one on `port` has ended. */
  onServer(f: (port: number, url: string | undefined) => void): void
  /** Hear of errors of the container itself. */
  onError(f: (message: string) => void): void
  /** Resolves if it is alive. */
  ping(): Promise<void>
  teardown(): void
}

/** A process as the frame has it. */
export interface FrameProcess {
  readonly exit: Promise<number>
  write(text: string): void
  kill(): void
  resize(cols: number, rows: number): void
}

/** What was thrown on the other side, in words. It is of the frame's realm: an Error there is none here. */
export function wordsOf(thrown: unknown): string {
  const message = typeof thrown === "object" && thrown !== null && "message" in thrown ? thrown.message : undefined
  return typeof message === "string" ? message : String(thrown)
}
