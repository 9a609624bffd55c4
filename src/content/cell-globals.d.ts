// What a cell may use beyond ECMAScript and the library OS: pure functions, and a way to print.

interface Console {
  /** Print the values on a line. */
  log(...values: unknown[]): void
  info(...values: unknown[]): void
  debug(...values: unknown[]): void
  /** Print the values on a line, as a warning. */
  warn(...values: unknown[]): void
  /** Print the values on a line, as an error. */
  error(...values: unknown[]): void
}
declare const console: Console
