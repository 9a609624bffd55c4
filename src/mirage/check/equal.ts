// Whether two values look the same to a reader, which is what a check compares.

/** True of equal primitives (`NaN` too), and of arrays, records, bytes, maps and sets whose parts are equal. */
export function equals(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (a instanceof Set || a instanceof Map) return equals([...a], [...(b as typeof a)])
  if (Array.isArray(a) || a instanceof Uint8Array) {
    const other = b as ArrayLike<unknown>
    return a.length === other.length && Array.from(a).every((x: unknown, i) => equals(x, other[i]))
  }
  // An object of a class is what it is by its identity: its parts may be private.
  const prototype: unknown = Object.getPrototypeOf(a)
  if (prototype !== Object.prototype && prototype !== null) return false
  const [keys, others] = [Object.keys(a), Object.keys(b)]
  return (
    keys.length === others.length && keys.every((k) => Object.hasOwn(b, k) && equals((a as Keyed)[k], (b as Keyed)[k]))
  )
}

type Keyed = Readonly<Record<string, unknown>>
