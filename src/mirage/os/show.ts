// How a value of the library OS looks in a toplevel's line, `val p = Return 3`.

/**
 * A value that prints itself has a method of this name, `() => string`. Whoever prints values (the guest) asks for the
 * registered symbol `mirage.show`, so that it need not import the classes.
 */
export const show: unique symbol = Symbol.for("mirage.show") as never
