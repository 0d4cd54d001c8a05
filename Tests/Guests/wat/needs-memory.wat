;; A core module that imports what is not a function.
(module
    (import "host" "shared memory" (memory 1 2))
    (func (export "run")))
