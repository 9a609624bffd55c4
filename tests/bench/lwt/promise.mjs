// JavaScript's own promises, doing the same.

import { measure } from "./measure.mjs"

let sum = 0
const add = (x) => {
  sum += x
}
const inc = (x) => x + 1
const one = (x) => Promise.resolve(x + 1)
const nothing = Promise.resolve()

/** `n` promises and their resolvers. */
function several(n) {
  const promises = []
  const resolvers = []
  for (let i = 0; i < n; i++) promises.push(new Promise((resolve) => resolvers.push(resolve)))
  return [promises, resolvers]
}

/** One of each. */
function deferred() {
  let resolve
  const p = new Promise((r) => {
    resolve = r
  })
  return [p, resolve]
}

/** A mailbox for one value. */
class Mailbox {
  #value
  #full = false
  #reader
  put(value) {
    if (this.#reader) {
      const reader = this.#reader
      this.#reader = undefined
      reader(value)
      return Promise.resolve()
    }
    if (this.#full) throw new Error("one writer at a time, here")
    this.#value = value
    this.#full = true
    return Promise.resolve()
  }
  take() {
    if (this.#full) {
      this.#full = false
      return Promise.resolve(this.#value)
    }
    return new Promise((resolve) => {
      this.#reader = resolve
    })
  }
}

/** A lock: one at a time, first come first served, and the next one's turn however that ends. */
class Mutex {
  #locked = false
  #waiting = []
  get isLocked() {
    return this.#locked
  }
  lock() {
    if (this.#locked) return new Promise((resolve) => this.#waiting.push(resolve))
    this.#locked = true
    return nothing
  }
  unlock() {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#locked = false
  }
  async withLock(f) {
    await this.lock()
    try {
      return await f()
    } finally {
      this.unlock()
    }
  }
}

/** Promises, each of the one before. */
const chain = (f) => ({
  n: 300_000,
  async run(n) {
    for (let chains = n / 10_000; chains > 0; chains--) {
      const [p, resolve] = deferred()
      let q = p
      for (let i = 0; i < 10_000; i++) q = q.then(f)
      resolve(0)
      if ((await q) !== 10_000) throw new Error("chain")
    }
  },
})

const join = (size) => ({
  n: 100_000,
  async run(n) {
    for (let rounds = n / size; rounds > 0; rounds--) {
      const [promises, resolvers] = several(size)
      const p = Promise.all(promises)
      for (const resolve of resolvers) resolve()
      await p
    }
  },
})

const rows = {
  bind: {
    n: 300_000,
    async run(n) {
      for (let i = n; i > 0; ) i = await Promise.resolve(i - 1)
    },
  },
  wakeup: {
    n: 100_000,
    async run(n) {
      for (let i = 0; i < n; i++) {
        const [p, resolve] = deferred()
        const q = p.then(add)
        resolve(i)
        await q
      }
    },
  },
  chain: chain(one),
  mapChain: chain(inc),
  // Everything else has a turn, timers and sockets too, as in Lwt's main loop.
  mainLoop: {
    n: 20_000,
    async run(n) {
      for (let i = n; i > 0; i--) await new Promise((resolve) => setImmediate(resolve))
    },
  },
  // Only callbacks of promises have.
  pause: {
    n: 300_000,
    async run(n) {
      for (let i = n; i > 0; i--) await nothing
    },
  },
  mvar: {
    n: 100_000,
    async run(n) {
      const a = new Mailbox()
      const b = new Mailbox()
      const pong = async () => {
        for (let i = n / 2; i > 0; i--) await b.put(await a.take())
      }
      const ping = async () => {
        for (let i = n / 2; i > 0; i--) {
          await a.put(i)
          await b.take()
        }
      }
      await Promise.all([ping(), pong()])
    },
  },
  stream: {
    n: 100_000,
    async run(n) {
      const { readable, writable } = new TransformStream()
      const writer = writable.getWriter()
      const reader = readable.getReader()
      for (let i = 0; i < n; i++) {
        void writer.write(i)
        sum += (await reader.read()).value
      }
    },
  },
  mutex: {
    n: 100_000,
    async run(n) {
      for (let rounds = n / 1000; rounds > 0; rounds--) {
        const m = new Mutex()
        await m.lock()
        let last
        for (let i = 0; i < 1000; i++) last = m.withLock(() => add(i))
        m.unlock()
        await last
        if (m.isLocked) throw new Error("mutex")
      }
    },
  },
  choose: {
    n: 100_000,
    async run(n) {
      for (let rounds = n / 10_000; rounds > 0; rounds--) {
        const [promises, resolvers] = several(10_000)
        const p = Promise.race(promises)
        resolvers[5000](1)
        await p
      }
    },
  },
  joinSmall: join(10_000),
  join: join(100_000),
}

/** The timers wait in earnest, up to a second, which costs no CPU time. */
function sleepers(n) {
  const [all, last] = deferred()
  let sleeping = n
  const wake = () => {
    if (--sleeping === 0) last()
  }
  for (let i = 0; i < n; i++) void new Promise((resolve) => setTimeout(resolve, (i * 7919) % 1000)).then(wake)
  return () => all
}

await measure(rows, sleepers)
