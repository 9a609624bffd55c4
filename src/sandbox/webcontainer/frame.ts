// The script of webcontainer.html, and the only file that knows `@webcontainer/api`.
//
// Why in a frame: the client boots once a page, waits for ever if its own frame does not load, and holds a lock meanwhile
// that no later attempt passes. Here a failed attempt, or a crashed container, is ended by taking the frame away. The frame
// is of the page's origin and has the page's isolation; what comes from elsewhere is in a frame of its own inside it.

import { configureAPIKey, type FileSystemTree, WebContainer } from "@webcontainer/api"
import type { SpawnOptions } from "./container.ts"
import { type BootSettings, DOOR, type Door, type FrameContainer, type FrameProcess } from "./door.ts"

const door: Door = {
  async boot({ origin, apiKey, coep, workdirName }: BootSettings) {
    // The client reads it when it makes its frame.
    Object.assign(globalThis, { WEBCONTAINER_API_IFRAME_URL: origin })
    if (apiKey !== undefined) configureAPIKey(apiKey)
    return containerOf(await WebContainer.boot({ coep, workdirName }))
  },
}
Object.assign(globalThis, { [DOOR]: door })

function containerOf(container: WebContainer): FrameContainer {
  return {
    workdir: container.workdir,
    write: (files) => container.mount(treeOf(files)),
    remove: (path) => container.fs.rm(path, { recursive: true, force: true }),
    spawn: (command, args, options, onOutput) => spawn(container, command, args, options, onOutput),
    onServer(f) {
      container.on("server-ready", (port, url) => f(port, url))
      container.on("port", (port, type) => {
        if (type === "close") f(port, undefined)
      })
    },
    onError: (f) => void container.on("error", ({ message }) => f(message)),
    ping: async () => void (await container.fs.readdir(".")),
    teardown: () => container.teardown(),
  }
}

async function spawn(
  container: WebContainer,
  command: string,
  args: readonly string[],
  { cwd, env, terminal }: SpawnOptions,
  onOutput: (text: string | undefined) => void,
): Promise<FrameProcess> {
  const process = await container.spawn(command, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(terminal === undefined ? {} : { terminal: { ...terminal } }),
  })
  const input = process.input.getWriter()
  const end = (): void => onOutput(undefined)
  process.output.pipeTo(new WritableStream({ write: (text) => onOutput(text) })).then(end, end)
  let over = false
  const exit = process.exit.finally(() => {
    over = true
  })
  return {
    exit,
    // The client warns on the console of whatever reaches a process that has ended.
    write: (text) => void (over || input.write(text).catch(() => {})),
    kill: () => void (over || process.kill()),
    resize: (cols, rows) => void (over || process.resize({ cols, rows })),
  }
}

/** Paths to nested folders. */
function treeOf(files: Readonly<Record<string, string | Uint8Array>>): FileSystemTree {
  const tree: FileSystemTree = {}
  for (const [path, contents] of Object.entries(files)) {
    const steps = path.split("/")
    const name = steps.pop()!
    let folder = tree
    for (const step of steps) {
      const made = (folder[step] ??= { directory: {} })
      if (!("directory" in made)) throw new Error(`${path}: ${step} is a file, and cannot be a folder as well.`)
      folder = made.directory
    }
    // A copy: the bytes are of the page's realm.
    folder[name] = { file: { contents: typeof contents === "string" ? contents : new Uint8Array(contents) } }
  }
  return tree
}
