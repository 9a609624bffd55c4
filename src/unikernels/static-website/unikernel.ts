import { type CONSOLE, type HTTP_SERVER, type HttpRequest, type HttpResponse, type KV_RO, Lwt } from "mirage"

const types: Record<string, string> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
}

export const Main = <C, F, S>(C: CONSOLE<C>, FS: KV_RO<F>, Http: HTTP_SERVER<S>) => ({
  start: (c: C, fs: F, http: S): Lwt.t<void> => {
    /** The whole file, in one read. */
    const read = (name: string) =>
      FS.size(fs, name).bind((size) => (size.ok ? FS.read(fs, name, 0, size.value) : Lwt.return(size)))

    /** Paths are names of files; a folder is its index.html. */
    const dispatch = (path: string): Lwt.t<HttpResponse> => {
      const name = path.endsWith("/") ? `${path}index.html` : path
      const extension = name.slice(name.lastIndexOf(".") + 1)
      return read(name.slice(1)).bind((file) =>
        file.ok
          ? Http.respond({
              body: file.value,
              headers: { "content-type": types[extension] ?? "application/octet-stream" },
            })
          : Http.respondNotFound({ path }),
      )
    }

    const callback = (connId: number, request: HttpRequest) => {
      C.log(c, `[${connId}] ${request.method} ${request.target}`)
      return dispatch(request.path)
    }
    const connClosed = (connId: number) => C.log(c, `[${connId}] closed`)

    return Http.listen(http, { callback, connClosed })
  },
})
