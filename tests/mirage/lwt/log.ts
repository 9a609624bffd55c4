// What the callbacks of a test have said, in order. A test file forgets before each test: `beforeEach(forget)`.

/** What was said in the test that is running. */
export const log: unknown[] = []

/** A callback that says `x`. */
export const say = (x: unknown) => (): void => {
  log.push(x)
}

/** From here on nothing has been said. */
export function forget(): void {
  log.length = 0
}
