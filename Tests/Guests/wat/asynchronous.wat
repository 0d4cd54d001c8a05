;; Makes a stream, which belongs to the asynchronous part of the component model.
(component
    (type $stream (stream u8))
    (core func $new (canon stream.new $stream))
    (core module $m
        (import "" "new" (func $new (result i64)))
        (func (export "run") (result i32)
            (drop (call $new))
            (i32.const 0)))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func $run (result (result)) (canon lift (core func $m "run")))
    (instance $run-instance (export "run" (func $run)))
    (export "wasi:cli/run@0.2.0" (instance $run-instance)))
