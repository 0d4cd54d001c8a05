;; A program for WASI 0.1. Its exit status is the number of its arguments; of five it waits for ever.
(module $wasi1
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func $start (export "_start")
    (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (if (i32.eq (i32.load (i32.const 0)) (i32.const 4)) (then unreachable))
    (if (i32.eq (i32.load (i32.const 0)) (i32.const 5))
      (then
        ;; The monotonic clock, in 292 years.
        (i32.store (i32.const 80) (i32.const 1))
        (i64.store (i32.const 88) (i64.const 0x7FFFFFFFFFFFFFFF))
        (drop (call $poll_oneoff (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 8)))))
    (call $proc_exit (i32.load (i32.const 0)))))
