;; A component that is no command: it exports something else.
(component
    (core module $m
        (func (export "double") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $m))
    (func $double (param "value" u32) (result u32) (canon lift (core func $m "double")))
    (instance $math (export "double" (func $double)))
    (export "apus:examples/math@1.0.0" (instance $math)))
