(* What bench.ml asks of the system: natively, Lwt_unix. *)

let sleep = Lwt_unix.sleep
let main = Some Lwt_main.run
let run p f = Lwt_main.run p; f ()

(* Peak memory in MB, by Linux. *)
let peak () =
  let file = open_in "/proc/self/status" in
  let rec find () =
    let line = input_line file in
    try Scanf.sscanf line "VmHWM: %f kB" (fun kB -> kB /. 1024.) with Scanf.Scan_failure _ -> find ()
  in
  find ()
