// The inner loops over rows of 8-bit codes, in WebAssembly where its SIMD is there, else in JavaScript: same bits, ten times
// slower. Invariant: addresses are bytes in `buffer`, 16-byte aligned rows; nothing checks them.
import wat from './kernel.wat';
import { ScalarKernel } from './scalarKernel.ts';

export interface Kernel {
  /** Another one after `grow`. */
  readonly buffer: ArrayBuffer;
  /** Makes the buffer at least this long; what it holds stays. Throws RangeError where there is no such memory. */
  grow(bytes: number): void;
  /** Scores of 4 x `quarter` rows, `stride` bytes apart, as float32 to `out`: product with the query (int16) x the row's scale x `unit`. */
  scan(query: number, row: number, width: number, stride: number, quarter: number, out: number, unit: number): void;
  /** The same for rows whose addresses (uint32) are listed. */
  scanListed(query: number, list: number, width: number, quarter: number, out: number, unit: number): void;
  /** `width` floats -> a row: int8 codes, float32 scale, float32 length of what rounding lost. */
  encode(floats: number, width: number, row: number): void;
}

type Loops = Pick<Kernel, 'scan' | 'scanListed' | 'encode'>;

const PAGE = 65_536;

let compiled: WebAssembly.Module | undefined;

/** The fastest kernel that this machine has. */
export function createKernel(): Kernel {
  try {
    compiled ??= new WebAssembly.Module(wat);
    return new WasmKernel(new WebAssembly.Instance(compiled));
  } catch {
    // No SIMD (then the module does not compile), WebAssembly forbidden, or no address space for one more memory.
    return new ScalarKernel();
  }
}

class WasmKernel implements Kernel {
  private readonly memory: WebAssembly.Memory;
  readonly scan: Loops['scan'];
  readonly scanListed: Loops['scanListed'];
  readonly encode: Loops['encode'];

  constructor({ exports }: WebAssembly.Instance) {
    const { memory, scan, scanListed, encode } = exports as unknown as Loops & { memory: WebAssembly.Memory };
    this.memory = memory;
    this.scan = scan;
    this.scanListed = scanListed;
    this.encode = encode;
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  grow(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
  }
}
