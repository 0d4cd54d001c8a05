;; Not valid: the body leaves an i64 where the type says i32.
(module
    (func (export "fine") (result i32) (i32.const 1))
    (func $broken (export "broken") (result i32) (i64.const 1)))
