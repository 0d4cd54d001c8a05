;; A program: succeeds with one argument (its name), fails with two, leaves with 42 with three, traps with four, and
;; never ends with more.
(component
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:cli/exit@0.2.9" (instance $exit
    (export "exit-with-code" (func (param "status-code" u8)))))
  (core module $memory
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $place i32)
      (local.set $place
        (i32.and
          (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get 2))))
      (global.set $next (i32.add (local.get $place) (local.get 3)))
      (local.get $place)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $get-arguments
    (canon lower (func $environment "get-arguments") (memory $m) (realloc $realloc)))
  (core func $exit-with-code (canon lower (func $exit "exit-with-code")))
  (core module $program
    (import "host" "get-arguments" (func $get-arguments (param i32)))
    (import "host" "exit-with-code" (func $exit-with-code (param i32)))
    (import "memory" "memory" (memory 1))
    (func $fail unreachable)
    (func $run (export "run") (result i32)
      (local $count i32)
      (call $get-arguments (i32.const 0))
      (local.set $count (i32.load (i32.const 4)))
      (if (i32.eq (local.get $count) (i32.const 3)) (then (call $exit-with-code (i32.const 42))))
      (if (i32.eq (local.get $count) (i32.const 4)) (then (call $fail)))
      (if (i32.gt_u (local.get $count) (i32.const 4)) (then (loop $again (br $again))))
      (i32.eq (local.get $count) (i32.const 2))))
  (core instance $program (instantiate $program
    (with "host" (instance
      (export "get-arguments" (func $get-arguments))
      (export "exit-with-code" (func $exit-with-code))))
    (with "memory" (instance $memory))))
  (func $run (result (result)) (canon lift (core func $program "run")))
  (instance $run-interface (export "run" (func $run)))
  (export "wasi:cli/run@0.2.1" (instance $run-interface)))
