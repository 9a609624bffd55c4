(* before: Ctypes *)
module Ctypes = struct
  type _ typ = Typ : string -> 'a typ
  type _ fn =
    | Returns : 'a typ -> 'a fn
    | Function : 'a typ * 'b fn -> ('a -> 'b) fn
  let string : string typ = Typ "char*"
  let int : int typ = Typ "int"
  let ( @-> ) a b = Function (a, b)
  let returning a = Returns a
end

module Foreign = struct
  let rec dummy : type a. a Ctypes.fn -> a = function
    | Ctypes.Returns _ -> failwith "no C here"
    | Ctypes.Function (_, rest) -> fun _ -> dummy rest
  let foreign (_ : string) typ = dummy typ
end
