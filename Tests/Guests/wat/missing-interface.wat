;; Imports an interface that no host has.
(component
    (import "apus:nowhere/things@1.0.0" (instance
        (export "do-it" (func (param "amount" u32)))))
    (core module $m
        (func (export "run") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func $run (result (result)) (canon lift (core func $m "run")))
    (instance $run-instance (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run-instance)))
