;; Runs by `_start`.
(module (func (export "_start")))
