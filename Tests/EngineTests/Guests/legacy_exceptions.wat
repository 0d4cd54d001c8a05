(module $legacy
  (tag $e (param i32))
  (tag $pair (param i32 i64))
  (func $throw (param i32) (throw $e (local.get 0)))
  ;; Thrown again from a handler, whose operands lie above the exception's own place.
  (func (export "rethrow") (param i32) (result i32) (local i32)
    try (result i32)
      try (result i32)
        local.get 0
        call $throw
        i32.const -1
      catch $e
        local.set 1
        i32.const 5
        i32.const 6
        rethrow 0
      end
    catch $e
      local.get 1
      i32.add
    end)
  ;; The operands under the block stay, and the results of body and handler end up in the same place.
  (func (export "results") (param i32) (result i32 i64) (local i64)
    i32.const 1000
    try (result i32 i64)
      local.get 0
      if
        local.get 0
        i64.const 7
        throw $pair
      end
      i32.const 1
      i64.const 2
    catch $pair
    catch_all
      i32.const 3
      i64.const 4
    end
    local.set 1
    i32.add
    local.get 1)
  ;; Handed past the handler between to the outer one.
  (func (export "delegated") (param i32) (result i32)
    try $outer (result i32)
      try (result i32)
        try (result i32)
          local.get 0
          call $throw
          i32.const -1
        delegate $outer
      catch $e
        drop
        i32.const -2
      end
    catch $e
      i32.const 100
      i32.add
    end)
  ;; Handed to the function, so to its caller.
  (func $to_caller (param i32)
    try
      try
        local.get 0
        call $throw
      delegate 1
    catch_all
    end)
  (func (export "to_caller") (param i32) (result i32)
    try (result i32)
      local.get 0
      call $to_caller
      i32.const -1
    catch $e
    end)
  ;; A branch out of a handler takes its value along, past the exception's place.
  (func (export "branch") (param i32) (result i32)
    block $out (result i32)
      try (result i32)
        local.get 0
        call $throw
        i32.const -1
      catch $e
        i32.const 1
        i32.add
        local.get 0
        br_if $out
        drop
        i32.const 50
      end
    end)
  ;; As cleanups do it: many exceptions, each thrown again once.
  (func (export "cleanups") (param i32) (result i32) (local i32)
    loop $again
      try
        try
          i32.const 1
          call $throw
        catch_all
          rethrow 0
        end
      catch $e
        local.get 1
        i32.add
        local.set 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if $again
    end
    local.get 1))
