(component
  (core module $m (func (export "f") (param i32) (result i32) i32.const 0))
  (core instance $m (instantiate $m))
  (func $f (param "count" u32) (result u32) (canon lift (core func $m "f")))
  (instance $run (export "run" (func $f)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
