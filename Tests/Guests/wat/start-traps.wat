;; Fails while it is instantiated.
(module
    (func $begin (unreachable))
    (start $begin)
    (func (export "run")))
