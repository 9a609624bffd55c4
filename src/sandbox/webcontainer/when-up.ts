// Waiting for a container.

import type { Container, ContainerState } from "./container.ts"

/**
 * The container of a host that is in `state`, once it is up; rejects with the absence's message when the host is absent,
 * waits or has given up. `listen` tells of its next states, and gives what ends the telling.
 */
export function whenUp(
  state: ContainerState,
  listen: (f: (state: ContainerState) => void) => () => void,
): Promise<Container> {
  return new Promise((resolve, reject) => {
    const look = (now: ContainerState): void => {
      if (now.tag === "booting") return
      stop()
      if (now.tag === "up") resolve(now.container)
      else reject(new Error(now.why.message))
    }
    const stop = listen(look)
    look(state)
  })
}
