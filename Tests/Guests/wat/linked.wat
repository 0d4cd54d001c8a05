;; A program that needs two libraries. It ends with 22.
(module $linked
  (import "math" "add" (func $add (param i32 i32) (result i32)))
  (import "math" "answer" (global $answer (mut i32)))
  (import "more" "twice" (func $twice (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\08\00\00\00")
  (data (i32.const 16) "program\n")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $proc_exit
      (i32.add (call $twice (i32.const 10)) (call $add (global.get $answer) (i32.const -40))))))
