// kernel.wat in JavaScript. Invariant: the same bits (tests compare); hence Math.fround after each step, and its order of sums.
import type { Kernel } from './kernel.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside; a `?? 0` would cost a third of the time */

const { fround } = Math;

export class ScalarKernel implements Kernel {
  buffer = new ArrayBuffer(0);
  private int8 = new Int8Array();
  private int16 = new Int16Array();
  private uint32 = new Uint32Array();
  private float32 = new Float32Array();

  grow(bytes: number): void {
    if (bytes <= this.buffer.byteLength) return;
    const grown = new ArrayBuffer(Math.ceil(bytes / 16) * 16);
    new Uint8Array(grown).set(new Uint8Array(this.buffer));
    this.buffer = grown;
    this.int8 = new Int8Array(grown);
    this.int16 = new Int16Array(grown);
    this.uint32 = new Uint32Array(grown);
    this.float32 = new Float32Array(grown);
  }

  scan(query: number, row: number, width: number, stride: number, quarter: number, out: number, unit: number): void {
    for (let i = 0; i < 4 * quarter; i++)
      this.float32[out / 4 + i] = this.score(query, row + i * stride, width, fround(unit));
  }

  scanListed(query: number, list: number, width: number, quarter: number, out: number, unit: number): void {
    for (let i = 0; i < 4 * quarter; i++) {
      this.float32[out / 4 + i] = this.score(query, this.uint32[list / 4 + i]!, width, fround(unit));
    }
  }

  encode(floats: number, width: number, row: number): void {
    const { int8, float32 } = this;
    const first = floats / 4;
    let most = 0;
    for (let i = 0; i < width; i++) most = Math.max(most, Math.abs(float32[first + i]!));
    const scale = fround(most / 127);
    const factor = scale > 0 ? fround(1 / scale) : 0;
    const lost = [0, 0, 0, 0];
    for (let i = 0; i < width; i++) {
      const float = float32[first + i]!;
      const code = Math.max(-128, Math.min(127, nearest(fround(float * factor))));
      int8[row + i] = code;
      const d = fround(float - fround(code * scale));
      lost[i % 4] = fround(lost[i % 4]! + fround(d * d));
    }
    const end = (row + width) / 4;
    float32[end] = scale;
    float32[end + 1] = Math.sqrt(fround(fround(lost[0]! + lost[1]!) + fround(lost[2]! + lost[3]!)));
  }

  private score(query: number, row: number, width: number, unit: number): number {
    const { int8, int16 } = this;
    const first = query / 2;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < width; i += 4) {
      a += int8[row + i]! * int16[first + i]!;
      b += int8[row + i + 1]! * int16[first + i + 1]!;
      c += int8[row + i + 2]! * int16[first + i + 2]!;
      d += int8[row + i + 3]! * int16[first + i + 3]!;
    }
    return fround(fround(a + b + c + d) * this.float32[(row + width) / 4]!) * unit;
  }
}

/** To the nearest integer, ties to even, as f32x4.nearest. */
function nearest(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
