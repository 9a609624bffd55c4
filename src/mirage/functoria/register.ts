// What config.ts ends with: `register("www", [main.$(…)])`. It leaves the configuration where the host finds it.

import { type AnyImpl, type Impl, isImpl, missing, showImpl, typeName } from "./impl.ts"
import { callerLocation, ConfigError, type Location, showLocation } from "./location.ts"
import { oneOf } from "./typ.ts"

/** A configured unikernel: what `register` was told. */
export interface Registration {
  readonly name: string
  /** Every one of them is run; the unikernel ends when all have. */
  readonly jobs: readonly AnyImpl[]
  /** What `addToPackages` asked for, sorted, each once. */
  readonly packages: readonly string[]
  readonly at: Location | undefined
}

/** One program configures one unikernel, so this is the program's, and is emptied by {@link forget}. */
let current: Omit<Registration, "packages"> | undefined
const packages = new Set<string>()

/**
 * The unikernel called `name` runs `jobs`. To be called once, from config.ts.
 *
 * Throws {@link ConfigError} if something in `jobs` is no job, most often because a device is still missing.
 */
export function register(name: string, jobs: readonly Impl<"job">[]): void {
  const at = callerLocation()
  if (typeof name !== "string" || !/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw new ConfigError(`register("${name}", …): a unikernel's name is letters, digits, "-", "_" and "."`, at)
  if (current !== undefined)
    throw new ConfigError(
      `register("${name}", …): ${showLocation(current.at)}"${current.name}" is registered already. Put all jobs into one register`,
      at,
    )
  if (!Array.isArray(jobs)) throw new ConfigError(`register("${name}", …) takes an array of jobs: [main.$(…)]`, at)
  for (const job of jobs as readonly unknown[]) check(name, job, at)
  current = { name, jobs, at }
}

/** Note that the unikernel needs these packages besides the library OS. They are listed by `describe`. */
export function addToPackages(names: readonly string[]): void {
  for (const name of names) packages.add(name)
}

/** What has been registered. */
export function registration(): Registration | undefined {
  return current && { ...current, packages: [...packages].sort() }
}

/** Forget what has been registered: a new program begins. */
export function forget(): void {
  current = undefined
  packages.clear()
}

function check(name: string, job: unknown, at: Location | undefined): void {
  if (!isImpl(job)) throw new ConfigError(`register("${name}", …): ${typeof job} is no job. Write [main.$(…)]`, at)
  if (typeName(job) === "job") return
  const lacks = missing(job)
  throw new ConfigError(
    lacks.length > 0 && job.typ.gives === "job"
      ? `register("${name}", …): ${showImpl(job)} still lacks ${lacks.length === 1 ? "a device" : `${lacks.length} devices`}: ${lacks.join(", ")}. Apply it with .$(…)`
      : `register("${name}", …): ${showImpl(job)} is ${oneOf(typeName(job))}, not a job`,
    at,
  )
}
