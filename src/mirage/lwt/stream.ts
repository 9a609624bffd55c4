// LwtStream: a sequence of values that are still to come. `undefined` is its end, OCaml's `None`.
//
// A stream is a linked list whose last node is empty, and a cursor. To read at the last node is to ask the source to feed
// the list, and to wait for that. Clones share the list and the source, and have a cursor each. What no cursor can reach
// any more is collected.
//
// Read first: `at` in stream-cursor.ts, then the sources in stream-source.ts.

export * from "./stream-cursor.ts"
export * from "./stream-transform.ts"
