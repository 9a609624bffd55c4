(* What bench.ml asks of the system: through js_of_ocaml, the timers of JavaScript. *)

let sleep = Js_of_ocaml_lwt.Lwt_js.sleep
(* There is none that could be waited for. *)
let main = None
let run p f = Lwt.on_success p f
let peak () = Js_of_ocaml.Js.Unsafe.js_expr "process.resourceUsage().maxRSS / 1024"
