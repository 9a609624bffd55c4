(* before: A unikernel is a functor *)
module Unikernel = struct
  module Main = Main
end

(* before: The application *)
module type CONSOLE = V1_LWT.CONSOLE
module type KV_RO = V1_LWT.KV_RO

module type HTTP = sig
  type request
  type response
  val path : request -> string
  val respond_string : body:string -> unit -> response Lwt.t
  val respond_not_found : unit -> response Lwt.t
end

let read _ _ = Lwt.return ""
