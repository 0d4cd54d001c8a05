(module $grow
  (memory (export "memory") 1 10)
  (table $table (export "table") 1 10 externref)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow_table") (param i32) (result i32) (table.grow $table (ref.null extern) (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func $callee (param i32) (result i32) (memory.grow (local.get 0)))
  ;; Stores behind what the callee added.
  (func (export "grow_in_callee") (result i32)
    (drop (call $callee (i32.const 2)))
    (i32.store (i32.const 131072) (i32.const 77))
    (i32.load (i32.const 131072))))
