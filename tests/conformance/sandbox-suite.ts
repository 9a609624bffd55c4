// What every sandbox does, whatever the guest runs in. Called by sandbox-node.test.ts and sandbox-embedded.test.ts.

import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type ProgramOptions, program } from "../../src/sandbox/program.ts"
import type {
  CheckResult,
  Exit,
  FrameRow,
  OutputChunk,
  Program,
  ProgramError,
  Serving,
  ThreadBatch,
} from "../../src/sandbox/protocol.ts"
import type { Run, Sandbox } from "../../src/sandbox/sandbox.ts"
import { compile } from "../../src/toolchain/compile.ts"
import type { CompiledModule } from "../../src/toolchain/compiled-module.ts"

/** Everything that a run told. */
export interface Transcript {
  readonly run: Run
  readonly chunks: OutputChunk[]
  readonly values: [name: string, text: string][]
  readonly errors: ProgramError[]
  readonly machines: Serving[]
  readonly frames: FrameRow[]
  readonly threads: ThreadBatch[]
  readonly stuck: boolean[]
  readonly checked: CheckResult[]
  /** What was printed on `stream`. */
  readonly text: (stream?: OutputChunk["stream"]) => string
  /** Resolves when `holds` does, looked at whenever something is told; rejects if the run ends before. */
  readonly until: (holds: () => boolean) => Promise<void>
}

type Files = Readonly<Record<string, string>>

/** The program of `files`, of which the first is the entry and all `.ts` files are one group. */
export async function programOf(files: Files, options?: ProgramOptions): Promise<Program> {
  const names = Object.keys(files)
  const project = {
    files: Object.fromEntries(
      names.map((name) => [name, { language: name.endsWith(".ts") ? "typescript" : "html", text: files[name]! }]),
    ),
    cells: [{ entry: names[0]!, files: names }],
  }
  const made = await program(project, {}, names[0]!, { pace: "max", ...options })
  if (!made.ok) throw new Error(made.error.map((one) => `${one.file}:${one.line} ${one.message}`).join("\n"))
  return made.value
}

function compiled(name: string, text: string): CompiledModule {
  const result = compile(name, text)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

/** Start `made` and write down what it tells. */
export function start(sandbox: Sandbox, made: Program): Transcript {
  const changed = new Set<() => void>()
  const note = <A>(into: A[], ...what: A[]): void => {
    into.push(...what)
    for (const look of changed) look()
  }
  const transcript: Transcript = {
    chunks: [],
    values: [],
    errors: [],
    machines: [],
    frames: [],
    threads: [],
    stuck: [],
    checked: [],
    text: (stream = "out") =>
      transcript.chunks
        .filter((one) => one.stream === stream)
        .map((one) => one.text)
        .join(""),
    until: (holds) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!holds()) return
          changed.delete(look)
          resolve()
        }
        changed.add(look)
        look()
        void transcript.run.done.then((exit) => reject(new Error(`the run ended before: ${JSON.stringify(exit)}`)))
      }),
    run: undefined as never,
  }
  const run = sandbox.run(made, {
    output: (chunks) => note(transcript.chunks, ...chunks),
    value: (name, text) => note(transcript.values, [name, text]),
    error: (error) => note(transcript.errors, error),
    serving: (machine) => note(transcript.machines, machine),
    frames: (rows) => note(transcript.frames, ...rows),
    threads: (batch) => note(transcript.threads, batch),
    stuck: (is) => note(transcript.stuck, is),
    checked: (result) => note(transcript.checked, result),
  })
  return Object.assign(transcript, { run })
}

/** The place of `marker` in the text of `file`, as an error's position. */
function place(file: string, text: string, marker: string): { file: string; line: number; column: number } {
  const before = text.slice(0, text.indexOf(marker)).split("\n")
  return { file, line: before.length, column: before.at(-1)!.length + 1 }
}

function failure(exit: Exit): ProgramError {
  if (exit.tag !== "failed") throw new Error(`expected a failure, and it was ${exit.tag}`)
  return exit.error
}

const SERVER: Files = {
  "config.ts": `import { register } from "mirage/config"\nregister("www", "Unikernel.Main")\n`,
  "unikernel.ts": `export const Main = (machine) => { console.log("booting"); return machine.serve() }\n`,
}

/** Prove that what `make` makes is a sandbox. */
export function sandboxSuite(name: string, make: () => Promise<Sandbox>): void {
  describe(name, () => {
    let sandbox: Sandbox
    beforeAll(async () => {
      sandbox = await make()
    })
    afterAll(async () => {
      await sandbox.dispose()
    })

    const launch = async (files: Files | string, options?: ProgramOptions): Promise<Transcript> =>
      start(sandbox, await programOf(typeof files === "string" ? { "main.ts": files } : files, options))
    const finish = async (files: Files | string, options?: ProgramOptions): Promise<Transcript & { exit: Exit }> => {
      const transcript = await launch(files, options)
      return Object.assign(transcript, { exit: await transcript.run.done })
    }

    describe("promises", () => {
      const text = 'import { promise } from "mirage"\nconst two = () =>\n  promise()\ntwo()\nsetTimeout(promise)\n'

      it("are told of if the program is traced, with the calls in the reader's files that made them", async () => {
        const { threads, exit } = await finish(text, { trace: true })
        expect(exit).toEqual({ tag: "done" })
        expect(threads.flatMap((batch) => batch.events)).toEqual([
          { tag: "made", id: 0, time: 0, site: 0, waitsFor: [] },
        ])
        const [site] = threads.flatMap((batch) => batch.sites)
        expect(site?.map(({ file, line }) => [file, line])).toEqual([
          ["main.ts", 3],
          ["main.ts", 4],
        ])
      })

      it("cost nothing and are not told of if it is not", async () => {
        expect((await finish(text)).threads).toEqual([])
      })

      it("come all, in few messages, though they are many", async () => {
        const many = 'import { promise } from "mirage"\nfor (let i = 0; i < 30_000; i++) promise()\n'
        const { threads } = await finish(many, { trace: true })
        const events = threads.flatMap((batch) => batch.events)
        expect(events.map((event) => ("id" in event ? event.id : -1))).toEqual(
          Array.from({ length: 30_000 }, (_, i) => i),
        )
        expect(threads.flatMap((batch) => batch.sites).length).toBe(1)
        expect(threads.length).toBeLessThan(150)
      })
    })

    describe("printing", () => {
      it("comes in order, each stream under its name, and values as a toplevel shows them", async () => {
        const { exit, chunks } = await finish(`
          console.log("one", 2, { tag: "Some", value: [1, "x"] })
          console.warn("careful")
          console.error("%s of %d", "two", 3)
          console.info(undefined, null)
          console.assert(1 > 2, "one is not more")
        `)
        expect(exit).toEqual({ tag: "done" })
        const told: string[] = []
        for (const { stream, text } of chunks) for (const line of text.split(/(?<=\n)/)) told.push(`${stream}: ${line}`)
        expect(told).toEqual([
          'out: one 2 Some [1; "x"]\n',
          "err: careful\n",
          "err: two of 3\n",
          "out: () null\n",
          "err: Assertion failed: one is not more\n",
        ])
      })

      it("includes what the library prints, and the files that are imported", async () => {
        const { text } = await finish({
          "main.ts": `import { print } from "mirage"\nimport "./other.ts"\nprint("no newline"); print(", one line\\n")`,
          "other.ts": `console.log("first")`,
        })
        expect(text()).toBe("first\nno newline, one line\n")
      })

      it("cannot be taken for a message of the guest", async () => {
        const message = `{"tag":"exit","run":1,"exit":{"tag":"done"}}`
        const { text, exit } = await finish(`
          console.log(${JSON.stringify(message)})
          try { postMessage({ tag: "exit", run: 1, exit: { tag: "done" } }) } catch {}
          try { globalThis.process?.send?.({ tag: "exit", run: 1, exit: { tag: "done" } }) } catch {}
          try { globalThis.process?.stdout.write("") } catch {}
          console.log("still here")
          throw new Error("the end")
        `)
        expect(text()).toBe(`${message}\nstill here\n`)
        expect(failure(exit).message).toBe("the end")
      })

      it("is cut after 2,000 lines, with a note, and the program goes on", async () => {
        const { chunks, text, values, exit } = await finish(`
          for (let i = 1; i <= 100_000; i++) console.log("line", i)
          const after = 1
        `)
        expect(exit).toEqual({ tag: "done" })
        expect(text().split("\n").slice(-2)).toEqual(["line 2000", ""])
        expect(text("note")).toBe("The output is cut here: a run may print 2,000 lines or 256 kB.\n")
        expect(chunks.at(-1)!.stream).toBe("note")
        expect(values).toEqual([["after", "1"]])
      })

      it("is cut after 256 kB, even within a line", async () => {
        const { text } = await finish(`for (let i = 0; i < 100; i++) console.log("x".repeat(100_000))`)
        expect(text().length).toBe(256 * 1024)
        expect(text("note")).toMatch(/^\nThe output is cut here/)
      })

      it("arrives from a loop that never ends, and so does the note", async () => {
        const transcript = await launch(`for (let i = 0; ; i++) console.log(i)`)
        await transcript.until(() => transcript.text("note") !== "")
        await transcript.run.stop()
        expect(transcript.text().startsWith("0\n1\n2\n")).toBe(true)
      })
    })

    describe("values", () => {
      it("are those of the entry's top level, in the order of the source", async () => {
        const { values, exit } = await finish({
          "main.ts": `
            import { base } from "./base.ts"
            interface Point { readonly x: number; readonly y: number }
            export const p: Point = { x: base, y: -1 }, q = [p.x]
            function double<A extends number>(n: A): number { return n * 2 }
            const { x, ...rest } = p
            let later: string
            class Counter { count = 0 }
            const c = new Counter()
            export const some = { tag: "Some", value: { tag: "Some", value: 3 } } as const
          `,
          "base.ts": "export const base = 1",
        })
        expect(exit).toEqual({ tag: "done" })
        expect(values).toEqual([
          ["p", "{x = 1; y = -1}"],
          ["q", "[1]"],
          ["double", "<fun>"],
          ["x", "1"],
          ["rest", "{y = -1}"],
          ["later", "()"],
          ["Counter", "<class Counter>"],
          ["c", "Counter {count = 0}"],
          ["some", "Some (Some 3)"],
        ])
      })

      it("are told up to the one that throws", async () => {
        const { values, exit } = await finish(
          `const a = 1\nconst b = (() => { throw new Error("no b") })()\nconst c = 3`,
        )
        expect(values).toEqual([["a", "1"]])
        expect(exit.tag).toBe("failed")
      })

      it("may come from a top-level await", async () => {
        const { values, text } = await finish(`
          console.log("before")
          const a = await new Promise<number>((resolve) => setTimeout(() => resolve(42), 5))
          console.log("after", a)
        `)
        expect(values).toEqual([["a", "42"]])
        expect(text()).toBe("before\nafter 42\n")
      })

      it("do not call getters, nor trip over circles", async () => {
        const { values, exit } = await finish(`
          const self: any = (() => { const o: any = { get never() { for (;;); } }; o.self = o; return o })()
          const big = Array.from({ length: 1e6 }, (_, i) => i)
        `)
        expect(exit).toEqual({ tag: "done" })
        expect(values[0]).toEqual(["self", "{never = <getter>; self = <cycle>}"])
        expect(values[1]![1]).toMatch(/; … 999900 more\]$/)
      })
    })

    describe("modules", () => {
      it("import each other, across folders, each evaluated once", async () => {
        const { text, values } = await finish({
          "main.ts": `import { a } from "./a.ts"\nimport { b } from "./deep/b.ts"\nconst both = a + b`,
          "a.ts": `import { base } from "./base.ts"\nexport const a = base + 1`,
          "deep/b.ts": `export { base as b } from "../base.ts"`,
          "base.ts": `console.log("base"); export const base = 10`,
        })
        expect(text()).toBe("base\n")
        expect(values).toEqual([["both", "21"]])
      })

      it("may import dynamically, by a fixed name", async () => {
        const { values } = await finish({
          "main.ts": `const { later } = await import("./later.ts")`,
          "later.ts": "export const later = 5",
        })
        expect(values).toEqual([["later", "5"]])
      })

      it("that are missing fail the run with a message", async () => {
        const made = await programOf({ "main.ts": "const a = 1" })
        const main = compiled("main.ts", `import "./gone.ts"\n`)
        const { run } = start(sandbox, { ...made, modules: [main] })
        expect(failure(await run.done).message).toMatch(/gone\.ts/)
      })

      it("in a circle fail the run too, and the library has no door but the cells' own", async () => {
        const made = await programOf({ "main.ts": "const a = 1" })
        const circle = [compiled("main.ts", `import "./a.ts"`), compiled("a.ts", `import "./main.ts"`)]
        expect(failure(await start(sandbox, { ...made, modules: circle }).run.done).message).toMatch(
          /circle of imports/,
        )
        const host = [compiled("main.ts", `import { start } from "mirage/host"\nstart()`)]
        expect(failure(await start(sandbox, { ...made, modules: host }).run.done).message).toMatch(/"mirage\/host"/)
      })

      it("in a circle, or missing, never reach the sandbox", async () => {
        await expect(programOf({ "main.ts": `import "./a.ts"`, "a.ts": `import "./main.ts"` })).rejects.toThrow(
          /A circle of imports: main\.ts imports a\.ts, which imports main\.ts/,
        )
        await expect(programOf({ "main.ts": `import "./gone.ts"` })).rejects.toThrow(/There is no cell "gone\.ts"/)
      })

      it("that do not export what is asked for are told with the place, and a suggestion from the library", async () => {
        const cell = `const x = 1\nimport { pint, seed } from "mirage"\npint(seed())`
        expect(failure((await finish(cell)).exit)).toEqual({
          name: "import",
          message: '"mirage" does not export pint. Did you mean print?',
          at: place("main.ts", cell, "pint"),
          stack: [],
        })
        const other = {
          "main.ts": `import { b } from "./b.ts"\nb()`,
          "b.ts": `export { c as b } from "./c.ts"`,
          "c.ts": "export const d = 1",
        }
        expect(failure((await finish(other)).exit)).toEqual({
          name: "import",
          message: '"./c.ts" does not export c.',
          at: place("b.ts", other["b.ts"], "c as b"),
          stack: [],
        })
      })
    })

    describe("errors", () => {
      it.each([
        [
          "after types",
          `type A<T> = { a: T }\nconst x: A<number> = { a: 1 } as A<number>; throw new TypeError("here")`,
          "new TypeError",
        ],
        [
          "after generics on many lines",
          `function f<\n  A,\n  B extends A,\n>(\n  a: A,\n): B {\n  const n: number = 1; throw new TypeError("here" + n)\n}\nf<1, 1>(1)`,
          "new TypeError",
        ],
        [
          "on the line of an import",
          `import { seed } from "mirage"; const q: number = seed(); throw new TypeError("here")`,
          "new TypeError",
        ],
        [
          "on the line of a binding",
          `const a: number = 1, b = 2; const c = a; throw new TypeError("here" + b + c)`,
          "new TypeError",
        ],
        ["of the engine", `const o: any = undefined\nconst x: number = o.field.deep`, "field"],
        [
          "in an arrow on one line",
          `const f = <T,>(x: T): T => { throw new TypeError("here") }; const y: number = 2; f<number>(y)`,
          "new TypeError",
        ],
      ])("have the exact line and column: %s", async (_name, text, marker) => {
        const error = failure((await finish(text)).exit)
        expect(error.name).toBe("TypeError")
        expect(error.at).toEqual(place("main.ts", text, marker))
      })

      it("have the calls that led there, across files", async () => {
        const files = {
          "main.ts": `import { inner } from "./lib.ts"\nfunction outer(n: number): void { inner(n) }\nouter(1)`,
          "lib.ts": `export function inner(n: number): never {\n  throw new RangeError(\`no: \${n}\\n    at fake (main.ts:1:1)\`)\n}`,
        }
        const error = failure((await finish(files)).exit)
        expect(error).toMatchObject({ name: "RangeError", message: "no: 1\n    at fake (main.ts:1:1)" })
        expect(error.stack).toEqual([
          { name: "inner", ...place("lib.ts", files["lib.ts"], "new RangeError") },
          { name: "outer", ...place("main.ts", files["main.ts"], "inner(n) }") },
          { name: "", ...place("main.ts", files["main.ts"], "outer(1)") },
        ])
      })

      it("keep the name of the reader's own class", async () => {
        const { exit } = await finish(`class Failure extends Error {}\nthrow new Failure("Not_found")`)
        expect(failure(exit)).toMatchObject({ name: "Failure", message: "Not_found" })
      })

      it("may be anything", async () => {
        expect(failure((await finish(`throw "a string"`)).exit)).toEqual({
          name: "exception",
          message: '"a string"',
          stack: [],
        })
        expect(failure((await finish(`throw { tag: "None" }`)).exit).message).toBe("None")
        expect(failure((await finish(`throw undefined`)).exit).message).toBe("()")
        const hostile = `throw Object.create(Error.prototype, { message: { get() { throw 1 } } })`
        expect(failure((await finish(hostile)).exit).message).toBe("something was thrown that cannot be shown")
      })

      it("in a timer, or in a promise that nobody handles, end the program", async () => {
        const timer = `setTimeout((): void => { throw new TypeError("late") }, 1)\nawait new Promise(() => {})`
        const late = failure((await finish(timer)).exit)
        expect(late).toMatchObject({ name: "TypeError", message: "late", at: place("main.ts", timer, "new TypeError") })
        const promise = `const ignored: number = 1; Promise.reject(new TypeError("nobody"))`
        expect(failure((await finish(promise)).exit)).toMatchObject({
          name: "unhandled-rejection",
          message: "TypeError: nobody",
          at: place("main.ts", promise, "new TypeError"),
        })
      })

      it("are no reason to end a promise that is handled", async () => {
        const { exit, text } = await finish(
          `await Promise.reject(new Error("x")).catch((e: Error) => console.log("caught", e.message))`,
        )
        expect(exit).toEqual({ tag: "done" })
        expect(text()).toBe("caught x\n")
      })

      it("of the engine's limits leave the sandbox well", async () => {
        const deep = failure((await finish(`const f = (n: number): number => f(n + 1) + 1\nf(0)`)).exit)
        expect(deep.name).toMatch(/RangeError|InternalError/)
        expect(deep.at).toMatchObject({ file: "main.ts", line: 1 })
        expect(failure((await finish(`const a = new Array(-1)`)).exit)).toMatchObject({
          name: "RangeError",
          at: { file: "main.ts", line: 1, column: 11 },
        })
        expect((await finish("const ok = 1")).values).toEqual([["ok", "1"]])
      })
    })

    describe("the end", () => {
      it("waits for timers and intervals, as under Node", async () => {
        const { text, exit } = await finish(`
          setTimeout(() => console.log("two"), 20)
          let n = 0
          const id = setInterval(() => { if (++n === 3) { clearInterval(id); console.log("three"); setTimeout(() => console.log("four"), 20) } }, 15)
          const never = setTimeout(() => console.log("never"), 10)
          clearTimeout(never)
          Promise.resolve().then(() => console.log("one"))
        `)
        expect(exit).toEqual({ tag: "done" })
        expect(text().split("\n")).toEqual(expect.arrayContaining(["one", "two", "three", "four"]))
        expect(text()).not.toMatch(/never/)
        expect(text().startsWith("one\n")).toBe(true)
      })

      it("waits for a simulation that nobody awaits", async () => {
        const { text } = await finish(
          `import { sleep } from "mirage"\nvoid (async () => { for (let i = 0; i < 3; i++) { await sleep(1); console.log(i) } })()`,
        )
        expect(text()).toBe("0\n1\n2\n")
      })
    })

    describe("what a program wants done at its end", () => {
      const wanting = (then: string): string =>
        `import { atExit, print, sleep } from "mirage"\natExit(async () => { print("exit, "); await sleep(1); print("exited") })\n${then}`

      it("is done when it has ended, and waited for", async () => {
        const { text, exit } = await finish(wanting(`setTimeout(() => print("late, "), 10)`))
        expect([text(), exit.tag]).toEqual(["late, exit, exited", "done"])
      })

      it("is done when it has failed, and the failure is told", async () => {
        const { text, exit } = await finish(wanting(`throw new Error("first")`))
        expect([text(), failure(exit).message]).toEqual(["exit, exited", "first"])
      })

      it("may fail itself", async () => {
        const { exit } = await finish(`import { atExit } from "mirage"\natExit(() => { throw new Error("last") })`)
        expect(failure(exit).message).toBe("last")
      })
    })

    describe("simulated time", () => {
      it("passes at once when it may", async () => {
        const { values } = await finish(`import { sleep } from "mirage"\nconst slept = await sleep(3600)`)
        expect(values).toEqual([["slept", "3600000"]])
      })

      it("can be hurried while somebody sleeps", async () => {
        const transcript = await launch(
          `import { sleep } from "mirage"\nconsole.log("asleep")\nawait sleep(1e6)\nconsole.log("awake")`,
          { pace: 1 },
        )
        await transcript.until(() => transcript.text() === "asleep\n")
        transcript.run.setPace("max")
        expect(await transcript.run.done).toEqual({ tag: "done" })
        expect(transcript.text()).toBe("asleep\nawake\n")
      })

      it("has the seed of the program", async () => {
        const { values } = await finish(`import { seed } from "mirage"\nconst s = seed()`, { seed: 77 })
        expect(values).toEqual([["s", "77"]])
      })
    })

    describe("checks", () => {
      const CHECKED = `const answer: number = 42\nconsole.log("ready")\nexport const ask = (): number => { console.log("asked"); return answer }`

      it("run after the program, and each is told with what it compared", async () => {
        const { checked, exit } = await finish({
          "a.check.ts": `
            import { check, differ, printed } from "mirage/check"
            import { ask } from "./a.ts"
            check("passes", async () => { if (ask() !== 42) throw new Error("no") })
            check("compares", () => differ({ tag: "Some", value: 1 }, [ask()]))
            check("throws", () => { throw new RangeError("too far") })
            check("has heard what was printed", () => { if (printed() !== "ready\\nasked\\nasked\\n") throw new Error(printed()) })`,
          "a.ts": CHECKED,
        })
        expect(exit).toEqual({ tag: "done" })
        expect(checked).toEqual([
          { name: "passes" },
          { name: "compares", failure: { message: "not the same", expected: "Some 1", got: "[42]" } },
          { name: "throws", failure: { message: "RangeError: too far" } },
          { name: "has heard what was printed" },
        ])
      })

      it("say in the library's words what is wrong with a function that gives no promise back", async () => {
        const { checked } = await finish({
          "a.check.ts": `
            import { check } from "mirage/check"
            import { ask } from "./a.ts"
            const thread = function* (): Generator<never, void> { yield* ask() as unknown as never[] }
            check("waits", () => void [...thread()])`,
          "a.ts": CHECKED,
        })
        expect(checked).toEqual([{ name: "waits", failure: { message: "TypeError: to be waited for: 42" } }])
      })

      it("are not run when the program fails, which says where", async () => {
        const { checked, exit } = await finish({
          "a.check.ts": `import { check } from "mirage/check"\nimport "./a.ts"\ncheck("passes", () => {})`,
          "a.ts": `const a: number = 1\nthrow new Error("before")`,
        })
        expect(checked).toEqual([])
        expect(failure(exit)).toMatchObject({ message: "before", at: { file: "a.ts", line: 2, column: 7 } })
      })

      it("that never end can be stopped, and those before are known", async () => {
        const transcript = await launch(
          `import { check } from "mirage/check"\ncheck("passes", () => {})\ncheck("loops", () => { for (;;); })`,
        )
        await transcript.until(() => transcript.stuck.length > 0)
        await transcript.run.stop()
        expect(transcript.checked).toEqual([{ name: "passes" }])
        expect(await transcript.run.done).toEqual({ tag: "stopped" })
      })
    })

    describe("a unikernel", () => {
      it("boots from the module that the configuration names, with the data of its group, and ends", async () => {
        const { text, exit } = await finish({
          "config.ts": `import { register } from "mirage/config"\nregister("hello", "Hello_world.Main")`,
          "hello-world.ts": `export async function Main(machine) { console.log(Object.keys(machine.files).join(), machine.files["htdocs/index.html"]) }`,
          "htdocs/index.html": "<p>hi</p>",
        })
        expect(exit).toEqual({ tag: "done" })
        expect(text()).toBe("htdocs/index.html <p>hi</p>\n")
      })

      it("that fails says where", async () => {
        const unikernel = `interface Machine {}\nexport async function Main(machine: Machine): Promise<void> {\n  throw new RangeError("no disk")\n}`
        const { exit } = await finish({ "config.ts": SERVER["config.ts"]!, "unikernel.ts": unikernel })
        expect(failure(exit)).toMatchObject({
          name: "RangeError",
          message: "no disk",
          at: place("unikernel.ts", unikernel, "new RangeError"),
        })
      })

      it("whose configuration is wrong has the line that the library says", async () => {
        const { exit } = await finish({
          "config.ts": SERVER["config.ts"]!,
          "unikernel.ts": `export const Main = (machine) => machine.misconfigured("config.ts", 2)`,
        })
        expect(failure(exit).at).toEqual({ file: "config.ts", line: 2, column: 1 })
      })

      it("whose module is not there hears so", async () => {
        const { exit } = await finish({ "config.ts": SERVER["config.ts"]!, "unikernl.ts": "export const Main = 1" })
        expect(failure(exit).message).toBe("there is no module Unikernel")
      })

      it("serves: it can be typed at and fetched from, and it stops", async () => {
        const transcript = await launch(SERVER)
        await transcript.until(() => transcript.machines.length > 0)
        expect(transcript.machines).toEqual([{ name: "www", address: "10.0.0.2", ports: [80] }])
        expect(transcript.text()).toBe("booting\n")

        const heard: string[] = []
        expect(await transcript.run.shell("ping", (text) => heard.push(text))).toBe("$ ping\n")
        expect(heard.join("")).toBe("$ ping\n")
        expect(await transcript.run.shell("crash")).toMatch(/the shell crashed/)

        const interrupt = new AbortController()
        const waiting = transcript.run.shell("wait", () => interrupt.abort(), interrupt.signal)
        expect(await waiting).toBe("$ wait\n^C\n")

        const page = await transcript.run.fetch("http://10.0.0.2/")
        expect(page).toMatchObject({ ok: true, status: 200, headers: { "content-type": "text/html" } })
        expect(page.ok && [...page.body]).toEqual([60, 62])
        expect(await transcript.run.fetch("http://10.0.0.9/")).toEqual({
          ok: false,
          message: "no route to http://10.0.0.9/",
        })

        const open = transcript.run.shell("wait")
        const ended = expect(open).rejects.toThrow(/ended/)
        await transcript.run.stop()
        await ended
        expect(await transcript.run.done).toEqual({ tag: "stopped" })
        await expect(transcript.run.shell("ping")).rejects.toThrow(/off/)
        expect(await transcript.run.fetch("http://10.0.0.2/")).toMatchObject({ ok: false })
      })

      it("goes on serving after an exception in a thread, and tells of it with its place", async () => {
        const unikernel = `
export const Main = (machine) => {
  const n: number = 1; machine.exception(new TypeError("thread " + n))
  setTimeout((): void => { throw new RangeError("timer") }, 1)
  void Promise.reject("nobody")
  return machine.serve()
}`
        const transcript = await launch({ "config.ts": SERVER["config.ts"]!, "unikernel.ts": unikernel })
        await transcript.until(() => transcript.errors.length === 3 && transcript.machines.length > 0)
        const byName = new Map(transcript.errors.map((one) => [one.name, one]))
        expect(byName.get("TypeError")).toMatchObject({
          message: "thread 1",
          at: place("unikernel.ts", unikernel, "new TypeError"),
        })
        expect(byName.get("RangeError")!.at).toEqual(place("unikernel.ts", unikernel, "new RangeError"))
        expect(byName.get("unhandled-rejection")!.message).toBe('"nobody"')
        expect(await transcript.run.shell("ping")).toBe("$ ping\n")
        await transcript.run.stop()
      })

      it("that throws all the time does not flood the page with errors", async () => {
        const transcript = await launch({
          "config.ts": SERVER["config.ts"]!,
          "unikernel.ts": `export const Main = (machine) => { setInterval(() => { throw new Error("again") }, 1); return machine.serve() }`,
        })
        await transcript.until(() => transcript.text("err") !== "")
        expect(transcript.text("err")).toBe("There are more errors than 50: the others are not shown.\n")
        expect(transcript.errors.length).toBe(50)
        await transcript.run.stop()
      })

      it("shows its frames, bytes and all", async () => {
        const transcript = await launch({
          "config.ts": SERVER["config.ts"]!,
          "unikernel.ts": `
            const row = (index: number) => ({ index, time: index, from: "a", to: "b", protocol: "ARP", info: "?", bytes: new Uint8Array([index, 255]) })
            export const Main = (machine) => {
              machine.frames([row(0), row(1)])
              machine.frames([row(2)])
              return machine.serve()
            }`,
        })
        await transcript.until(() => transcript.frames.length === 3)
        expect(transcript.frames.map((one) => [one.index, ...one.bytes])).toEqual([
          [0, 0, 255],
          [1, 1, 255],
          [2, 2, 255],
        ])
        await transcript.run.stop()
      })

      it("is not what a cell without one is typed at", async () => {
        const transcript = await launch(`setInterval(() => {}, 1000)`)
        expect(await transcript.run.shell("ping")).toMatch(/no simulated network|\$ ping/)
        await transcript.run.stop()
      })
    })

    describe("stopping", () => {
      it("ends an endless loop, which is told to be stuck", async () => {
        const transcript = await launch(`console.log("in"); for (;;);`)
        await transcript.until(() => transcript.stuck.length > 0)
        expect(transcript.stuck).toEqual([true])
        await transcript.run.stop()
        expect(await transcript.run.done).toEqual({ tag: "stopped" })
        expect(transcript.text()).toBe("in\n")
      })

      it("takes back that it is stuck when it goes on", async () => {
        const transcript = await launch(
          `const until = Date.now() + 3200; while (Date.now() < until); console.log("out"); setInterval(() => {}, 1000)`,
        )
        await transcript.until(() => transcript.stuck.length === 2)
        expect(transcript.stuck).toEqual([true, false])
        await transcript.run.stop()
      })

      it("may come twice, at once, or too late", async () => {
        const early = await launch(`for (;;);`)
        await Promise.all([early.run.stop(), early.run.stop()])
        expect(await early.run.done).toEqual({ tag: "stopped" })
        await early.run.stop()
        const late = await finish("const a = 1")
        await late.run.stop()
        expect(late.exit).toEqual({ tag: "done" })
      })

      it("hears nothing afterwards", async () => {
        const transcript = await launch(`setInterval(() => console.log("tick"), 1)`)
        await transcript.until(() => transcript.chunks.length > 0)
        await transcript.run.stop()
        const count = transcript.chunks.length
        await finish("const a = 1")
        expect(transcript.chunks.length).toBe(count)
      })
    })

    describe("runs", () => {
      it("share nothing", async () => {
        await finish(`globalThis.left = 1; Array.prototype.push = () => 7; (globalThis as any).setTimeout = 1`)
        const { values, exit } = await finish(
          `const left = typeof (globalThis as any).left\nconst pushed = [].push(1 as never)\nawait new Promise((r) => setTimeout(r, 1))`,
        )
        expect(exit).toEqual({ tag: "done" })
        expect(values).toEqual([
          ["left", '"undefined"'],
          ["pushed", "1"],
        ])
      })

      it("go on side by side, one of them in an endless loop", async () => {
        const loop = await launch(`console.log("loop"); for (;;);`)
        await loop.until(() => loop.text() === "loop\n")
        const server = await launch(SERVER)
        await server.until(() => server.machines.length > 0)
        expect((await finish("const quick = 1")).values).toEqual([["quick", "1"]])
        expect(await server.run.shell("ping")).toBe("$ ping\n")
        await Promise.all([loop.run.stop(), server.run.stop()])
      })
    })
  })
}
