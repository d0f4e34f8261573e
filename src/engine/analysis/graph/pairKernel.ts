// Stage 6, products of many rows with many: rows as 16-bit integers, in WebAssembly where its SIMD is there, else in JavaScript: same
// bits, slower. 16 bits keep a cosine to 0.00003, at half the memory of floats and with one instruction for eight products.
// Invariant: addresses are bytes in `buffer`, rows 16-byte aligned; nothing checks them. No sum leaves 32 bits: rows have UNIT for length.
import wat from './pairs.wat';

/** The length of a row: that of a unit vector, times this. */
export const UNIT = 32_767;
/** The product of a row with itself. */
export const ONE = UNIT * UNIT;

/** Rows with which the two of a call are compared at a time. */
export const LISTED_AT_ONCE = 4;

export interface PairKernel {
  /** Another one after `grow`. */
  readonly buffer: ArrayBuffer;
  /** Throws RangeError where there is no such memory. */
  grow(bytes: number): void;
  /** Products of rows `p` and `q` with the rows whose addresses (uint32) are listed, as int32 to `outP` and `outQ`. */
  pairs(p: number, q: number, list: number, count: number, width: number, outP: number, outQ: number): void;
}

const PAGE = 65_536;

export function createPairKernel(): PairKernel {
  try {
    return new WasmPairs(new WebAssembly.Instance(new WebAssembly.Module(wat)));
  } catch {
    return new ScalarPairs(); // no SIMD, WebAssembly forbidden, or no address space
  }
}

class WasmPairs implements PairKernel {
  private readonly memory: WebAssembly.Memory;
  readonly pairs: PairKernel['pairs'];

  constructor({ exports }: WebAssembly.Instance) {
    const { memory, pairs } = exports as unknown as Pick<PairKernel, 'pairs'> & { memory: WebAssembly.Memory };
    this.memory = memory;
    this.pairs = pairs;
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  grow(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
  }
}

export class ScalarPairs implements PairKernel {
  buffer = new ArrayBuffer();
  private int16 = new Int16Array();
  private int32 = new Int32Array();

  grow(bytes: number): void {
    if (bytes <= this.buffer.byteLength) return;
    const grown = new ArrayBuffer(Math.ceil(bytes / PAGE) * PAGE);
    new Uint8Array(grown).set(new Uint8Array(this.buffer));
    this.buffer = grown;
    this.int16 = new Int16Array(grown);
    this.int32 = new Int32Array(grown);
  }

  pairs(p: number, q: number, list: number, count: number, width: number, outP: number, outQ: number): void {
    const { int16, int32 } = this;
    for (let i = 0; i < count; i++) {
      const row = (int32[list / 4 + i] ?? 0) / 2;
      let withP = 0;
      let withQ = 0;
      for (let at = 0; at < width / 2; at++) {
        const x = int16[row + at] ?? 0;
        withP += x * (int16[p / 2 + at] ?? 0);
        withQ += x * (int16[q / 2 + at] ?? 0);
      }
      int32[outP / 4 + i] = withP;
      int32[outQ / 4 + i] = withQ;
    }
  }
}
