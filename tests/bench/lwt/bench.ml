(* OCaml's Lwt, doing the same: native, and through js_of_ocaml. Prints what measure.mjs prints. [Clock] is clock-unix.ml
   or clock-js.ml. No loop is longer than a thousand rounds where js_of_ocaml would need the stack for it. *)

open Lwt.Infix

let sum = ref 0
let add x = sum := !sum + x; Lwt.return x
let repeat n f = for i = 1 to n do f i done

let bind n =
  let rec loop i = if i = 0 then Lwt.return 0 else Lwt.bind (Lwt.return (i - 1)) loop in
  repeat (n / 1000) (fun _ -> ignore (loop 1000))

let wakeup n =
  repeat n (fun i ->
      let p, u = Lwt.wait () in
      ignore (Lwt.bind p add);
      Lwt.wakeup u i)

let chain after n =
  repeat (n / 1000) (fun _ ->
      let p, u = Lwt.wait () in
      let q = ref p in
      repeat 1000 (fun _ -> q := after !q);
      Lwt.wakeup u 0)

let pauses n =
  let left = ref n in
  let rec step () = if !left = 0 then Lwt.return_unit else (decr left; Lwt.pause () >>= step) in
  step ()

let main_loop n = Option.get Clock.main (pauses n)

let pause n =
  ignore (pauses n);
  while Lwt.paused_count () > 0 do Lwt.wakeup_paused () done

let mvar n =
  repeat (n / 1000) (fun _ ->
      let a = Lwt_mvar.create_empty () and b = Lwt_mvar.create_empty () in
      let rec ping i =
        if i = 0 then Lwt.return_unit else Lwt_mvar.put a i >>= fun () -> Lwt_mvar.take b >>= fun _ -> ping (i - 1)
      in
      let rec pong () = Lwt_mvar.take a >>= fun x -> Lwt_mvar.put b x >>= pong in
      Lwt.async pong;
      if Lwt.is_sleeping (ping 500) then failwith "mvar")

let stream n =
  let s, push = Lwt_stream.create () in
  repeat n (fun i -> push (Some i); ignore (Lwt_stream.next s >>= add))

let mutex n =
  repeat (n / 1000) (fun _ ->
      let m = Lwt_mutex.create () in
      ignore (Lwt_mutex.lock m);
      repeat 1000 (fun i -> ignore (Lwt_mutex.with_lock m (fun () -> add i)));
      Lwt_mutex.unlock m;
      if Lwt_mutex.is_locked m then failwith "mutex")

let made n make = Array.init n (fun _ -> make ())
let promises made = Array.to_list (Array.map fst made)

let race f make n =
  repeat (n / 10_000) (fun _ ->
      let made = made 10_000 make in
      let p = f (promises made) in
      Lwt.wakeup (snd made.(5000)) 1;
      ignore (Lwt.poll p))

let join size n =
  repeat (n / size) (fun _ ->
      let made = made size Lwt.wait in
      let p = Lwt.join (promises made) in
      Array.iter (fun (_, u) -> Lwt.wakeup u ()) made;
      if Lwt.is_sleeping p then failwith "join")

let rows =
  (if Clock.main = None then [] else [ "mainLoop", 300_000, main_loop ]) @
  [ "bind", 1_000_000, bind; "wakeup", 300_000, wakeup; "chain", 300_000, chain (fun p -> Lwt.bind p (fun x -> Lwt.return (x + 1)));
    "mapChain", 300_000, chain (Lwt.map (fun x -> x + 1)); "pause", 300_000, pause;
    "mvar", 300_000, mvar; "stream", 300_000, stream; "mutex", 100_000, mutex;
    "choose", 300_000, race Lwt.choose Lwt.wait; "pick", 300_000, race Lwt.pick Lwt.task; "joinSmall", 300_000, join 10_000;
    "join", 300_000, join 100_000 ]

let best n run =
  let patience = Sys.time () +. 3. in
  repeat 3 (fun _ -> if Sys.time () < patience then run n);
  let least = ref infinity in
  repeat 6 (fun i ->
      let start = Sys.time () in
      if i < 3 || start < patience then begin
        run n;
        least := min !least (Sys.time () -. start)
      end);
  !least *. 1e9 /. float n

let sleepers n =
  let all, last = Lwt.wait () in
  let sleeping = ref n in
  let wake () = decr sleeping; if !sleeping = 0 then Lwt.wakeup last (); Lwt.return_unit in
  let start = Sys.time () in
  repeat n (fun i -> ignore (Lwt.bind (Clock.sleep (float (i * 7919 mod 1000) /. 1000.)) wake));
  let made = Sys.time () -. start in
  let start = Sys.time () in
  Clock.run all (fun () ->
      Printf.printf "{\"made\":{\"cpu\":%f},\"woken\":{\"cpu\":%f},\"peak\":%f}\n%!" (made *. 1e3)
        ((Sys.time () -. start) *. 1e3) (Clock.peak ()))

let () =
  if Array.length Sys.argv > 1 && Sys.argv.(1) = "sleepers" then sleepers 1_000_000
  else
    let row (name, n, run) = Printf.sprintf "\"%s\":{\"cpu\":%f}" name (best n run) in
    print_endline ("{" ^ String.concat "," (List.map row rows) ^ "}")
