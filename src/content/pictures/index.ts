// The deck's diagrams and drawings, by name. In a slide:
//
//   ```picture stack target=unix
//   ```
//
// The second word is the picture's name; flags and `name=value` words after it are its options; a few pictures have data in
// the fence. Every picture knows `caption="…"`, a line that is seen under it, and `static`, which shows all of it at once
// where it would otherwise be built up by fragments. Sizes are in the slide's pixels, 1280 by 720; a picture that a slide
// has no room for is drawn smaller, and so is its type, which has nothing to spare: let the slide's text be short.
//
//   stack           The tower of software under an application, and what the compiler makes of it. 1120 by 508.
//                   target=abstract       all that is there today goes into the unikernel, which stands on nothing yet
//                   target=hypervisor     a hypervisor and hardware under both towers
//                   target=unix           a process with sockets: the compiler takes the upper three layers
//                   target=unix-direct    a process with a stack of its own: it takes all seven
//                   target=xen            an image for Xen, on x86 hardware
//                   target=arm            an image for Xen, on ARM hardware
//                   target=bsd            a module of FreeBSD's kernel
//                   target=browser        JavaScript in a browser
//                   target=unix,unix-direct,xen     one after the other, as fragments: bracket and platforms move
//   docker          The same seven layers, wrapped by a container. 1120 by 500.
//   modules         The graph of modules under an application. 1152 by 500.
//                   By itself it grows by fragments: sockets, then our own TCP, then Xen.
//                   show=sockets    show=direct    show=xen      one of the three, in the same places
//   compiler        The compiler in the middle: programmer and cloud, sources, compiler, binaries. 1152 by 570.
//                   By itself it grows region by region, by three fragments.
//                   show=programmer    show=sources    show=compiler    show=binaries     up to that region
//   boot-sequence   A unikernel is booted by the request for its name: lifelines, five fragments. 1120 by 510.
//   zero-copy       The way of a page from the pool to the wire and back, four fragments. 1120 by 510.
//   memory          The address space of a 64-bit unikernel, with an I/O page called out. 1120 by 510.
//   rendezvous      Two machines find each other through XenStore and open a vchan, four fragments. 1152 by 470.
//   node-service    What is under a small service, beside a unikernel, to one scale. 1152 by 500. The body is CSV; rows
//                   are the layers from the top down, and each is `service` or `unikernel`:
//                     side,layer,packages,files,bytes
//                     service,Our code,1,3,2140
//                     service,npm packages,68,612,2100345
//                     unikernel,Whole image,5,41,215000
//                   A number may be left out. scale=bytes (as without it), scale=files or scale=packages says which of
//                   them the heights are. titles="A Node service|The same as a unikernel" names the two sides.
//   board           A small ARM board that serves what the laptop beside it shows. 620 by 360.
//   leaning-tower   The leaning tower of cloud; its four floors are named after the four pains. 520 by 470.
//   ship            A ship with containers. 746 by 380.
//
// A picture is a scene (scene.ts): boxes, edges and labels with coordinates, and what each of them says in words. From the
// one scene come the drawing (svg.ts) and its text twin (words.ts), so that neither can show what the other does not.

import { escapeHtml } from "../attributes.ts"
import type { Word } from "../attributes.ts"
import { parseCsv } from "../figures.ts"
import { didYouMean } from "../problems.ts"
import { board, leaningTower, ship } from "./drawings.ts"
import { bootSequence } from "./boot-sequence.ts"
import { compilerInTheMiddle, REGIONS } from "./compiler.ts"
import { memory } from "./memory.ts"
import { modules, WAYS } from "./modules.ts"
import { nodeService, readLayers, SCALES } from "./node-service.ts"
import { rendezvous } from "./rendezvous.ts"
import { type Scene, sceneAt } from "./scene.ts"
import { docker, stack, TARGETS } from "./stack.ts"
import { drawing } from "./svg.ts"
import { twin } from "./words.ts"
import { zeroCopy } from "./zero-copy.ts"

/** What a `picture` fence says. */
export interface PictureRequest {
  readonly name: string
  readonly options: readonly Word[]
  readonly body: string
}

type Fail = (message: string, line?: number) => void

interface Recipe {
  /** Options besides `caption` and `static`: a list of what may be said, or anything. */
  readonly options?: Readonly<Record<string, readonly string[] | "text">>
  readonly hasBody?: boolean
  make(option: (name: string) => string | undefined, body: string, fail: Fail): Scene | undefined
}

const oneOf = (whole: () => Scene, names: readonly string[]): Recipe => ({
  options: { show: names },
  make: (option) => {
    const show = option("show")
    return show === undefined ? whole() : sceneAt(whole(), names.indexOf(show))
  },
})

const PICTURES: Readonly<Record<string, Recipe>> = {
  stack: {
    options: { target: Object.keys(TARGETS) },
    make: (option, _, fail) => {
      const target = option("target")
      if (target !== undefined) return stack(target.split(","))
      fail("`stack` wants a `target=`.")
      return undefined
    },
  },
  docker: { make: docker },
  modules: oneOf(modules, WAYS),
  compiler: oneOf(compilerInTheMiddle, REGIONS),
  "boot-sequence": { make: bootSequence },
  "zero-copy": { make: zeroCopy },
  memory: { make: memory },
  rendezvous: { make: rendezvous },
  "node-service": {
    options: { scale: SCALES, titles: "text" },
    hasBody: true,
    make: (option, body, fail) => {
      const layers = readLayers(parseCsv(body), fail)
      const titles = (option("titles") ?? "A Node service|The same as a unikernel").split("|")
      const scale = SCALES.find((s) => s === option("scale")) ?? "bytes"
      const [one = "", other = ""] = titles
      if (titles.length !== 2) fail('`titles` are two, with a bar between them: "One|The other".')
      return layers === undefined || titles.length !== 2 ? undefined : nodeService(layers, scale, [one, other])
    },
  },
  board: { make: board },
  "leaning-tower": { make: leaningTower },
  ship: { make: ship },
}

/** The names of all pictures. */
export const PICTURE_NAMES: readonly string[] = Object.keys(PICTURES)

/** The scene that is asked for. `fail` hears what is wrong, and how far down in the fence it is. */
export function pictureScene({ name, options, body }: PictureRequest, fail: Fail): Scene | undefined {
  const recipe = Object.hasOwn(PICTURES, name) ? PICTURES[name] : undefined
  if (recipe === undefined) {
    fail(name === "" ? "`picture` wants a name." : `There is no picture \`${name}\`.${didYouMean(name, PICTURE_NAMES)}`)
    return undefined
  }
  const given = readOptions(name, recipe, options, fail)
  if (given === undefined) return undefined
  if (recipe.hasBody !== true && body.trim() !== "") fail(`The picture \`${name}\` has no data: its fence is empty.`, 1)
  const scene = recipe.make((option) => given.get(option), body, fail)
  const still = scene !== undefined && given.has("static") && scene.steps.length > 1
  return still ? sceneAt(scene, scene.steps.length - 1) : scene
}

/**
 * A picture as HTML: `<figure>` with the drawing, its text twin and the caption. `id` is what its elements' ids begin with,
 * and must be another for every picture of a page. `fail` as for {@link pictureScene}.
 */
export function pictureFigure(request: PictureRequest, id: string, fail: Fail): string {
  const scene = pictureScene(request, fail)
  const caption = request.options.find((o) => o.name === "caption")?.value
  return scene === undefined ? "" : figure(request.name, scene, id, caption)
}

function readOptions(
  name: string,
  recipe: Recipe,
  options: readonly Word[],
  fail: Fail,
): Map<string, string> | undefined {
  const known: NonNullable<Recipe["options"]> = { ...recipe.options, caption: "text", static: [] }
  const given = new Map<string, string>()
  let right = true
  const wrong = (message: string) => {
    right = false
    fail(message)
  }
  for (const { name: option, value } of options) {
    const allowed = Object.hasOwn(known, option) ? known[option] : undefined
    if (allowed === undefined) {
      wrong(`The picture \`${name}\` has no option \`${option}\`.${didYouMean(option, Object.keys(known))}`)
    } else if (given.has(option)) wrong(`\`${option}\` is given twice.`)
    else if (option === "static" ? value !== undefined : value === undefined || value === "") {
      wrong(option === "static" ? "`static` takes no value." : `\`${option}\` wants a value: \`${option}=…\`.`)
    } else if (allowed !== "text" && value !== undefined) {
      const values = option === "target" ? value.split(",") : [value]
      for (const one of values) {
        if (!allowed.includes(one)) wrong(`There is no \`${option}=${one}\`.${didYouMean(one, allowed)}`)
      }
    }
    given.set(option, value ?? "")
  }
  return right ? given : undefined
}

function figure(name: string, scene: Scene, id: string, caption: string | undefined): string {
  const steps = scene.steps.length > 1
  // A caption makes it a figure to whoever hears the page, and then it must not be called a group.
  const role = caption === undefined ? ' role="group"' : ""
  return [
    `<figure class="picture picture-${name}${scene.replaces === true ? " replaces" : ""}"${role} aria-labelledby="${id}-title" style="--picture-width:${scene.width}px">`,
    '<div class="picture-view">',
    drawing(scene, id),
    "</div>",
    ...(scene.replaces === true && steps ? [frames(scene, id)] : []),
    `<div class="picture-words">\n${twin(scene)}\n</div>`,
    ...(caption === undefined ? [] : [`<figcaption>${escapeHtml(caption)}</figcaption>`]),
    "</figure>\n",
  ].join("\n")
}

/** Every step as a picture of its own, for paper and for the scroll of small windows: the same drawing, used again. */
function frames(scene: Scene, id: string): string {
  const box = `viewBox="0 0 ${scene.width} ${scene.height}"`
  const frame = (step: number) => `<li class="at-${step}"><svg ${box}><use href="#${id}-all"/></svg></li>`
  return `<ol class="picture-frames" aria-hidden="true">${scene.steps.map((_, i) => frame(i)).join("")}</ol>`
}
