// Stage 4, the exact vectors behind the codes: all in memory while that fits the budget, else only those that no shard holds
// yet, and the others are read from their shards. Invariant: every row has its vector in memory or a place on disk.
// Cost: dimension x 4 bytes a row in memory, in blocks, so that nothing is copied when they grow; or 16 bytes.
import type { ShardFile } from './shardFile.ts';

/** Room for 65,000 vectors of 1,024 elements, or 170,000 of 384. */
export const DEFAULT_VECTOR_MEMORY_BYTES = 256 * 2 ** 20;

const MOST_BLOCK_ROWS = 1_024;
/** Where the disk can't hold them, that is looked at again when there are so many times as many. */
const GROWTH = 1.5;

/** Where a shard's file holds the vectors of a document, chunk by chunk. */
export interface VectorPlaces {
  readonly file: ShardFile;
  /** In bytes. */
  readonly offsets: readonly number[];
}

export class FloatRows {
  /** Undefined once there are more vectors than the budget allows. */
  private blocks: Float32Array[] | undefined = [];
  private readonly blockRows: number;
  /** Of the budget. */
  private mostBlocks: number;
  /** Without `blocks`: the vectors that no file holds yet. */
  private readonly waiting: (Float32Array | undefined)[] = [];
  private readonly fileOf: (ShardFile | undefined)[] = [];
  private readonly offsetOf: number[] = [];

  constructor(
    private readonly dimension: number,
    budgetBytes: number,
  ) {
    const rows = Math.floor(budgetBytes / (dimension * Float32Array.BYTES_PER_ELEMENT));
    this.blockRows = Math.max(1, Math.min(MOST_BLOCK_ROWS, rows));
    this.mostBlocks = Math.floor(rows / this.blockRows);
  }

  get inMemory(): boolean {
    return this.blocks !== undefined;
  }

  /** Says how many rows there will be. */
  reserve(rows: number): void {
    if (this.blocks && rows > this.mostBlocks * this.blockRows) this.moveToDisk();
  }

  /** Row `row` is the next one, or one that is there. */
  set(row: number, vector: Float32Array, file?: ShardFile, offset = 0): void {
    const block = Math.floor(row / this.blockRows);
    // Where the disk can't hold them for us, memory has to.
    if (block >= this.mostBlocks && this.blocks && !this.moveToDisk()) this.mostBlocks = Math.ceil(GROWTH * (block + 1)); // prettier-ignore
    if (this.blocks) {
      this.blocks[block] ??= new Float32Array(this.blockRows * this.dimension);
      this.view(this.blocks, row).set(vector);
    } else if (file?.open()) this.waiting[row] = undefined;
    else this.waiting[row] = vector.slice();
    this.fileOf[row] = file;
    this.offsetOf[row] = offset;
  }

  /** The row's vector is on disk now. */
  settle(row: number, file: ShardFile, offset: number): void {
    this.fileOf[row] = file;
    this.offsetOf[row] = offset;
    if (!this.blocks && file.open()) this.waiting[row] = undefined;
  }

  /** Takes a row over, as the next one; false where `from` has it on disk alone, and the disk does not give it now. */
  copy(row: number, from: FloatRows, fromRow: number): boolean {
    const file = from.fileOf[fromRow];
    const offset = from.offsetOf[fromRow];
    if (!this.blocks && file?.open()) {
      this.settle(row, file, offset ?? 0);
      return true;
    }
    const vector = from.blocks ? from.view(from.blocks, fromRow) : from.read(fromRow);
    if (vector) this.set(row, vector, file, offset);
    return vector !== undefined;
  }

  /** A copy; undefined where the disk does not give it. */
  read(row: number): Float32Array | undefined {
    if (this.blocks) return this.view(this.blocks, row).slice();
    const waiting = this.waiting[row];
    if (waiting) return waiting.slice();
    const vector = new Float32Array(this.dimension);
    return this.fileOf[row]?.read(this.offsetOf[row] ?? 0, vector) ? vector : undefined;
  }

  /** Puts the last row in place of another, or just takes it away. */
  moveLast(last: number, to: number): void {
    if (last !== to) {
      if (this.blocks) this.view(this.blocks, to).set(this.view(this.blocks, last));
      this.waiting[to] = this.waiting[last];
      this.fileOf[to] = this.fileOf[last];
      this.offsetOf[to] = this.offsetOf[last] ?? 0;
    }
    if (this.waiting.length > last) this.waiting.length = last;
    this.fileOf.length = last;
    this.offsetOf.length = last;
    if (this.blocks) this.blocks.length = Math.min(this.blocks.length, Math.ceil(last / this.blockRows));
  }

  /** Gives the memory back; false, and nothing changed, when a shard can't be opened. */
  private moveToDisk(): boolean {
    const { blocks } = this;
    if (!blocks || !this.fileOf.every((file) => file === undefined || file.open())) return false;
    this.fileOf.forEach((file, row) => {
      this.waiting[row] = file ? undefined : this.view(blocks, row).slice();
    });
    this.blocks = undefined;
    return true;
  }

  private view(blocks: readonly Float32Array[], row: number): Float32Array {
    const begin = (row % this.blockRows) * this.dimension;
    const block = blocks[Math.floor(row / this.blockRows)];
    return block?.subarray(begin, begin + this.dimension) ?? new Float32Array();
  }
}
