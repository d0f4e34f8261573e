// Rows of vectors as 8-bit codes in one block of memory, to be scanned at the speed of that memory. A row is v = scale x codes +
// what rounding lost, and the length of what it lost stands beside it: so every score comes with a bound on its error, and
// whoever compares the best of them in float32 has the exact answer. Invariant: the same vector gives the same bits.
// Cost: dimension + 16 bytes a row (dimension padded to 32); a scan of 100,000 x 1,024 reads 104 MB.
import { EngineError } from '../errors.ts';
import type { Scores } from '../model.ts';
import { createKernel, type Kernel } from './kernel.ts';

/** Elements that a turn of the kernel takes. */
const TURN = 32;
/** Scale, length of the loss, padding. */
const ROW_END = 16;
/** Rows scored at a time: their scores stay in the processor's nearest cache until they are copied out. */
const BLOCK = 4_096;
const GROWTH = 1.5;
const MIN_ROWS = 256;
const MAX_INT16 = 32_767;
const MAX_INT32 = 2 ** 31 - 1;

export class CodeMatrix {
  private readonly width: number;
  private readonly stride: number;
  private readonly at: {
    readonly query: number;
    readonly floats: number;
    readonly list: number;
    readonly out: number;
    readonly rows: number;
  };
  private capacity = 0;
  private floats = new Float32Array();
  private codes = new Int8Array();
  /** The largest length of a loss that a row ever had. */
  private maxLoss = 0;
  private kernelMade: Kernel | undefined;

  constructor(
    readonly dimension: number,
    private readonly makeKernel: () => Kernel = createKernel,
  ) {
    this.width = Math.ceil(dimension / TURN) * TURN;
    this.stride = this.width + ROW_END;
    const floats = 2 * this.width;
    const list = floats + 4 * this.width;
    const out = list + 4 * BLOCK;
    this.at = { query: 0, floats, list, out, rows: out + 4 * BLOCK };
  }

  get bytes(): number {
    return this.capacity * this.stride;
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    if (rows <= this.capacity) return;
    this.kernel.grow(this.at.rows + (rows + 3) * this.stride); // the kernel takes four at a time
    this.floats = new Float32Array(this.kernel.buffer);
    this.codes = new Int8Array(this.kernel.buffer);
    this.capacity = rows;
  }

  set(row: number, vector: Float32Array): void {
    this.makeRoomFor(row);
    this.floats.set(vector, this.at.floats / 4); // the padding behind it stays zero
    const address = this.addressOf(row);
    this.kernel.encode(this.at.floats, this.width, address);
    this.maxLoss = Math.max(this.maxLoss, this.lossOf(row));
  }

  /** Takes a row over from a matrix of the same dimension. */
  copy(row: number, from: CodeMatrix, fromRow: number): void {
    this.makeRoomFor(row);
    const begin = from.addressOf(fromRow);
    this.codes.set(from.codes.subarray(begin, begin + this.stride), this.addressOf(row));
    this.maxLoss = Math.max(this.maxLoss, this.lossOf(row));
  }

  /** Copies a row over another. */
  move(from: number, to: number): void {
    const begin = this.addressOf(from);
    this.codes.copyWithin(this.addressOf(to), begin, begin + this.stride);
  }

  /** The row as its codes tell it. */
  decode(row: number): Float32Array {
    const begin = this.addressOf(row);
    const scale = this.scaleOf(row);
    const decoded = new Float32Array(this.codes.subarray(begin, begin + this.dimension));
    for (let i = 0; i < decoded.length; i++) decoded[i]! *= scale; // eslint-disable-line @typescript-eslint/no-non-null-assertion -- inside
    return decoded;
  }

  /** Whether a row was made of this vector. */
  holds(row: number, vector: Float32Array): boolean {
    const begin = this.addressOf(row);
    const scale = this.scaleOf(row);
    const loss = this.lossOf(row);
    let lost = 0;
    for (let i = 0; i < this.dimension; i++) {
      const difference = (vector[i] ?? 0) - (this.codes[begin + i] ?? 0) * scale;
      lost += difference * difference;
    }
    return Math.abs(Math.sqrt(lost) - loss) <= 1e-4 * loss + 1e-7; // NaN is no match
  }

  /** Scores of the first `count` rows. Throws `internal` for a query of another length. */
  scan(query: Float32Array, count: number): Scores {
    const { at, width, stride } = this;
    return this.scored(query, count, (begin, quarter, unit) => {
      this.kernel.scan(at.query, this.addressOf(begin), width, stride, quarter, at.out, unit);
    });
  }

  /** Scores of the listed rows, in the list's order. */
  scanListed(query: Float32Array, rows: Uint32Array): Scores {
    const { at, width } = this;
    return this.scored(query, rows.length, (begin, quarter, unit) => {
      const list = new Uint32Array(this.kernel.buffer, at.list, 4 * quarter);
      for (let i = 0; i < list.length; i++) list[i] = this.addressOf(rows[begin + i] ?? 0); // past the end: any row
      this.kernel.scanListed(at.query, at.list, width, quarter, at.out, unit);
    });
  }

  private makeRoomFor(row: number): void {
    if (row >= this.capacity) this.reserve(Math.max(MIN_ROWS, row + 1, Math.ceil(this.capacity * GROWTH)));
  }

  private scored(
    query: Float32Array,
    count: number,
    scoreBlock: (begin: number, quarter: number, unit: number) => void,
  ): Scores {
    if (query.length !== this.dimension) {
      throw new EngineError('internal', { reason: `query of ${query.length} for rows of ${this.dimension}` });
    }
    const scores = new Float32Array(count);
    if (count === 0) return { scores, marginOf: () => 0, maxMargin: 0 };
    const { unit, length, loss } = this.putQuery(query);
    for (let begin = 0; begin < count; begin += BLOCK) {
      const rows = Math.min(BLOCK, count - begin);
      scoreBlock(begin, Math.ceil(rows / 4), unit);
      scores.set(this.floats.subarray(this.at.out / 4, this.at.out / 4 + rows), begin);
    }
    // |v.q - v'.q'| <= |v - v'| |q| + |v'| |q - q'|; then the roundings of float32 (rows have length 1 for each of few parts).
    const margin = (lost: number): number => 1.0001 * (lost * length + (2 + lost) * loss) + 4e-7 * length;
    return { scores, marginOf: (row) => margin(this.lossOf(row)), maxMargin: margin(this.maxLoss) };
  }

  /** Writes the query as 16-bit integers such that no sum of products leaves 32 bits; `unit` turns a sum back. */
  private putQuery(query: Float32Array): { readonly unit: number; readonly length: number; readonly loss: number } {
    let most = 0;
    let squares = 0;
    for (const x of query) {
      most = Math.max(most, Math.abs(x));
      squares += x * x;
    }
    const length = Math.sqrt(squares);
    // Cauchy-Schwarz: the integers' length times that of a row's codes bounds every partial sum.
    const unit = Math.max(most / MAX_INT16, (length * 127 * Math.sqrt(this.width) * 1.01) / MAX_INT32);
    const integers = new Int16Array(this.kernel.buffer, this.at.query, this.width);
    let lost = 0;
    for (let i = 0; i < this.dimension; i++) {
      const x = query[i] ?? 0;
      const integer = unit > 0 ? Math.round(x / unit) : 0;
      integers[i] = integer;
      lost += (x - integer * unit) ** 2;
    }
    return { unit, length, loss: Math.sqrt(lost) };
  }

  private get kernel(): Kernel {
    return (this.kernelMade ??= this.makeKernel());
  }

  private addressOf(row: number): number {
    return this.at.rows + row * this.stride;
  }

  private scaleOf(row: number): number {
    return this.floats[(this.addressOf(row) + this.width) / 4] ?? 0;
  }

  private lossOf(row: number): number {
    return this.floats[(this.addressOf(row) + this.width) / 4 + 1] ?? 0;
  }
}
