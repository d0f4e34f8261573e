;; The inner loops of codeMatrix.ts, which says what a row is and how the memory is laid out; scalarKernel.ts is the same in
;; plain JavaScript, bit by bit. Built by scripts/watPlugin.mjs. SIMD of WebAssembly 2.0, nothing relaxed.
(module
  (memory (export "memory") 1 65536)

  ;; Sum of the four lanes.
  (func $sum (param $v v128) (result i32)
    (local.set $v (i32x4.add (local.get $v)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
    (i32.add (i32x4.extract_lane 0 (local.get $v)) (i32x4.extract_lane 1 (local.get $v))))

  ;; Score of a sum of products: times the row's scale, which stands at its end, and the query's.
  (func $score (param $sum v128) (param $end i32) (param $unit f32) (result f32)
    (f32.mul
      (f32.mul (f32.convert_i32_s (call $sum (local.get $sum))) (f32.load (local.get $end)))
      (local.get $unit)))

  ;; Scores of four rows, stored `gap` bytes apart. Four streams at once: memory answers them side by side, which measured
  ;; half as long as row after row, and less than reading alone in one stream.
  (func $four
    (param $query i32) (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $width i32)
    (param $out i32) (param $gap i32) (param $unit f32)
    (local $end i32) (local $low v128) (local $high v128)
    (local $p v128) (local $q v128) (local $r v128) (local $s v128)
    (local.set $end (i32.add (local.get $a) (local.get $width)))
    (loop $turn
      (local.set $low (v128.load (local.get $query)))
      (local.set $high (v128.load offset=16 (local.get $query)))
      (local.set $p (i32x4.add (local.get $p) (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $a)) (local.get $low))))
      (local.set $p (i32x4.add (local.get $p) (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $a)) (local.get $high))))
      (local.set $q (i32x4.add (local.get $q) (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $b)) (local.get $low))))
      (local.set $q (i32x4.add (local.get $q) (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $b)) (local.get $high))))
      (local.set $r (i32x4.add (local.get $r) (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $c)) (local.get $low))))
      (local.set $r (i32x4.add (local.get $r) (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $c)) (local.get $high))))
      (local.set $s (i32x4.add (local.get $s) (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $d)) (local.get $low))))
      (local.set $s (i32x4.add (local.get $s) (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $d)) (local.get $high))))
      (local.set $query (i32.add (local.get $query) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (local.set $c (i32.add (local.get $c) (i32.const 16)))
      (local.set $d (i32.add (local.get $d) (i32.const 16)))
      (br_if $turn (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 16))) (local.get $end))))
    (f32.store (local.get $out) (call $score (local.get $p) (local.get $a) (local.get $unit)))
    (f32.store (local.tee $out (i32.add (local.get $out) (local.get $gap))) (call $score (local.get $q) (local.get $b) (local.get $unit)))
    (f32.store (local.tee $out (i32.add (local.get $out) (local.get $gap))) (call $score (local.get $r) (local.get $c) (local.get $unit)))
    (f32.store (i32.add (local.get $out) (local.get $gap)) (call $score (local.get $s) (local.get $d) (local.get $unit))))

  ;; Scores of 4 x `quarter` rows that lie one after the other.
  (func (export "scan")
    (param $query i32) (param $row i32) (param $width i32) (param $stride i32) (param $quarter i32) (param $out i32)
    (param $unit f32)
    (local $step i32) (local $gap i32) (local $end i32)
    (local.set $step (i32.mul (local.get $stride) (local.get $quarter)))
    (local.set $gap (i32.shl (local.get $quarter) (i32.const 2)))
    (local.set $end (i32.add (local.get $out) (local.get $gap)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
      (call $four (local.get $query)
        (local.get $row)
        (i32.add (local.get $row) (local.get $step))
        (i32.add (local.get $row) (i32.shl (local.get $step) (i32.const 1)))
        (i32.add (local.get $row) (i32.mul (local.get $step) (i32.const 3)))
        (local.get $width) (local.get $out) (local.get $gap) (local.get $unit))
      (local.set $row (i32.add (local.get $row) (local.get $stride)))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br $next))))

  ;; Scores of the 4 x `quarter` rows whose addresses are listed.
  (func (export "scanListed")
    (param $query i32) (param $list i32) (param $width i32) (param $quarter i32) (param $out i32) (param $unit f32)
    (local $gap i32) (local $end i32)
    (local.set $gap (i32.shl (local.get $quarter) (i32.const 2)))
    (local.set $end (i32.add (local.get $out) (local.get $gap)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
      (call $four (local.get $query)
        (i32.load (local.get $list))
        (i32.load (i32.add (local.get $list) (local.get $gap)))
        (i32.load (i32.add (local.get $list) (i32.shl (local.get $gap) (i32.const 1))))
        (i32.load (i32.add (local.get $list) (i32.mul (local.get $gap) (i32.const 3))))
        (local.get $width) (local.get $out) (local.get $gap) (local.get $unit))
      (local.set $list (i32.add (local.get $list) (i32.const 4)))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br $next))))

  ;; Floats -> a row: codes of 8 bits, then the scale (largest absolute value / 127) and the length of what rounding lost.
  (func (export "encode") (param $floats i32) (param $width i32) (param $row i32)
    (local $at i32) (local $end i32) (local $codes i32) (local $scale f32)
    (local $most v128) (local $factor v128) (local $scales v128) (local $d v128) (local $sum v128)
    (local.set $end (i32.add (local.get $floats) (i32.shl (local.get $width) (i32.const 2))))
    (local.set $at (local.get $floats))
    (loop $turn
      (local.set $most (f32x4.max (local.get $most) (f32x4.abs (v128.load (local.get $at)))))
      (br_if $turn (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.set $scale (f32.div
      (f32.max
        (f32.max (f32x4.extract_lane 0 (local.get $most)) (f32x4.extract_lane 1 (local.get $most)))
        (f32.max (f32x4.extract_lane 2 (local.get $most)) (f32x4.extract_lane 3 (local.get $most))))
      (f32.const 127)))
    (local.set $scales (f32x4.splat (local.get $scale)))
    (if (f32.gt (local.get $scale) (f32.const 0))
      (then (local.set $factor (f32x4.splat (f32.div (f32.const 1) (local.get $scale))))))
    ;; To the nearest, ties to even, 16 at a time.
    (local.set $at (local.get $floats))
    (local.set $codes (local.get $row))
    (loop $turn
      (v128.store (local.get $codes) (i8x16.narrow_i16x8_s
        (i16x8.narrow_i32x4_s
          (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load (local.get $at)) (local.get $factor))))
          (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load offset=16 (local.get $at)) (local.get $factor)))))
        (i16x8.narrow_i32x4_s
          (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load offset=32 (local.get $at)) (local.get $factor))))
          (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load offset=48 (local.get $at)) (local.get $factor)))))))
      (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
      (br_if $turn (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 64))) (local.get $end))))
    ;; Squares of what that lost, four at a time.
    (local.set $at (local.get $floats))
    (local.set $codes (local.get $row))
    (loop $turn
      (local.set $d (f32x4.sub (v128.load (local.get $at)) (f32x4.mul (local.get $scales) (f32x4.convert_i32x4_s
        (i32x4.extend_low_i16x8_s (i16x8.extend_low_i8x16_s (v128.load32_zero (local.get $codes))))))))
      (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul (local.get $d) (local.get $d))))
      (local.set $codes (i32.add (local.get $codes) (i32.const 4)))
      (br_if $turn (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (f32.store (local.get $codes) (local.get $scale))
    (f32.store offset=4 (local.get $codes) (f32.sqrt (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
      (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum))))))))
