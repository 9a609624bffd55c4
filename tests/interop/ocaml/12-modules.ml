(* before: A component of your own *)
module type CONSOLE = V1_LWT.CONSOLE

(* before: Your server is a function *)
module type KV_RO = V1_LWT.KV_RO
module type HTTP_SERVER = Cohttp_lwt.Server

(* before: The bad news *)
module Crunched = struct
  type t = unit
  type error = Unknown_key of string
  let size () name = Lwt.return (`Error (Unknown_key name))
  let read () name _ _ = Lwt.return (`Error (Unknown_key name))
end

(* before: Ask it *)
open Mirage
let fs = crunch "./htdocs"
let server = http_server 80 (direct_stackv4_with_default_ipv4 default_console tap0)
let main = foreign "Unikernel.Main" (console @-> kv_ro @-> http @-> job)

(* before: What the tool writes *)
module Unikernel = struct
  module Main = Main
end
module Static1 = Crunched
module E1 = E
module I1 = I
module U1 = U
module T1 = T
let join = Lwt.join
let t1 () = Lwt.return ()
