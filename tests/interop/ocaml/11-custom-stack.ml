open Lwt
module type CONSOLE = V1_LWT.CONSOLE
module type NETWORK = V1_LWT.NETWORK
module C = Console
module N = Netif
module Time = OS.Time

(* before: Start *)
let c = C.make "0"
let net = "tap0"
let ip = Ipaddr.V4.of_string_exn

(* before: Where do packets go? *)
let connected p =
  match Lwt.state p with
  | Lwt.Return (`Ok x) -> x
  | _ -> failwith "not connected"
let e = connected (E.connect net)
let i = connected (I.connect e)
let udp = connected (U.connect i)
let tcp = connected (T.connect i)
let listeners (_ : int) : (T.flow -> unit Lwt.t) option = None
let log ~dst_port:_ = Some (fun ~src:_ ~dst:_ ~src_port:_ _ -> return ())
let yellow text = text

(* before: A listener *)
let green = Printf.sprintf
