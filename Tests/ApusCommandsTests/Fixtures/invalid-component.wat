;; The module within is invalid.
(component
  (core module $fine (func))
  (core module $broken (func $bad (result i32) i64.const 2)))
