// The Comlink that the client carries, as the double's page sees it: served as /comlink.js from the client's own package,
// since it is the only one that speaks the client's dialect (messages are numbered; later Comlinks name them).

export declare const Comlink: {
  /** Answer calls that come in at a port. */
  expose(server: object, port: MessagePort): void
  /** Hand a value over as something to be called, not copied. */
  proxy<A extends object>(value: A): A
}
