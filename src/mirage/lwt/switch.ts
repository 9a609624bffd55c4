// LwtSwitch: resources that are released together. Whoever makes one hangs its release on the switch.

import * as Lwt from "./lwt.ts"
import { abstract } from "./show.ts"

/** The switch has been turned off. */
export class Off extends Error {
  override readonly name: string = "LwtSwitch.Off"
}

/** What is to be done when the switch is turned off. */
export type Hook = () => Lwt.t<void>

class Switch {
  /** Newest first; `undefined` when it is off. */
  hooks: Hook[] | undefined = []
}

abstract(Switch)

/** A switch. Where one may be left out, `undefined` is a switch that is on for ever. */
export interface t extends Switch {}

/** A switch that is on. */
export function create(): t {
  return new Switch()
}

export function isOn(s: t): boolean {
  return s.hooks !== undefined
}

/** @throws Off if the switch is off */
export function check(s: t | undefined): void {
  if (s !== undefined && s.hooks === undefined) throw new Off()
}

/**
 * Call `hook` when the switch is turned off.
 * @throws Off if it is
 */
export function addHook(s: t | undefined, hook: Hook): void {
  if (s === undefined) return
  if (s.hooks === undefined) throw new Off()
  s.hooks.unshift(hook)
}

/** As {@link addHook}, but if the switch is off, call `hook` now. */
export function addHookOrExec(s: t | undefined, hook: Hook): Lwt.t<void> {
  if (s === undefined) return Lwt.return()
  if (s.hooks === undefined) return hook()
  s.hooks.unshift(hook)
  return Lwt.return()
}

/** Turn it off: start all hooks, newest first, and wait for all. Fails if one of them does. */
export function turnOff(s: t): Lwt.t<void> {
  const hooks = s.hooks
  if (hooks === undefined) return Lwt.return()
  s.hooks = undefined
  return Lwt.join(hooks.map((hook) => Lwt.apply(hook, undefined)))
}

/** Call `f` with a new switch, and turn that off when its promise is resolved, however that ends. */
export function withSwitch<A>(f: (s: t) => Lwt.t<A>): Lwt.t<A> {
  const s = create()
  return Lwt.finalize(
    () => f(s),
    () => turnOff(s),
  )
}
