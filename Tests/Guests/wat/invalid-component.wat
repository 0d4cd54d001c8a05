;; Refers to a type that there is not.
(component
    (import "f" (func (type 99)))
    (core module $m
        (func (export "run") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func $run (result (result)) (canon lift (core func $m "run")))
    (instance $run-instance (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run-instance)))
