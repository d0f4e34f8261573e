// Stage 4, the exact vectors behind the codes: all in memory while that fits the budget, else only those that no shard holds
// yet, and the others are read from their shards. Invariant: every row has its vector in memory or a place on disk.
// Cost: dimension x 4 bytes a row in memory (up to half as much again of spare room), or 16 bytes.
import type { ShardFile } from './shardFile.ts';

/** Room for 65,000 vectors of 1,024 elements, or 170,000 of 384. */
export const DEFAULT_VECTOR_MEMORY_BYTES = 256 * 2 ** 20;

const MIN_CAPACITY_ROWS = 256;
const GROWTH = 1.5;

/** Where a shard's file holds the vectors of a document, chunk by chunk. */
export interface VectorPlaces {
  readonly file: ShardFile;
  /** In bytes. */
  readonly offsets: readonly number[];
}

export class FloatRows {
  /** Undefined once there are more vectors than the budget allows. */
  private memory: Float32Array | undefined = new Float32Array();
  /** Without `memory`: the vectors that no file holds yet. */
  private readonly waiting: (Float32Array | undefined)[] = [];
  private readonly fileOf: (ShardFile | undefined)[] = [];
  private readonly offsetOf: number[] = [];

  constructor(
    private readonly dimension: number,
    private readonly budgetBytes: number,
  ) {}

  get inMemory(): boolean {
    return this.memory !== undefined;
  }

  /** Says how many rows there will be. */
  reserve(rows: number): void {
    if (!this.memory || rows * this.dimension <= this.memory.length) return;
    const isOver = rows * this.dimension * Float32Array.BYTES_PER_ELEMENT > this.budgetBytes;
    if (isOver && this.moveToDisk()) return;
    // Where the disk can't hold them for us, memory has to: by steps, or each row would copy all before it.
    const length = isOver
      ? Math.max(rows * this.dimension, Math.ceil(this.memory.length * GROWTH))
      : rows * this.dimension;
    const grown = new Float32Array(length);
    grown.set(this.memory);
    this.memory = grown;
  }

  /** Row `row` is the next one, or one that is there. */
  set(row: number, vector: Float32Array, file?: ShardFile, offset = 0): void {
    const wanted = (row + 1) * this.dimension;
    if (this.memory && wanted > this.memory.length) {
      const roomy = Math.max(MIN_CAPACITY_ROWS, row + 1, Math.ceil(row * GROWTH));
      const most = Math.floor(this.budgetBytes / (this.dimension * Float32Array.BYTES_PER_ELEMENT));
      this.reserve(Math.max(row + 1, Math.min(roomy, most)));
    }
    if (this.memory) this.memory.set(vector, row * this.dimension);
    else if (file?.open()) this.waiting[row] = undefined;
    else this.waiting[row] = vector.slice();
    this.fileOf[row] = file;
    this.offsetOf[row] = offset;
  }

  /** The row's vector is on disk now. */
  settle(row: number, file: ShardFile, offset: number): void {
    this.fileOf[row] = file;
    this.offsetOf[row] = offset;
    if (!this.memory && file.open()) this.waiting[row] = undefined;
  }

  /** A copy; undefined where the disk does not give it. */
  read(row: number): Float32Array | undefined {
    if (this.memory) return this.memory.slice(row * this.dimension, (row + 1) * this.dimension);
    const waiting = this.waiting[row];
    if (waiting) return waiting.slice();
    const vector = new Float32Array(this.dimension);
    return this.fileOf[row]?.read(this.offsetOf[row] ?? 0, vector) ? vector : undefined;
  }

  /** Puts the last row in place of another, or just takes it away. */
  moveLast(last: number, to: number): void {
    if (last !== to) {
      this.memory?.copyWithin(to * this.dimension, last * this.dimension, (last + 1) * this.dimension);
      this.waiting[to] = this.waiting[last];
      this.fileOf[to] = this.fileOf[last];
      this.offsetOf[to] = this.offsetOf[last] ?? 0;
    }
    if (this.waiting.length > last) this.waiting.length = last;
    this.fileOf.length = last;
    this.offsetOf.length = last;
  }

  /** Gives the memory back; false, and nothing changed, when a shard can't be opened. */
  private moveToDisk(): boolean {
    const { memory, dimension } = this;
    if (!memory || !this.fileOf.every((file) => file === undefined || file.open())) return false;
    this.fileOf.forEach((file, row) => {
      this.waiting[row] = file ? undefined : memory.slice(row * dimension, (row + 1) * dimension);
    });
    this.memory = undefined;
    return true;
  }
}
