;; Exports something, and no wasi:cli/run.
(component
  (core module $m (func (export "f") (result i32) i32.const 7))
  (core instance $m (instantiate $m))
  (func (export "lucky-number") (result u32) (canon lift (core func $m "f"))))
