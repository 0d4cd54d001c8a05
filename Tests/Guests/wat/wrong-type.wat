;; Imports a function of another type than the interface gives it.
(component
    (import "wasi:cli/environment@0.2.0" (instance
        (export "get-arguments" (func (result (list u32))))))
    (core module $m
        (func (export "run") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func $run (result (result)) (canon lift (core func $m "run")))
    (instance $run-instance (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run-instance)))
