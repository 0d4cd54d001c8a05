;; A reactor for WASI 0.1: `_initialize` first, then any export. It says so on standard output, and counts.
(module $reactor
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\0c\00\00\00")
  (data (i32.const 16) "initialized\n")
  (global $count (mut i32) (i32.const 0))
  (func (export "_initialize")
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "count") (param i32) (result i32) (i32.add (global.get $count) (local.get 0)))
  (func (export "trap") unreachable))
