// What the type checker knows of Lwt: `tsc` checks this file with the others, and Vitest runs it as a formality.

import { describe, expectTypeOf, it } from "vitest"
import * as LwtCondition from "../../../src/mirage/lwt/condition.ts"
import * as LwtDirect from "../../../src/mirage/lwt/direct.ts"
import * as LwtList from "../../../src/mirage/lwt/list.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"
import * as LwtMutex from "../../../src/mirage/lwt/mutex.ts"
import * as LwtMvar from "../../../src/mirage/lwt/mvar.ts"
import * as LwtPool from "../../../src/mirage/lwt/pool.ts"
import * as LwtSeq from "../../../src/mirage/lwt/seq.ts"
import * as LwtSequence from "../../../src/mirage/lwt/sequence.ts"
import * as LwtStream from "../../../src/mirage/lwt/stream.ts"
import * as LwtSwitch from "../../../src/mirage/lwt/switch.ts"
import * as OS from "../../../src/mirage/os/os.ts"
import type { Result } from "../../../src/mirage/result.ts"

declare const n: Lwt.t<number>
declare const s: Lwt.t<string>
declare const done: Lwt.t<void>

describe("types", () => {
  it("are exact", () => {
    expectTypeOf(() => Lwt.return(1)).returns.toEqualTypeOf<Lwt.t<number>>()
    expectTypeOf(() => Lwt.return()).returns.toEqualTypeOf<Lwt.t<void>>()
    expectTypeOf(() => Lwt.fail("x")).returns.toEqualTypeOf<Lwt.t<never>>()
    expectTypeOf(() => Lwt.wait<number>()).returns.toEqualTypeOf<[Lwt.t<number>, Lwt.u<number>]>()
    expectTypeOf(() => n.bind((x) => Lwt.return(`${x}`))).returns.toEqualTypeOf<Lwt.t<string>>()
    expectTypeOf(() => Lwt.map((x) => x > 1, n)).returns.toEqualTypeOf<Lwt.t<boolean>>()
    expectTypeOf(() =>
      Lwt.catch(
        () => n,
        () => s,
      ),
    ).returns.toEqualTypeOf<Lwt.t<number | string>>()
    expectTypeOf(() => Lwt.catch(() => n, Lwt.fail)).returns.toEqualTypeOf<Lwt.t<number>>()
    expectTypeOf(() =>
      Lwt.tryBind(
        () => n,
        () => s,
        () => done,
      ),
    ).returns.toEqualTypeOf<Lwt.t<string | void>>()
    expectTypeOf(() =>
      Lwt.finalize(
        () => n,
        () => done,
      ),
    ).returns.toEqualTypeOf<Lwt.t<number>>()
    expectTypeOf(() => Lwt.poll(n)).returns.toEqualTypeOf<number | undefined>()
    expectTypeOf(() => Lwt.state(n)).returns.toEqualTypeOf<Lwt.State<number>>()
  })

  it("combinations keep the types of their parts", () => {
    expectTypeOf(() => Lwt.both(n, s)).returns.toEqualTypeOf<Lwt.t<[number, string]>>()
    expectTypeOf(() => Lwt.all([n, s, done])).returns.toEqualTypeOf<Lwt.t<[number, string, void]>>()
    expectTypeOf((ps: Lwt.t<number>[]) => Lwt.all(ps)).returns.toEqualTypeOf<Lwt.t<number[]>>()
    expectTypeOf(() => Lwt.pick([n, s])).returns.toEqualTypeOf<Lwt.t<number | string>>()
    expectTypeOf(() => Lwt.choose([n, Lwt.fail(1)])).returns.toEqualTypeOf<Lwt.t<number>>()
    expectTypeOf(() => Lwt.npick([n, s])).returns.toEqualTypeOf<Lwt.t<(number | string)[]>>()
    expectTypeOf(() => Lwt.nchoose([n, s, done])).returns.toEqualTypeOf<Lwt.t<(number | string | void)[]>>()
    expectTypeOf(() => Lwt.nchooseSplit([n, s])).returns.toEqualTypeOf<
      Lwt.t<[(number | string)[], (Lwt.t<number> | Lwt.t<string>)[]]>
    >()
    expectTypeOf(() => Lwt.nchoose([n, n])).returns.toEqualTypeOf<Lwt.t<number[]>>()
    expectTypeOf(() => Lwt.nchooseSplit([n])).returns.toEqualTypeOf<Lwt.t<[number[], Lwt.t<number>[]]>>()
    expectTypeOf(() => Lwt.join([done])).returns.toEqualTypeOf<Lwt.t<void>>()
    expectTypeOf(() => LwtMvar.take(LwtMvar.create(1))).returns.toEqualTypeOf<Lwt.t<number>>()
    expectTypeOf(() => LwtStream.map((x) => `${x}`, LwtStream.ofList([1]))).returns.toEqualTypeOf<LwtStream.t<string>>()
    const thread = () =>
      LwtDirect.spawn(function* () {
        const x = yield* n
        expectTypeOf(x).toEqualTypeOf<number>()
        return yield* s
      })
    expectTypeOf(thread).returns.toEqualTypeOf<Lwt.t<string>>()
  })

  it("of the friends are exact too", () => {
    expectTypeOf(() => LwtSeq.toList(LwtSeq.map((x: number) => `${x}`, LwtSeq.ofList([1])))).returns.toEqualTypeOf<
      Lwt.t<string[]>
    >()
    expectTypeOf(() =>
      LwtSeq.unfold((n: number) => (n > 0 ? ([n > 1, n - 1] as const) : undefined), 3),
    ).returns.toEqualTypeOf<LwtSeq.t<boolean>>()
    expectTypeOf(() => LwtStream.ofLwtSeq(LwtSeq.ofList([1]))).returns.toEqualTypeOf<LwtStream.t<number>>()
    expectTypeOf(() => LwtStream.get(LwtStream.ofList([1]))).returns.toEqualTypeOf<Lwt.t<number | undefined>>()
    expectTypeOf(() => LwtStream.combine(LwtStream.ofList([1]), LwtStream.ofString("a"))).returns.toEqualTypeOf<
      LwtStream.t<[number, string]>
    >()
    expectTypeOf(() => LwtStream.createBounded<string>(1)).returns.toEqualTypeOf<
      [LwtStream.t<string>, LwtStream.BoundedPush<string>]
    >()
    expectTypeOf(() => LwtList.mapP((x: number) => Lwt.return(`${x}`), [1])).returns.toEqualTypeOf<Lwt.t<string[]>>()
    expectTypeOf(() => LwtList.partitionS((x: number) => Lwt.return(x > 1), [1])).returns.toEqualTypeOf<
      Lwt.t<[number[], number[]]>
    >()
    expectTypeOf(() => LwtMutex.withLock(LwtMutex.create(), () => n)).returns.toEqualTypeOf<Lwt.t<number>>()
    expectTypeOf(() =>
      LwtPool.use(
        LwtPool.create(1, () => n),
        (x) => Lwt.return(`${x}`),
      ),
    ).returns.toEqualTypeOf<Lwt.t<string>>()
    expectTypeOf(() => LwtSwitch.withSwitch(() => s)).returns.toEqualTypeOf<Lwt.t<string>>()
    expectTypeOf(() => OS.Time.withTimeout(1, () => n)).returns.toEqualTypeOf<Lwt.t<number>>()
    expectTypeOf(() =>
      Lwt.backtraceCatch(
        (e) => e,
        () => n,
        () => s,
      ),
    ).returns.toEqualTypeOf<Lwt.t<number | string>>()
    expectTypeOf(() => Lwt.returnOk(1)).returns.toEqualTypeOf<Lwt.t<Result<number, never>>>()
    expectTypeOf(() => Lwt.withValue(Lwt.newKey<number>(), 1, () => "x")).returns.toEqualTypeOf<string>()
    expectTypeOf(() => Lwt.get(Lwt.newKey<number>())).returns.toEqualTypeOf<number | undefined>()
  })

  it("errors are unknown", () => {
    const handlers = (): unknown => [
      Lwt.catch(
        () => n,
        (e) => (expectTypeOf(e).toEqualTypeOf<unknown>(), n),
      ),
      Lwt.onFailure(n, (e) => expectTypeOf(e).toEqualTypeOf<unknown>()),
    ]
    expectTypeOf(handlers).returns.toEqualTypeOf<unknown>()
  })

  it("a promise is covariant and a resolver contravariant", () => {
    expectTypeOf<Lwt.t<1>>().toExtend<Lwt.t<number>>()
    expectTypeOf<Lwt.t<number>>().not.toExtend<Lwt.t<1>>()
    expectTypeOf<Lwt.u<number>>().toExtend<Lwt.u<1>>()
    expectTypeOf<Lwt.u<1>>().not.toExtend<Lwt.u<number>>()
  })

  it("what values go into and come out of is neither, and a stream is only read", () => {
    expectTypeOf<LwtMvar.t<1>>().not.toExtend<LwtMvar.t<number>>()
    expectTypeOf<LwtMvar.t<number>>().not.toExtend<LwtMvar.t<1>>()
    expectTypeOf<LwtCondition.t<1>>().not.toExtend<LwtCondition.t<number>>()
    expectTypeOf<LwtCondition.t<number>>().not.toExtend<LwtCondition.t<1>>()
    expectTypeOf<LwtSequence.t<1>>().not.toExtend<LwtSequence.t<number>>()
    expectTypeOf<LwtSequence.t<number>>().not.toExtend<LwtSequence.t<1>>()
    expectTypeOf<LwtSequence.node<1>>().not.toExtend<LwtSequence.node<number>>()
    expectTypeOf<LwtSequence.node<number>>().not.toExtend<LwtSequence.node<1>>()
    expectTypeOf<LwtPool.t<1>>().not.toExtend<LwtPool.t<number>>()
    expectTypeOf<LwtPool.t<number>>().not.toExtend<LwtPool.t<1>>()
    expectTypeOf<Lwt.Key<1>>().not.toExtend<Lwt.Key<number>>()
    expectTypeOf<Lwt.Key<number>>().not.toExtend<Lwt.Key<1>>()
    expectTypeOf<LwtStream.t<1>>().toExtend<LwtStream.t<number>>()
    expectTypeOf<LwtStream.t<number>>().not.toExtend<LwtStream.t<1>>()
    expectTypeOf<LwtStream.BoundedPush<number>>().toExtend<LwtStream.BoundedPush<1>>()
    expectTypeOf<LwtStream.BoundedPush<1>>().not.toExtend<LwtStream.BoundedPush<number>>()
  })

  it("mistakes are errors", () => {
    const mistakes = (p: Lwt.t<number>, u: Lwt.u<number>): void => {
      // @ts-expect-error a function of bind returns a promise
      Lwt.bind(p, (x) => x + 1)
      // @ts-expect-error the value is missing
      Lwt.wakeup(u)
      // @ts-expect-error the value is of another type
      Lwt.wakeup(u, "one")
      // @ts-expect-error a promise is not a resolver
      Lwt.wakeup(p, 1)
      // @ts-expect-error join is for promises of nothing
      Lwt.join([p])
      // @ts-expect-error a JavaScript promise is not one of ours
      Lwt.bind(Promise.resolve(1), Lwt.return)
    }
    expectTypeOf(mistakes).returns.toEqualTypeOf<void>()
  })
})
