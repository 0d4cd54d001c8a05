;; Asks for 64 MiB at once.
(module (memory 1024) (func (export "_start")))
