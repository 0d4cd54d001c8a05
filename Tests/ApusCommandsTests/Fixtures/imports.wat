(module
  (import "env" "print" (func (param i32)))
  (import "env" "memory" (memory 1))
  (import "env" "ta\1bble" (table 1 funcref))
  (import "env" "global" (global (mut i64)))
  (func (export "_start")))
