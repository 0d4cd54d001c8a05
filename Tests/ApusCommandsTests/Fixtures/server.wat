;; Exports what an HTTP server calls.
(component
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (instance $handler (export "handle" (func $f)))
  (export "wasi:http/incoming-handler@0.2.0" (instance $handler)))
