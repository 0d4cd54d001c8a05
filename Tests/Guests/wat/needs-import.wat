;; A core module that cannot be instantiated by itself.
(module
    (import "env" "log_number" (func $log (param i32 i64) (result f32)))
    (func (export "run") (drop (call $log (i32.const 1) (i64.const 2)))))
