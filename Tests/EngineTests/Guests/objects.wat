;; Structures and arrays that live, that die, and that are reached in the less obvious ways.
(module
  (type $node (sub (struct (field $next (mut (ref null $node))) (field $value i64))))
  (type $leaf (sub $node (struct (field (mut (ref null $node))) (field i64) (field i8) (field v128) (field i16))))
  (type $bytes (array (mut i8)))
  (type $references (array (mut anyref)))
  (type $box (struct (field (mut exnref))))
  (tag $carrier (param (ref null $node)))
  (global $list (mut (ref null $node)) (ref.null none))
  (table $table 4 anyref)
  (elem $segment anyref (struct.new $node (ref.null none) (i64.const 77)) (ref.i31 (i32.const -1)))

  ;; Makes n nodes, which nothing holds.
  (func (export "garbage") (param $n i32)
    (loop $next
      (drop (struct.new $node (ref.null none) (i64.const 1)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))

  ;; Puts n nodes in front of the global list.
  (func (export "grow") (param $n i32)
    (loop $next
      (global.set $list (struct.new $node (global.get $list) (i64.extend_i32_u (local.get $n))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))

  (func (export "sum") (result i64) (local $node (ref null $node)) (local $sum i64)
    (local.set $node (global.get $list))
    (block $done
      (loop $next
        (br_on_null $done (local.get $node))
        (drop)
        (local.set $sum (i64.add (local.get $sum) (struct.get $node $value (local.get $node))))
        (local.set $node (struct.get $node $next (local.get $node)))
        (br $next)))
    (local.get $sum))

  (func (export "clear") (global.set $list (ref.null none)))

  ;; Makes n arrays of so many bytes, which nothing holds.
  (func (export "arrays") (param $n i32) (param $size i32)
    (loop $next
      (drop (array.new $bytes (i32.const 7) (local.get $size)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))

  ;; A node that only a frame holds, while others come and go.
  (func (export "held_by_frame") (result i64) (local $node (ref null $node))
    (local.set $node (struct.new $node (struct.new $node (ref.null none) (i64.const 5)) (i64.const 6)))
    (call $garbage (i32.const 1000000))
    (i64.add
      (struct.get $node $value (local.get $node))
      (struct.get $node $value (struct.get $node $next (local.get $node)))))

  ;; A node that is only in a table, through an array.
  (func (export "held_by_table") (result i64)
    (table.set $table (i32.const 1)
      (array.new_fixed $references 2 (ref.i31 (i32.const 1)) (struct.new $node (ref.null none) (i64.const 8))))
    (call $garbage (i32.const 1000000))
    (struct.get $node $value
      (ref.cast (ref $node)
        (array.get $references (ref.cast (ref $references) (table.get $table (i32.const 1))) (i32.const 1)))))

  ;; What a segment's expression makes is made once, and held by the segment.
  (func (export "held_by_segment") (result i64)
    (table.init $table $segment (i32.const 2) (i32.const 0) (i32.const 2))
    (call $garbage (i32.const 1000000))
    (table.init $table $segment (i32.const 0) (i32.const 0) (i32.const 1))
    (if (result i64)
      (ref.eq (ref.cast eqref (table.get $table (i32.const 0))) (ref.cast eqref (table.get $table (i32.const 2))))
      (then (struct.get $node $value (ref.cast (ref $node) (table.get $table (i32.const 0)))))
      (else (i64.const -1))))

  ;; A node in an exception in an object in an array.
  (func (export "held_by_exception") (result i64) (local $box (ref null $box))
    (local.set $box (struct.new_default $box))
    (struct.set $box 0 (local.get $box)
      (block $caught (result exnref)
        (try_table (catch_all_ref $caught)
          (throw $carrier (struct.new $node (ref.null none) (i64.const 9))))
        (unreachable)))
    (call $garbage (i32.const 1000000))
    (block $again (result (ref null $node))
      (try_table (catch $carrier $again) (throw_ref (struct.get $box 0 (local.get $box))))
      (unreachable))
    (struct.get $node $value))

  ;; A subtype's packed fields, read back.
  (func (export "packed") (result i64) (local $leaf (ref null $leaf)) (local $node (ref null $node))
    (local.set $leaf
      (struct.new $leaf (ref.null none) (i64.const 40) (i32.const 0x1ff) (v128.const i64x2 1 2) (i32.const 0x18000)))
    (local.set $node (local.get $leaf))
    (i64.add (struct.get $node $value (local.get $node))
      (i64.extend_i32_s
        (i32.add
          (i32.add (struct.get_s $leaf 2 (local.get $leaf)) (struct.get_u $leaf 4 (local.get $leaf)))
          (i32x4.extract_lane 2 (struct.get $leaf 3 (local.get $leaf)))))))

  (func (export "give") (result (ref $node)) (struct.new $node (ref.null none) (i64.const 12)))
  (func (export "take") (param (ref null $node)) (result i64) (struct.get $node $value (local.get 0)))
  (func (export "internalize") (param externref) (result anyref) (any.convert_extern (local.get 0)))
  (func $garbage (param $n i32)
    (loop $next
      (drop (struct.new $node (ref.null none) (i64.const -1)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
