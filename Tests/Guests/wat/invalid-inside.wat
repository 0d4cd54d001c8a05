;; A component whose core module is not valid.
(component
    (core module $m
        (func $broken (export "run") (result i32) (local.get 7)))
    (core instance $m (instantiate $m))
    (func $run (result (result)) (canon lift (core func $m "run")))
    (instance $run-instance (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run-instance)))
