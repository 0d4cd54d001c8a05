;; Imports an interface in a version that is not served.
(component
    (import "wasi:clocks/wall-clock@0.9.0" (instance
        (export "now" (func (result u64)))))
    (core module $m
        (func (export "run") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func $run (result (result)) (canon lift (core func $m "run")))
    (instance $run-instance (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run-instance)))
