;; Exports wasi:cli/run with a function of another type.
(component
    (core module $m
        (func (export "run") (param i32) (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func $run (param "count" u32) (result u32) (canon lift (core func $m "run")))
    (instance $run-instance (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run-instance)))
