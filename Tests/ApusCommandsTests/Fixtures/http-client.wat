(component
  (import "wasi:http/types@0.2.0" (instance (export "http-error-code" (func (result u32)))))
  (core module $m (func (export "f") (result i32) i32.const 0)) (core instance $m (instantiate $m)) (func $f (result (result)) (canon lift (core func $m "f"))) (instance $run (export "run" (func $f))) (export "wasi:cli/run@0.2.0" (instance $run)))
