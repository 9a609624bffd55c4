// Sequence-associated storage: values that follow a chain of callbacks instead of being passed along as arguments.
//
// There is one current storage at any time, an immutable map. Whoever registers a callback (bind, map, onSuccess, …)
// keeps the storage of that moment with it, and it is put back before the callback runs.

/** Names a value of type `A`. */
export interface Key<in out A> {
  readonly id: symbol
  /** Only for the type checker: a key's type of value. */
  readonly valueOf?: () => A
}

/** A snapshot of all values. `undefined` is the empty one. */
export type Storage = ReadonlyMap<symbol, unknown> | undefined

/** The storage of the code that is running now. In an object, because a module cannot assign another one's `let`. */
export const context: { storage: Storage } = { storage: undefined }

/**
 * `f`, to be called with the storage of now by somebody who clears it first ({@link clearStorage}). Most programs have none,
 * so it is a function that remembers it, where there is one, and not a field in every callback.
 */
export function withStorageOfNow<X, Y>(f: (x: X) => Y): (x: X) => Y {
  return context.storage === undefined ? f : withStorage(context.storage, f)
}

function withStorage<X, Y>(storage: Storage, f: (x: X) => Y): (x: X) => Y {
  return (x) => {
    context.storage = storage
    return f(x)
  }
}

/** About to call what {@link withStorageOfNow} has made. */
export function clearStorage(): void {
  context.storage = undefined
}

/** A new key, different from all others. */
export function newKey<A>(): Key<A> {
  return { id: Symbol("Lwt.key") } as Key<A>
}

/** The value that the callback which is running was registered under, if any. */
export function get<A>(key: Key<A>): A | undefined {
  return context.storage?.get(key.id) as A | undefined
}

/**
 * Call `f` with `key` bound to `value`, here and in every callback that is registered meanwhile, even if it runs much
 * later. `undefined` removes the binding.
 */
export function withValue<A, B>(key: Key<A>, value: A | undefined, f: () => B): B {
  const saved = context.storage
  const storage = new Map(saved)
  if (value === undefined) storage.delete(key.id)
  else storage.set(key.id, value)
  context.storage = storage
  try {
    return f()
  } finally {
    context.storage = saved
  }
}
