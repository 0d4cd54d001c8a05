;; `$bad` adds an i64 to an i32.
(module
  (func $good)
  (func $bad (result i32) i32.const 1 i64.const 2 i32.add))
