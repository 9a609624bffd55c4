// The modules that the Vite plugin of this folder makes. Each is large: import them with `import()` when first wanted.
// A project that uses them lists this file in its tsconfig's `include`.

declare module "virtual:mirage-deck" {
  /** The deck's files, compiled, with their types; and its cells. */
  export const project: import("./project.ts").ProjectData
  export default project
}

declare module "virtual:mirage-notebooks" {
  /** The notebooks by name; each is a module of its own. */
  export const notebooks: Readonly<Record<string, () => Promise<{ project: import("./project.ts").ProjectData }>>>
}

declare module "virtual:mirage-guest" {
  /** The guest, a classic script for a worker. */
  export const guest: string
  /** The library OS, for the `boot` message. Entries are `mirage`, `mirage/config` and `mirage/host`. */
  export const library: readonly import("../sandbox/protocol.ts").LibraryModule[]
}

declare module "virtual:mirage-package" {
  /**
   * The library OS as a package for Node, with the guest and the `mirage` command: path -> text, from the folder that
   * `node_modules` is in.
   */
  export const files: Readonly<Record<string, string>>
}

declare module "virtual:mirage-sources" {
  /**
   * TypeScript for the editor, path -> text: the library OS's by their paths under `src/mirage`, `mirage.ts` and
   * `lwt/lwt.ts`; and `cell-globals.d.ts`, what cells may use beyond it.
   */
  export const sources: Readonly<Record<string, string>>
  export default sources
}
