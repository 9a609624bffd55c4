// The door "mirage/config": what a config.ts imports. The configuration language is functoria/; this file only names what
// of it a configuration sees.

export { applications } from "./functoria/applications.ts"
export { describe } from "./functoria/describe.ts"
export {
  blockOfFile,
  crunch,
  customConsole,
  defaultConsole,
  defaultRandom,
  defaultTime,
  directKvRo,
  fat,
  fatOfFiles,
  kvRoOfFs,
  netif,
  tap0,
} from "./functoria/devices.ts"
export { foreign, type Impl, ifImpl, main, matchImpl } from "./functoria/impl.ts"
export { type Key, key } from "./functoria/key.ts"
export { addToPackages, register } from "./functoria/register.ts"
export {
  directStackv4WithDefaultIpv4,
  directStackv4WithDhcp,
  directStackv4WithStaticIpv4,
  httpServer,
  type Ipv4Config,
  socketStackv4,
} from "./functoria/stacks.ts"
export {
  block,
  console,
  type Fn,
  fn,
  fs,
  http,
  job,
  kvRo,
  network,
  random,
  stackv4,
  type Typ,
  time,
  typ,
} from "./functoria/typ.ts"
