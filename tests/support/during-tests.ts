// What a file of tests begins and ends with.

import { afterAll, beforeAll } from "vitest"

/** Has something closed after the last test, before what was opened before it. */
export type Keep = <A extends { close(): unknown }>(opening: A | Promise<A>) => Promise<A>

/** What `begin` makes, from before the first test of a file, or of a `describe`, until after the last. */
export function duringTests<A extends object>(begin: (keep: Keep) => Promise<A>): () => A {
  const opened: { close(): unknown }[] = []
  let up: A | undefined

  beforeAll(async () => {
    up = await begin(async (opening) => {
      const one = await opening
      opened.unshift(one)
      return one
    })
  })
  afterAll(async () => {
    for (const one of opened) await one.close()
  })

  return () => {
    if (up === undefined) throw new Error("What tests run with is up while they run, not while they are collected.")
    return up
  }
}
