(* The blocks are in the style of the original deck: Lwt's operators are at hand. *)
open Lwt.Infix

let join = Lwt.join
let choose = Lwt.choose

(* before: Two at a time *)
let a, b, c = (Lwt.return (), Lwt.return (), Lwt.return ())
