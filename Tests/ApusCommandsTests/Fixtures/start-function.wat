;; All that it does is in its start function.
(module (func $start) (start $start))
