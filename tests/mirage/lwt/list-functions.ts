// The functions of LwtList as an operation of programs: each is made to give a number, by which its order shows.

import * as LwtList from "../../../src/mirage/lwt/list.ts"
import * as Lwt from "../../../src/mirage/lwt/lwt.ts"

type P = Lwt.t<number>
/** What a program does with each element, a promise. */
type Each = (p: P) => P

const sum = (p: Lwt.t<number[]>): P => p.map((values) => values.reduce(next, 1))
const next = (total: number, value: number): number => (total * 7 + value) % 10007
const sumOf = (p: Lwt.t<P[]>): P => p.bind((ps) => sum(Lwt.all(ps)))
const isEven =
  (each: Each) =>
  (p: P): Lwt.t<boolean> =>
    each(p).map((v) => v % 2 === 0)
const halfOfEven =
  (each: Each) =>
  (p: P): Lwt.t<number | undefined> =>
    each(p).map((v) => (v % 2 === 0 ? v / 2 : undefined))

function indexed(
  iteri: (f: (i: number, p: P) => Lwt.t<void>, l: readonly P[]) => Lwt.t<void>,
): (each: Each, l: readonly P[]) => P {
  return (each, l) => {
    let total = 0
    const add = (i: number, p: P): Lwt.t<void> =>
      each(p).map((v) => {
        total += i * v
      })
    return iteri(add, l).map(() => total)
  }
}

/** By name: call it for the promises `l`. */
export const LIST_FUNCTIONS: Readonly<Record<string, (each: Each, l: readonly P[]) => P>> = {
  iteriS: indexed(LwtList.iteriS),
  iteriP: indexed(LwtList.iteriP),
  mapiS: (each, l) => sum(LwtList.mapiS((i, p) => each(p).map((v) => i + v), l)),
  mapiP: (each, l) => sum(LwtList.mapiP((i, p) => each(p).map((v) => i + v), l)),
  revMapS: (each, l) => sum(LwtList.revMapS(each, l)),
  revMapP: (each, l) => sum(LwtList.revMapP(each, l)),
  foldLeftS: (each, l) => LwtList.foldLeftS((total, p) => each(p).map((v) => next(total, v)), 1, l),
  foldRightS: (each, l) => LwtList.foldRightS((p, total) => each(p).map((v) => next(total, v)), l, 1),
  forAllS: (each, l) => LwtList.forAllS(isEven(each), l).map(Number),
  forAllP: (each, l) => LwtList.forAllP(isEven(each), l).map(Number),
  existsS: (each, l) => LwtList.existsS(isEven(each), l).map(Number),
  existsP: (each, l) => LwtList.existsP(isEven(each), l).map(Number),
  findS: (each, l) => LwtList.findS(isEven(each), l).bind((p) => p),
  filterS: (each, l) => sumOf(LwtList.filterS(isEven(each), l)),
  filterP: (each, l) => sumOf(LwtList.filterP(isEven(each), l)),
  filterMapS: (each, l) => sum(LwtList.filterMapS(halfOfEven(each), l)),
  filterMapP: (each, l) => sum(LwtList.filterMapP(halfOfEven(each), l)),
  partitionS: (each, l) => sumOf(LwtList.partitionS(isEven(each), l).map(([even, odd]) => [...odd, ...even])),
  partitionP: (each, l) => sumOf(LwtList.partitionP(isEven(each), l).map(([even, odd]) => [...odd, ...even])),
}
