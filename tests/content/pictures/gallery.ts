// Every picture there is, each in the ways that slides can ask for it.

import { words } from "../../../src/content/attributes.ts"
import { PICTURE_NAMES, type PictureRequest, pictureScene } from "../../../src/content/pictures/index.ts"
import { type Scene, sceneAt } from "../../../src/content/pictures/scene.ts"

/** Numbers of every size, names of every length, and one that is missing. */
export const LAYERS = `side,layer,packages,files,bytes
service,Our code,1,3,2140
service,npm packages,68,612,2100345
service,Node,1,4100,98000000
service,"Debian, as in the image",97,8211,74000000
service,Linux kernel,1,,61000000
unikernel,Our code,1,3,2140
unikernel,Mirage libraries,5,41,180000`

const TARGETS = ["abstract", "hypervisor", "unix", "unix-direct", "xen", "arm", "bsd", "browser"]

const INFOS = [
  ...TARGETS.map((target) => `stack target=${target}`),
  "stack target=unix,unix-direct,xen",
  "stack target=abstract,hypervisor,bsd,browser,unix,arm,unix",
  "docker",
  "modules",
  ...["sockets", "direct", "xen"].map((show) => `modules show=${show}`),
  "compiler",
  ...["programmer", "sources", "compiler", "binaries"].map((show) => `compiler show=${show}`),
  "boot-sequence",
  "zero-copy",
  "memory",
  "rendezvous",
  ...["bytes", "files", "packages"].map((scale) => `node-service scale=${scale}`),
  "board",
  "leaning-tower",
  "ship",
]

/** The request of a fence's info string, without `picture`. */
export function request(info: string, body: string = info.startsWith("node-service") ? LAYERS : ""): PictureRequest {
  const [name, ...options] = words(info)
  return { name: name?.name ?? "", options, body }
}

export interface Exhibit {
  readonly info: string
  readonly scene: Scene
}

/** All of them. */
export const GALLERY: readonly Exhibit[] = INFOS.map((info) => {
  const scene = pictureScene(request(info), (message) => {
    throw new Error(`${info}: ${message}`)
  })
  if (scene === undefined) throw new Error(`${info} has no scene, and nobody said why`)
  return { info, scene }
})

for (const name of PICTURE_NAMES) {
  if (!INFOS.some((info) => info.split(" ")[0] === name)) throw new Error(`The gallery has no \`${name}\``)
}

/** Each as it is seen at each of its steps. */
export const VIEWS: readonly (readonly [name: string, scene: Scene])[] = GALLERY.flatMap(({ info, scene }) =>
  scene.steps.length < 2
    ? [[info, sceneAt(scene, 0)] as const]
    : scene.steps.map((_, step) => [`${info}, step ${step}`, sceneAt(scene, step)] as const),
)
