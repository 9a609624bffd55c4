(* What the deck's OCaml stands on: simulated time, MirageOS 2.0's module types, its modules, and its configuration
   language. The signatures follow V1 and V1_LWT of 2014 as far as the slides use them; what implements them here does
   nothing, for the slides are to be type-checked against them. Only OS is real: programs that sleep do run. *)

(* Stands where a slide has an ellipsis. *)
exception Left_out

module OS = struct
  type sleeper = { until : float; turn : int; wakener : unit Lwt.u; thread : unit Lwt.t }

  module Queue = Set.Make (struct
    type t = sleeper
    let compare a b = compare (a.until, a.turn) (b.until, b.turn)
  end)

  let now = ref 0.0
  let turns = ref 0
  let queue = ref Queue.empty

  (* Each block of a slide begins at midnight, as each cell does. *)
  let reset () =
    now := 0.0;
    queue := Queue.empty

  module Time = struct
    let sleep seconds =
      let thread, wakener = Lwt.task () in
      incr turns;
      queue := Queue.add { until = !now +. (seconds *. 1000.0); turn = !turns; wakener; thread } !queue;
      thread
  end

  module Clock = struct
    let now () = !now
  end

  let rec run p =
    match Lwt.state p with
    | Lwt.Return x -> x
    | Lwt.Fail e -> raise e
    | Lwt.Sleep ->
      if Lwt.paused_count () > 0 then Lwt.wakeup_paused ()
      else begin
        match Queue.min_elt_opt !queue with
        | None -> failwith "OS.run: nothing will ever happen"
        | Some next ->
          queue := Queue.remove next !queue;
          now := Float.max !now next.until;
          if Lwt.state next.thread = Lwt.Sleep then Lwt.wakeup next.wakener ()
      end;
      run p

  module Main = struct
    let run = run
  end
end

module Clock = struct
  let time () = OS.Clock.now () /. 1000.0
end

module Cstruct = struct
  type t = string
  let of_string s = s
  let to_string s = s
  let len = String.length
  let copyv = String.concat ""
end

module Ipaddr = struct
  module V4 = struct
    type t = int32
    let of_string_exn (_ : string) = 0l
    let to_string (_ : t) = "10.0.0.1"
    let any = 0l
  end
end

module Uri = struct
  type t = string
  let path (uri : t) = uri
end

module V1_LWT = struct
  module type TIME = sig
    val sleep : float -> unit Lwt.t
  end

  module type CLOCK = sig
    val time : unit -> float
  end

  module type RANDOM = sig
    val int : int -> int
  end

  module type CONSOLE = sig
    type t
    val log : t -> string -> unit
    val log_s : t -> string -> unit Lwt.t
  end

  module type NETWORK = sig
    type t
    val write : t -> Cstruct.t -> unit Lwt.t
    val listen : t -> (Cstruct.t -> unit Lwt.t) -> unit Lwt.t
  end

  module type KV_RO = sig
    type t
    type error = Unknown_key of string
    val size : t -> string -> [ `Ok of int64 | `Error of error ] Lwt.t
    val read : t -> string -> int -> int -> [ `Ok of Cstruct.t list | `Error of error ] Lwt.t
  end

  module type ETHIF = sig
    type t
    type netif
    type error
    val connect : netif -> [ `Ok of t | `Error of error ] Lwt.t
    val input :
      t -> ipv4:(Cstruct.t -> unit Lwt.t) -> ipv6:(Cstruct.t -> unit Lwt.t) -> Cstruct.t -> unit Lwt.t
    val write : t -> Cstruct.t -> unit Lwt.t
  end

  type callback = src:Ipaddr.V4.t -> dst:Ipaddr.V4.t -> Cstruct.t -> unit Lwt.t

  module type IPV4 = sig
    type t
    type ethif
    type error
    val connect : ethif -> [ `Ok of t | `Error of error ] Lwt.t
    val input :
      t -> tcp:callback -> udp:callback -> default:(proto:int -> callback) -> Cstruct.t -> unit Lwt.t
    val set_ip : t -> Ipaddr.V4.t -> unit Lwt.t
    val set_ip_netmask : t -> Ipaddr.V4.t -> unit Lwt.t
    val set_ip_gateways : t -> Ipaddr.V4.t list -> unit Lwt.t
  end

  module type UDPV4 = sig
    type t
    type ipv4
    type error
    val connect : ipv4 -> [ `Ok of t | `Error of error ] Lwt.t
    val input :
      t ->
      listeners:(dst_port:int -> (src:Ipaddr.V4.t -> dst:Ipaddr.V4.t -> src_port:int -> Cstruct.t -> unit Lwt.t) option) ->
      callback
  end

  module type TCPV4 = sig
    type t
    type ipv4
    type flow
    type error
    val connect : ipv4 -> [ `Ok of t | `Error of error ] Lwt.t
    val input : t -> listeners:(int -> (flow -> unit Lwt.t) option) -> callback
    val get_dest : flow -> Ipaddr.V4.t * int
    val read : flow -> [ `Ok of Cstruct.t | `Eof | `Error of error ] Lwt.t
    val write : flow -> Cstruct.t -> [ `Ok of unit | `Eof | `Error of error ] Lwt.t
    val close : flow -> unit Lwt.t
  end

  module type STACKV4 = sig
    type t
    module TCPV4 : TCPV4
  end
end

(* Modules that implement them, and functors that make them. *)

module Console = struct
  type t = string
  let make name = name
  let log (_ : t) line = print_endline line
  let log_s t line = Lwt.return (log t line)
  let connect name : [ `Ok of t | `Error of unit ] Lwt.t = Lwt.return (`Ok name)
end

module Netif = struct
  type t = string
  let write (_ : t) (_ : Cstruct.t) = Lwt.return ()
  let listen (_ : t) (_ : Cstruct.t -> unit Lwt.t) = Lwt.return ()
end

module Ethif = struct
  module Make (N : V1_LWT.NETWORK) : V1_LWT.ETHIF with type netif = N.t = struct
    type netif = N.t
    type t = N.t
    type error = unit
    let connect n = Lwt.return (`Ok n)
    let input _ ~ipv4:_ ~ipv6:_ _ = Lwt.return ()
    let write = N.write
  end
end

module Ipv4 = struct
  module Make (E : V1_LWT.ETHIF) : V1_LWT.IPV4 with type ethif = E.t = struct
    type ethif = E.t
    type t = E.t
    type error = unit
    let connect e = Lwt.return (`Ok e)
    let input _ ~tcp:_ ~udp:_ ~default:_ _ = Lwt.return ()
    let set_ip _ _ = Lwt.return ()
    let set_ip_netmask _ _ = Lwt.return ()
    let set_ip_gateways _ _ = Lwt.return ()
  end
end

module Udpv4 = struct
  module Make (I : V1_LWT.IPV4) : V1_LWT.UDPV4 with type ipv4 = I.t = struct
    type ipv4 = I.t
    type t = I.t
    type error = unit
    let connect i = Lwt.return (`Ok i)
    let input _ ~listeners:_ ~src:_ ~dst:_ _ = Lwt.return ()
  end
end

module Tcpv4 = struct
  module Flow = struct
    module Make (I : V1_LWT.IPV4) (_ : V1_LWT.TIME) (_ : V1_LWT.CLOCK) (_ : V1_LWT.RANDOM) :
      V1_LWT.TCPV4 with type ipv4 = I.t = struct
      type ipv4 = I.t
      type t = I.t
      type flow = unit
      type error = unit
      let connect i = Lwt.return (`Ok i)
      let input _ ~listeners:_ ~src:_ ~dst:_ _ = Lwt.return ()
      let get_dest () = (0l, 80)
      let read () = Lwt.return `Eof
      let write () _ = Lwt.return (`Ok ())
      let close () = Lwt.return ()
    end
  end
end

module Dhcp_clientv4 = struct
  module Make
      (_ : V1_LWT.CONSOLE)
      (_ : V1_LWT.TIME)
      (_ : V1_LWT.RANDOM)
      (E : V1_LWT.ETHIF)
      (I : V1_LWT.IPV4 with type ethif = E.t)
      (_ : V1_LWT.UDPV4 with type ipv4 = I.t) =
  struct
  end
end

module Tcpip_stack_direct = struct
  module Make
      (_ : V1_LWT.CONSOLE)
      (_ : V1_LWT.TIME)
      (_ : V1_LWT.RANDOM)
      (N : V1_LWT.NETWORK)
      (E : V1_LWT.ETHIF with type netif = N.t)
      (I : V1_LWT.IPV4 with type ethif = E.t)
      (_ : V1_LWT.UDPV4 with type ipv4 = I.t)
      (T : V1_LWT.TCPV4 with type ipv4 = I.t) =
  struct
    type t = T.t
    module TCPV4 = T
  end
end

module Tcpip_stack_socket = struct
  module Make (_ : V1_LWT.CONSOLE) = struct
    module E = Ethif.Make (Netif)
    module I = Ipv4.Make (E)
    module TCPV4 = Tcpv4.Flow.Make (I) (OS.Time) (Clock) (Random)
    type t = TCPV4.t
  end
end

module type CHANNEL = sig
  type flow
end

module Channel = struct
  module Make (T : V1_LWT.TCPV4) = struct
    type flow = T.flow
  end
end

module Cohttp = struct
  module Connection = struct
    type t = int
    let to_string = string_of_int
  end
end

module Cohttp_lwt = struct
  module type Server = sig
    module Request : sig
      type t
      val uri : t -> Uri.t
    end

    type response
    type t = {
      callback : string * Cohttp.Connection.t -> Request.t -> string -> response Lwt.t;
      conn_closed : string * Cohttp.Connection.t -> unit;
    }

    val respond_string : status:[ `OK | `Not_found ] -> body:string -> unit -> response Lwt.t
    val respond_not_found : ?uri:Uri.t -> unit -> response Lwt.t
  end
end

module Http_server = struct
  module Make (_ : CHANNEL) = struct
    module Request = struct
      type t = string
      let uri request = request
    end

    type response = string
    type t = {
      callback : string * Cohttp.Connection.t -> Request.t -> string -> response Lwt.t;
      conn_closed : string * Cohttp.Connection.t -> unit;
    }

    let respond_string ~status:_ ~body () = Lwt.return body
    let respond_not_found ?uri:_ () = Lwt.return "404"
  end
end

(* The configuration language of MirageOS 2.0. Types are checked by a GADT's parameter, as in the real one. *)
module Mirage = struct
  type console
  type kv_ro
  type fs
  type network
  type stackv4
  type http
  type job

  type _ typ =
    | Type : string -> 'a typ
    | Function : 'a typ * 'b typ -> ('a -> 'b) typ

  type _ impl =
    | Device : string -> 'a impl
    | Foreign : string * 'a typ -> 'a impl
    | App : ('a -> 'b) impl * 'a impl -> 'b impl

  let ( @-> ) a b = Function (a, b)
  let ( $ ) f x = App (f, x)
  let foreign name typ = Foreign (name, typ)
  let console : console typ = Type "console"
  let kv_ro : kv_ro typ = Type "kv_ro"
  let network : network typ = Type "network"
  let http : http typ = Type "http"
  let job : job typ = Type "job"
  let default_console : console impl = Device "console"
  let tap0 : network impl = Device "tap0"
  let crunch (_ : string) : kv_ro impl = Device "crunch"
  let fat_of_files ?dir:(_ = ".") () : fs impl = Device "fat"
  let kv_ro_of_fs (_ : fs impl) : kv_ro impl = Device "kv_ro_of_fs"
  let direct_stackv4_with_dhcp (_ : console impl) (_ : network impl) : stackv4 impl = Device "stack"
  let direct_stackv4_with_default_ipv4 = direct_stackv4_with_dhcp
  let socket_stackv4 (_ : console impl) (_ : Ipaddr.V4.t list) : stackv4 impl = Device "stack"
  let http_server (_ : int) (_ : stackv4 impl) : http impl = Device "http"
  let add_to_ocamlfind_libraries (_ : string list) = ()
  let add_to_opam_packages (_ : string list) = ()
  let register (_ : string) (_ : job impl list) = ()
end
