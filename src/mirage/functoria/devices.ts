// The devices of MirageOS 2.0 by the names of the deck's config.ml, in camelCase.
//
// Those that this version of the library OS does not have yet can be configured all the same, so that every
// configuration of the deck can be written down, checked and drawn. Booting one says what is missing and what to use.

import * as Console from "../console/console.ts"
import * as Lwt from "../lwt/lwt.ts"
import { error, ok, type Result } from "../result.ts"
import type { DeviceError } from "../signatures/device.ts"
import * as Crunch from "../storage/crunch.ts"
import { type Device, Impl, isImpl, showImpl, typeName } from "./impl.ts"
import { Key, type KeyValue } from "./key.ts"
import { callerLocation, ConfigError, type Location } from "./location.ts"
import type { Linked, Linking, Target } from "./target.ts"
import * as Typ from "./typ.ts"

type LinkedAll<D extends readonly string[]> = { [K in keyof D]: Linked<D[K]> }
type ImplAll<D extends readonly string[]> = { readonly [K in keyof D]: Impl<D[K]> }

/** What {@link device} needs to know. `R` is the device's type, `D` those of its dependencies. */
export interface DeviceSpec<R extends string, D extends readonly string[]> {
  /** Its name in config.ts. */
  readonly name: string
  /** The module that implements it. */
  readonly module: string
  readonly typ: Typ.Typ<R>
  /** Besides its dependencies, what tells it from others of its name. */
  readonly parameters?: readonly (KeyValue | Key<KeyValue>)[]
  readonly needs: readonly [...{ readonly [K in keyof D]: Typ.Typ<D[K]> }]
  readonly connect: (target: Target, dependencies: LinkedAll<D>, at: Location | undefined) => Linking<R>
  /** See {@link Device.overSockets}. Called once, if the dependencies are right. */
  readonly overSockets?: () => Impl<R>
}

/**
 * Make a device: how all those below are made, and how to add one. Throws {@link ConfigError} if `dependencies` are not
 * what `spec.needs` says, for those who ignore the type error.
 */
export function device<R extends string, const D extends readonly string[]>(
  spec: DeviceSpec<R, D>,
  dependencies: ImplAll<D>,
): Impl<R> {
  const at = callerLocation()
  for (const [i, need] of spec.needs.entries()) {
    const got: unknown = dependencies[i]
    if (isImpl(got) && typeName(got) === need.gives) continue
    const shown = isImpl(got)
      ? `${showImpl(got)}, ${Typ.oneOf(typeName(got))}`
      : got === undefined
        ? "nothing"
        : typeof got
    throw new ConfigError(`${spec.name} needs ${Typ.oneOf(need.gives)}, but was given ${shown}`, at)
  }
  const made: Device = {
    name: spec.name,
    module: spec.module,
    parameters: spec.parameters ?? [],
    dependencies,
    // The check above is what makes this true: dependencies have the types that D names.
    connect: (target, linked, where) => spec.connect(target, linked as unknown as LinkedAll<D>, where),
    ...(spec.overSockets === undefined ? {} : { overSockets: spec.overSockets() }),
  }
  return new Impl<R>({ tag: "device", device: made }, spec.typ, at)
}

/** The result of `connect` for a device that is not there in this version. */
export function unsupported<R extends string>(message: string): Linking<R> {
  return Lwt.return(error({ kind: "unsupported", message }))
}

/** Beside the module `module`, what its `connect` gave. */
export function linking<R extends string, T>(
  module: Linked<R>["module"],
  connected: Lwt.t<Result<T, DeviceError>>,
): Linking<R> {
  return connected.map((r) => (r.ok ? ok({ module, device: r.value }) : r))
}

// -- time and randomness ----------------------------------------------------------------------------------------------

/** The machine's clock, to sleep by. */
export const defaultTime: Impl<"time"> = device(
  {
    name: "defaultTime",
    module: "OS.Time",
    typ: Typ.time,
    needs: [],
    connect: (target) => Lwt.return(ok({ module: target.time, device: undefined })),
  },
  [],
)

/** The machine's random numbers: drawn from the seed of the run, so that a run can be repeated. */
export const defaultRandom: Impl<"random"> = device(
  {
    name: "defaultRandom",
    module: "OS.Random",
    typ: Typ.random,
    needs: [],
    connect: (target) => Lwt.return(ok({ module: target.random, device: undefined })),
  },
  [],
)

// -- consoles ---------------------------------------------------------------------------------------------------------

/** The console called `name`. All of them print in the same place here. */
export function customConsole(name: string): Impl<"console"> {
  return device(
    {
      name: "customConsole",
      module: "Console",
      typ: Typ.console,
      parameters: [name],
      needs: [],
      connect: (target) => {
        const module = Console.Make(target)
        return linking<"console", Console.t>(module as Linked<"console">["module"], module.connect(name))
      },
    },
    [],
  )
}

/** The machine's first console. */
export const defaultConsole: Impl<"console"> = device(
  {
    name: "defaultConsole",
    module: "Console",
    typ: Typ.console,
    needs: [],
    connect: (target) => {
      const module = Console.Make(target)
      return linking<"console", Console.t>(module as Linked<"console">["module"], module.connect("0"))
    },
  },
  [],
)

// -- storage ----------------------------------------------------------------------------------------------------------

/** The files of `folder`, as seen from config.ts, linked into the unikernel. */
export function crunch(folder: string): Impl<"kvRo"> {
  return filesDevice("crunch", folder)
}

/** The files of `folder` on the host. In a cell the host has just those that came with the program, as {@link crunch}. */
export function directKvRo(folder: string): Impl<"kvRo"> {
  return filesDevice("directKvRo", folder)
}

function filesDevice(name: string, folder: string): Impl<"kvRo"> {
  return device(
    {
      name,
      module: name === "crunch" ? "Crunch" : "Kvro_fs_unix",
      typ: Typ.kvRo,
      parameters: [folder],
      needs: [],
      connect: (target, _, at) => {
        const files = target.folder(folder, at)
        if (!files.ok) return Lwt.return(files)
        const module = Crunch.Make(files.value)
        return linking<"kvRo", Crunch.t>(module as Linked<"kvRo">["module"], module.connect())
      },
    },
    [],
  )
}

/** A disk whose sectors are the file `name`. */
export function blockOfFile(name: string): Impl<"block"> {
  return device(
    {
      name: "blockOfFile",
      module: "Block",
      typ: Typ.block,
      parameters: [name],
      needs: [],
      connect: () => unsupported("block devices are not part of this version of the library OS. Use crunch for files"),
    },
    [],
  )
}

/** A FAT file system on `disk`. */
export function fat(disk: Impl<"block">): Impl<"fs"> {
  return device(
    {
      name: "fat",
      module: "Fat",
      typ: Typ.fs,
      needs: [Typ.block],
      connect: () => unsupported('FAT is not part of this version of the library OS. Use crunch("./htdocs")'),
    },
    [disk],
  )
}

/** A FAT image made of the files of a folder when the unikernel is built. */
export function fatOfFiles(of: { readonly dir?: string; readonly regexp?: string } = {}): Impl<"fs"> {
  const dir = of.dir ?? "."
  return device(
    {
      name: "fatOfFiles",
      module: "Fat",
      typ: Typ.fs,
      parameters: [dir, of.regexp ?? "*"],
      needs: [],
      connect: () => unsupported(`FAT is not part of this version of the library OS. Use crunch("${dir}") instead`),
    },
    [],
  )
}

/** A file system as a read-only store. */
export function kvRoOfFs(fileSystem: Impl<"fs">): Impl<"kvRo"> {
  return device(
    {
      name: "kvRoOfFs",
      module: "Fat.KV_RO",
      typ: Typ.kvRo,
      needs: [Typ.fs],
      connect: () => unsupported('file systems are not part of this version of the library OS. Use crunch("./htdocs")'),
    },
    [fileSystem],
  )
}

// -- networks ---------------------------------------------------------------------------------------------------------

/** The network card called `name`; all of them are plugged into the one switch. */
export function netif(name: string): Impl<"network"> {
  return device(
    {
      name: "netif",
      module: "Netif",
      typ: Typ.network,
      parameters: [name],
      needs: [],
      connect: (target) => target.network(name),
    },
    [],
  )
}

/** The first network card. */
export const tap0: Impl<"network"> = netif("tap0")
