(* The real Lwt's side of lwt-differential.test.ts. Reads programs, one operation a line, each ending in a line "---", and
   prints what Lwt does with them, in the format of tests/mirage/lwt/traces. Every program runs in a child process, so that
   nothing is left over from the one before. The operations are those of tests/mirage/lwt/interpreter.ts. *)

open Lwt.Infix

type slot = { promise : int Lwt.t; resolver : int Lwt.u option }

let say format = Printf.printf (format ^^ "\n")

let error_name = function
  | Failure message -> message
  | Invalid_argument _ -> "Invalid"
  | Lwt.Canceled -> "Canceled"
  | Not_found -> "Not found"
  | Lwt_stream.Closed -> "Closed"
  | Lwt_stream.Full -> "Full"
  | Lwt_stream.Empty -> "Empty"
  | Lwt_switch.Off -> "Off"
  | other -> Printexc.to_string other

let state_name promise =
  match Lwt.state promise with
  | Lwt.Sleep -> "S"
  | Lwt.Return value -> "R" ^ string_of_int value
  | Lwt.Fail error -> "F" ^ error_name error

(* The promises of a program, in the order of their making. *)
let slots : (int, slot) Hashtbl.t = Hashtbl.create 64
let made () = Hashtbl.length slots
let slot n = Hashtbl.find slots (n mod made ())
let promise n = (slot n).promise
let add ?resolver promise = Hashtbl.add slots (made ()) { promise; resolver }

let mutexes = Array.init 2 (fun _ -> Lwt_mutex.create ())
let mailboxes : int Lwt_mvar.t array = Array.init 2 (fun _ -> Lwt_mvar.create_empty ())
let conditions : int Lwt_condition.t array = Array.init 2 (fun _ -> Lwt_condition.create ())
let key : int Lwt.key = Lwt.new_key ()
let nth things n = things.(n mod Array.length things)

(* The first two streams can be pushed to; those that a program makes come after them. *)
let pushes = Array.init 2 (fun _ -> Lwt_stream.create ())
let streams : (int, int Lwt_stream.t) Hashtbl.t = Hashtbl.create 8
let add_stream s = Hashtbl.add streams (Hashtbl.length streams) s
let stream n = Hashtbl.find streams (n mod Hashtbl.length streams)
let () = Array.iter (fun (s, _) -> add_stream s) pushes

(* A thread that pushes what it reads would never end: so many pushes a program has. *)
let pushes_left = ref 60
let push n x =
  if !pushes_left > 0 then begin
    decr pushes_left;
    try snd (nth pushes n) x with Lwt_stream.Closed -> say "  closed"
  end

let bounded, bounded_push = Lwt_stream.create_bounded 2

let switches = Array.init 2 (fun _ -> Lwt_switch.create ())

(* Every third member of the pool takes its time, every fifth cannot be made; those that are 3 modulo 4 go stale. *)
let members = ref 0
let pool =
  let make () =
    incr members;
    let n = !members in
    say "  make %d" n;
    if n mod 5 = 0 then Lwt.fail_with (Printf.sprintf "m%d" n)
    else if n mod 3 = 0 then Lwt.pause () >|= fun () -> n
    else Lwt.return n
  in
  let validate n = say "  validate %d" n; if n = 7 then Lwt.fail_with "stale" else Lwt.return (n mod 4 <> 3) in
  let check n ok = say "  check %d" n; ok (n mod 2 = 0) in
  let dispose n = say "  dispose %d" n; Lwt.return_unit in
  Lwt_pool.create 2 ~validate ~check ~dispose make

let resolve n f =
  match (slot n).resolver with
  | None -> ()
  | Some resolver -> ( try f resolver with Invalid_argument _ -> say "  invalid")

let forget p = p >|= fun _ -> ()
let zero p = p >|= fun () -> 0
let sum p = p >|= List.fold_left (fun total value -> ((total * 7) + value) mod 10007) 1

(* As in tests/mirage/lwt/list-functions.ts. *)
let list_function name each l =
  let total = ref 0 in
  let indexed i p = each p >|= fun v -> total := !total + (i * v) in
  let plus i p = each p >|= ( + ) i in
  let next total v = ((total * 7) + v) mod 10007 in
  let is_even p = each p >|= fun v -> v mod 2 = 0 in
  let half_of_even p = each p >|= fun v -> if v mod 2 = 0 then Some (v / 2) else None in
  let bool p = p >|= fun b -> if b then 1 else 0 in
  let sum_of p = p >>= fun ps -> sum (Lwt.all ps) in
  let odd_first (even, odd) = odd @ even in
  match name with
  | "iteriS" -> Lwt_list.iteri_s indexed l >|= fun () -> !total
  | "iteriP" -> Lwt_list.iteri_p indexed l >|= fun () -> !total
  | "mapiS" -> sum (Lwt_list.mapi_s plus l)
  | "mapiP" -> sum (Lwt_list.mapi_p plus l)
  | "revMapS" -> sum (Lwt_list.rev_map_s each l)
  | "revMapP" -> sum (Lwt_list.rev_map_p each l)
  | "foldLeftS" -> Lwt_list.fold_left_s (fun total p -> each p >|= next total) 1 l
  | "foldRightS" -> Lwt_list.fold_right_s (fun p total -> each p >|= next total) l 1
  | "forAllS" -> bool (Lwt_list.for_all_s is_even l)
  | "forAllP" -> bool (Lwt_list.for_all_p is_even l)
  | "existsS" -> bool (Lwt_list.exists_s is_even l)
  | "existsP" -> bool (Lwt_list.exists_p is_even l)
  | "findS" -> Lwt_list.find_s is_even l >>= Fun.id
  | "filterS" -> sum_of (Lwt_list.filter_s is_even l)
  | "filterP" -> sum_of (Lwt_list.filter_p is_even l)
  | "filterMapS" -> sum (Lwt_list.filter_map_s half_of_even l)
  | "filterMapP" -> sum (Lwt_list.filter_map_p half_of_even l)
  | "partitionS" -> sum_of (Lwt_list.partition_s is_even l >|= odd_first)
  | "partitionP" -> sum_of (Lwt_list.partition_p is_even l >|= odd_first)
  | _ -> failwith ("bad list function: " ^ name)

let or_none p = p >|= function None -> -1 | Some v -> v

(* What callbacks do on the side. *)
let effect_of = function
  | "wake" -> Some (fun n -> resolve n (fun u -> Lwt.wakeup u (100 + n)))
  | "later" -> Some (fun n -> resolve n (fun u -> Lwt.wakeup_later u (200 + n)))
  | "cancel" -> Some (fun n -> Lwt.cancel (promise n))
  | "burst" ->
    Some
      (fun n ->
        resolve n (fun u -> Lwt.wakeup_later u (300 + n));
        resolve (n + 1) (fun u -> Lwt.wakeup_later_exn u (Failure ("l" ^ string_of_int n)));
        resolve (n + 2) (fun u -> Lwt.wakeup u (400 + n)))
  | "push" -> Some (fun n -> push n (Some n))
  | "off" -> Some (fun n -> Lwt.async (fun () -> Lwt_switch.turn_off (nth switches n)))
  | "unlock" -> Some (fun n -> Lwt_mutex.unlock (nth mutexes n))
  | "put" -> Some (fun n -> Lwt.async (fun () -> Lwt_mvar.put (nth mailboxes n) n))
  | "signal" -> Some (fun n -> Lwt_condition.signal (nth conditions n) n)
  | "broadcast" -> Some (fun n -> Lwt_condition.broadcast (nth conditions n) n)
  | _ -> None

(* A callback that makes a promise. [older] is the number of promises that are older than the one being made. *)
let asynchronous older kind n value =
  match kind with
  | "ret" -> Lwt.return (value + n)
  | "fail" -> Lwt.fail_with ("e" ^ string_of_int n)
  | "raise" -> raise (Failure ("r" ^ string_of_int n))
  | "use" -> promise (n mod older)
  | "pause" -> Lwt.pause () >>= fun () -> say "  paused %d" n; Lwt.return (value + 1)
  | "lock" -> Lwt_mutex.lock (nth mutexes n) >|= fun () -> value
  | "take" -> Lwt_mvar.take (nth mailboxes n)
  | "await" -> Lwt_condition.wait (nth conditions n)
  | "next" -> Lwt_stream.next (stream n)
  | "borrow" -> Lwt_pool.use pool (fun m -> say "  lent %d" m; Lwt.return (value + m))
  | "get" -> say "  get %s" (match Lwt.get key with None -> "-" | Some v -> string_of_int v); Lwt.return value
  | _ ->
    match effect_of kind with
    | Some effect -> effect n; Lwt.return value
    | None -> failwith ("bad callback: " ^ kind)

(* A callback of map. *)
let synchronous kind n value =
  match kind, effect_of kind with
  | "raise", _ -> raise (Failure ("r" ^ string_of_int n))
  | _, Some effect -> effect n; value
  | _, None -> value + n

(* Lwt's choice between several that are resolved is random: then it is the first. *)
let first_or f promises =
  match List.filter (fun p -> not (Lwt.is_sleeping p)) promises with
  | winner :: _ :: _ -> winner
  | _ -> f promises

let perform id operation =
  let callback = asynchronous (made ()) in
  let number = int_of_string in
  let of_number s = promise (number s) in
  let several s = List.map of_number (String.split_on_char ',' s) in
  match String.split_on_char ' ' operation with
  | [ "ret"; v ] -> add (Lwt.return (number v))
  | [ "fail"; n ] -> add (Lwt.fail_with ("e" ^ n))
  | [ "wait" ] -> let p, resolver = Lwt.wait () in add ~resolver p
  | [ "task" ] -> let p, resolver = Lwt.task () in add ~resolver p
  | [ "pause" ] -> add (zero (Lwt.pause ()))
  | [ "bind"; a; kind; n ] ->
    add (Lwt.bind (of_number a) (fun v -> say "  bind#%d %d" id v; callback kind (number n) v))
  | [ "map"; a; kind; n ] ->
    add (Lwt.map (fun v -> say "  map#%d %d" id v; synchronous kind (number n) v) (of_number a))
  | [ "catch"; a; kind; n ] ->
    let p = of_number a in
    add (Lwt.catch (fun () -> p) (fun e -> say "  catch#%d %s" id (error_name e); callback kind (number n) 1))
  | [ "finalize"; a; kind; n ] ->
    let p = of_number a in
    add (Lwt.finalize (fun () -> p) (fun () -> say "  fin#%d" id; forget (callback kind (number n) 1)))
  | [ "trybind"; a; kind; n; kind'; n' ] ->
    let p = of_number a in
    add
      (Lwt.try_bind
         (fun () -> p)
         (fun v -> say "  tb#%d %d" id v; callback kind (number n) v)
         (fun e -> say "  tbx#%d %s" id (error_name e); callback kind' (number n') 2))
  | [ "join"; l ] -> add (zero (Lwt.join (List.map forget (several l))))
  | [ "all"; l ] -> add (sum (Lwt.all (several l)))
  | [ "both"; a; b ] -> add (Lwt.both (of_number a) (of_number b) >|= fun (x, y) -> x + y)
  | [ "choose"; l ] -> add (first_or Lwt.choose (several l))
  | [ "pick"; l ] -> add (first_or Lwt.pick (several l))
  | [ "nchoose"; l ] -> add (sum (Lwt.nchoose (several l)))
  | [ "npick"; l ] -> add (sum (Lwt.npick (several l)))
  | [ "split"; l ] -> add (Lwt.nchoose_split (several l) >>= fun (vs, ps) -> sum (Lwt.return (List.length ps :: vs)))
  | [ "protected"; a ] -> add (Lwt.protected (of_number a))
  | [ "nocancel"; a ] -> add (Lwt.no_cancel (of_number a))
  | [ "cancelable"; a ] -> add (Lwt.wrap_in_cancelable (of_number a))
  | [ "wakeup"; a; v ] -> resolve (number a) (fun u -> Lwt.wakeup u (number v))
  | [ "wakeupexn"; a; n ] -> resolve (number a) (fun u -> Lwt.wakeup_exn u (Failure ("w" ^ n)))
  | [ "wakeuplater"; a; v ] -> resolve (number a) (fun u -> Lwt.wakeup_later u (number v))
  | [ "cancel"; a ] -> Lwt.cancel (of_number a)
  | [ "onsuccess"; a ] -> Lwt.on_success (of_number a) (say "  ok#%d %d" id)
  | [ "onfailure"; a ] -> Lwt.on_failure (of_number a) (fun e -> say "  ko#%d %s" id (error_name e))
  | [ "onterm"; a ] -> Lwt.on_termination (of_number a) (fun () -> say "  term#%d" id)
  | [ "oncancel"; a ] -> Lwt.on_cancel (of_number a) (fun () -> say "  cancelled#%d" id)
  | [ "onany"; a ] ->
    Lwt.on_any (of_number a) (say "  any#%d %d" id) (fun e -> say "  anyx#%d %s" id (error_name e))
  | [ "paused" ] -> say "  paused? %d" (Lwt.paused_count ()); Lwt.wakeup_paused ()
  | [ "lock"; m ] -> add (zero (Lwt_mutex.lock (nth mutexes (number m))))
  | [ "unlock"; m ] -> Lwt_mutex.unlock (nth mutexes (number m))
  | [ "withlock"; m; a; kind; n ] ->
    let p = of_number a in
    add
      (Lwt_mutex.with_lock (nth mutexes (number m)) (fun () ->
           say "  locked#%d" id;
           p >>= fun v -> say "  body#%d %d" id v; callback kind (number n) v))
  | [ "put"; m; v ] -> add (zero (Lwt_mvar.put (nth mailboxes (number m)) (number v)))
  | [ "take"; m ] -> add (Lwt_mvar.take (nth mailboxes (number m)))
  | [ "await"; c ] -> add (Lwt_condition.wait (nth conditions (number c)))
  | [ "awaitm"; c; m ] -> add (Lwt_condition.wait ~mutex:(nth mutexes (number m)) (nth conditions (number c)))
  | [ "signal"; c; v ] -> Lwt_condition.signal (nth conditions (number c)) (number v)
  | [ "broadcast"; c; v ] -> Lwt_condition.broadcast (nth conditions (number c)) (number v)
  | [ "broadcastexn"; c; n ] -> Lwt_condition.broadcast_exn (nth conditions (number c)) (Failure ("b" ^ n))
  | [ "with"; v; a; kind; n ] ->
    add (Lwt.with_value key (Some (number v)) (fun () -> of_number a >>= callback kind (number n)))
  | [ "push"; s; v ] -> push (number s) (Some (number v))
  | [ "end"; s ] -> push (number s) None
  | [ "next"; s ] -> add (Lwt_stream.next (stream (number s)))
  | [ "sget"; s ] -> add (or_none (Lwt_stream.get (stream (number s))))
  | [ "peek"; s ] -> add (or_none (Lwt_stream.peek (stream (number s))))
  | [ "nget"; s; n ] -> add (sum (Lwt_stream.nget (number n mod 4) (stream (number s))))
  | [ "npeek"; s; n ] -> add (sum (Lwt_stream.npeek (number n mod 4) (stream (number s))))
  | [ "junk"; s ] -> add (zero (Lwt_stream.junk (stream (number s))))
  | [ "njunk"; s; n ] -> add (zero (Lwt_stream.njunk (number n mod 4) (stream (number s))))
  | [ "parse"; s; count; kind; n ] ->
    add
      (Lwt_stream.parse (stream (number s)) (fun s ->
           sum (Lwt_stream.nget (number count mod 4) s) >>= callback kind (number n)))
  | [ "lastnew"; s ] -> add (Lwt_stream.last_new (stream (number s)))
  | [ "isempty"; s ] -> add (Lwt_stream.is_empty (stream (number s)) >|= fun b -> if b then 1 else 0)
  | [ "available"; s ] ->
    say "  available %s" (String.concat "," (List.map string_of_int (Lwt_stream.get_available (stream (number s)))))
  | [ "availableupto"; s; n ] ->
    let values = Lwt_stream.get_available_up_to (number n mod 4) (stream (number s)) in
    say "  available %s" (String.concat "," (List.map string_of_int values))
  | [ "tolist"; s ] -> add (sum (Lwt_stream.to_list (stream (number s))))
  | [ "iters"; s; kind; n ] ->
    add
      (zero
         (Lwt_stream.iter_s
            (fun v -> say "  iter#%d %d" id v; forget (callback kind (number n) v))
            (stream (number s))))
  | [ "closed"; s ] -> add (zero (Lwt_stream.closed (stream (number s))))
  | [ "clone"; s ] -> add_stream (Lwt_stream.clone (stream (number s)))
  | [ "smap"; s; kind; n ] ->
    let s = stream (number s) in
    add_stream (Lwt_stream.map_s (fun v -> say "  smap#%d %d" id v; callback kind (number n) v) s)
  | [ "sfilter"; s ] -> add_stream (Lwt_stream.filter (fun v -> v mod 2 = 0) (stream (number s)))
  | [ "append"; s; s' ] -> add_stream (Lwt_stream.append (stream (number s)) (stream (number s')))
  | [ "schoose"; s ] -> add_stream (Lwt_stream.choose [ stream (number s) ])
  | [ "scombine"; s; s' ] ->
    add_stream (Lwt_stream.map (fun (x, y) -> x + y) (Lwt_stream.combine (stream (number s)) (stream (number s'))))
  | [ "sconcat"; s; s' ] ->
    add_stream (Lwt_stream.concat (Lwt_stream.of_list [ stream (number s); stream (number s') ]))
  | [ "siterp"; s; kind; n ] ->
    add
      (zero
         (Lwt_stream.iter_p
            (fun v -> say "  iterp#%d %d" id v; forget (callback kind (number n) v))
            (stream (number s))))
  | [ "sitern"; s; kind; n ] ->
    add
      (zero
         (Lwt_stream.iter_n ~max_concurrency:2
            (fun v -> say "  itern#%d %d" id v; forget (callback kind (number n) v))
            (stream (number s))))
  | [ "getwhile"; s ] -> add (sum (Lwt_stream.get_while (fun v -> v mod 3 <> 0) (stream (number s))))
  | [ "junkwhile"; s ] -> add (zero (Lwt_stream.junk_while (fun v -> v mod 2 = 0) (stream (number s))))
  | [ "sfind"; s ] -> add (or_none (Lwt_stream.find (fun v -> v mod 4 = 1) (stream (number s))))
  | [ "sfold"; s ] -> add (Lwt_stream.fold (fun v total -> ((total * 7) + v) mod 10007) (stream (number s)) 1)
  | [ "sfrom"; count; kind; n ] ->
    let left = ref (number count mod 4) in
    add_stream
      (Lwt_stream.from (fun () ->
           say "  from#%d %d" id !left;
           if !left = 0 then Lwt.return_none
           else begin
             decr left;
             callback kind (number n) !left >|= fun v -> Some v
           end))
  | [ "bpush"; v ] -> add (zero (bounded_push#push (number v)))
  | [ "bnext" ] -> add (Lwt_stream.next bounded)
  | [ "bresize"; n ] -> bounded_push#resize (number n mod 4)
  | [ "bclose" ] -> bounded_push#close
  | [ "bstate" ] ->
    say "  bounded %d %d %b %b" bounded_push#size bounded_push#count bounded_push#blocked bounded_push#closed
  | [ "use"; a; kind; n ] ->
    let p = of_number a in
    add
      (Lwt_pool.use pool (fun m ->
           say "  lent#%d %d" id m;
           p >>= fun v -> callback kind (number n) (v + m)))
  | [ "clear" ] -> add (zero (Lwt_pool.clear pool))
  | [ "queue" ] -> say "  queue %d" (Lwt_pool.wait_queue_length pool)
  | [ "hook"; s; kind; n ] ->
    Lwt_switch.add_hook (Some (nth switches (number s))) (fun () ->
        say "  hook#%d" id; forget (callback kind (number n) 3))
  | [ "hookexec"; s; kind; n ] ->
    add
      (zero
         (Lwt_switch.add_hook_or_exec (Some (nth switches (number s))) (fun () ->
              say "  hook#%d" id; forget (callback kind (number n) 3))))
  | [ "off"; s ] -> add (zero (Lwt_switch.turn_off (nth switches (number s))))
  | [ "check"; s ] -> Lwt_switch.check (Some (nth switches (number s)))
  | [ "withswitch"; a; kind; n; kind'; n' ] ->
    let p = of_number a in
    add
      (Lwt_switch.with_switch (fun switch ->
           Lwt_switch.add_hook (Some switch) (fun () ->
               say "  hook#%d" id; forget (callback kind (number n) 3));
           p >>= callback kind' (number n')))
  | [ "maps"; l; kind; n ] ->
    add (sum (Lwt_list.map_s (fun p -> p >>= fun v -> say "  maps#%d %d" id v; callback kind (number n) v) (several l)))
  | [ "mapp"; l; kind; n ] ->
    add (sum (Lwt_list.map_p (fun p -> p >>= fun v -> say "  mapp#%d %d" id v; callback kind (number n) v) (several l)))
  | [ "iterp"; l; kind; n ] ->
    add
      (zero
         (Lwt_list.iter_p
            (fun p -> p >>= fun v -> say "  iterp#%d %d" id v; forget (callback kind (number n) v))
            (several l)))
  | [ "list"; l; kind; n; f ] ->
    add (list_function f (fun p -> p >>= fun v -> say "  list#%d %d" id v; callback kind (number n) v) (several l))
  | _ -> failwith ("bad operation: " ^ operation)

let run operations =
  Lwt.async_exception_hook := (fun e -> say "  hook %s" (error_name e));
  List.iteri
    (fun i operation ->
      say "%d %s" (i + 1) operation;
      (try perform (i + 1) operation with e -> say "  raised %s" (error_name e));
      say "  = %s" (String.concat " " (List.init (made ()) (fun n -> state_name (promise n)))))
    operations;
  say "---"

let rec read_program lines =
  match input_line stdin with
  | "---" -> Some (List.rev lines)
  | line -> read_program (line :: lines)
  | exception End_of_file -> None

let rec main () =
  match read_program [] with
  | None -> ()
  | Some operations ->
    flush stdout;
    (match Unix.fork () with
     | 0 -> run operations; flush stdout; Unix._exit 0
     | child ->
       (* A promise that is resolved twice makes Lwt read memory that is not there: see the test. *)
       (match Unix.waitpid [] child with
        | _, Unix.WEXITED 0 -> ()
        | _ -> say "crashed\n---"));
    main ()

let () = main ()
