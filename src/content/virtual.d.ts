// The modules that the Vite plugin of this folder makes. Each is large: import them with `import()` when first wanted.
// A project that uses them lists this file in its tsconfig's `include`.

declare module "virtual:mirage-deck" {
  /** The deck's files, compiled, with their types; and its cells. */
  export const project: import("./project.ts").ProjectData
  export default project
}

declare module "virtual:mirage-guest" {
  /** The guest, a classic script for a worker. */
  export const guest: string
  /** The library OS, for the `boot` message. Entries are `mirage`, `mirage/config` and `mirage/host`. */
  export const library: readonly import("../sandbox/protocol.ts").LibraryModule[]
}

declare module "virtual:mirage-sources" {
  /** The library OS's TypeScript, for the editor: path under `src/mirage` -> text. `mirage.ts`, `lwt/lwt.ts`, `globals.d.ts`. */
  export const sources: Readonly<Record<string, string>>
  /** What cells may use beyond ECMAScript, as the text of a declaration file: `console`. */
  export const cellGlobals: string
  export default sources
}
