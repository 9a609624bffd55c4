import { type CONSOLE, Lwt, OS } from "mirage"

const red = (text: string) => `\x1b[31m${text}\x1b[m`
const green = (text: string) => `\x1b[32m${text}\x1b[m`

export const Main = <C>(C: CONSOLE<C>) => ({
  start: (c: C): Lwt.t<void> => {
    const loop = (n: number): Lwt.t<void> => {
      if (n === 0) return C.logS(c, green("world"))
      C.log(c, red("hello"))
      return OS.Time.sleep(1).bind(() => loop(n - 1))
    }
    return loop(5)
  },
})
