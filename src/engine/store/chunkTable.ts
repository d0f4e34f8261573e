// Stage 4, all vectors of a space in memory. Invariant: rows are dense (a removed row is filled with the last one), every
// document's rows are known in chunk order, and a hash leads to a row for as long as a row with it lives.
// Cost: dimension x 4 bytes a row, up to half as much again of spare room.
import type { StoredChunk, VectorTable } from '../model.ts';

const MIN_CAPACITY_ROWS = 256;
const GROWTH = 1.5;

export class ChunkTable implements VectorTable {
  vectors = new Float32Array();
  readonly chunks: StoredChunk[] = [];
  revision = 0;

  /** Row -> position of the chunk in its document. */
  private readonly ordinals: number[] = [];
  private readonly rowsByPath = new Map<string, number[]>();
  /** Several rows may hold the same text. */
  private readonly rowsByHash = new Map<string, number[]>();

  constructor(readonly dimension: number) {}

  get count(): number {
    return this.chunks.length;
  }

  rowsOf(path: string): readonly number[] {
    return this.rowsByPath.get(path) ?? [];
  }

  hasHash(hash: string): boolean {
    return this.rowsByHash.has(hash);
  }

  /** A copy, since rows move. */
  vectorOfHash(hash: string): Float32Array | undefined {
    const row = this.rowsByHash.get(hash)?.[0];
    return row === undefined ? undefined : this.copyRow(row);
  }

  copyRow(row: number): Float32Array {
    return this.vectors.slice(row * this.dimension, (row + 1) * this.dimension);
  }

  /** A document's vectors one after the other, copied. */
  copyRowsOf(path: string): Float32Array {
    const rows = this.rowsOf(path);
    const copy = new Float32Array(rows.length * this.dimension);
    rows.forEach((row, i) => copy.set(this.rowView(row), i * this.dimension));
    return copy;
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    if (rows * this.dimension <= this.vectors.length) return;
    const grown = new Float32Array(rows * this.dimension);
    grown.set(this.vectors.subarray(0, this.count * this.dimension));
    this.vectors = grown;
  }

  /** Adds the chunks of a document that has no rows. */
  add(path: string, chunks: readonly StoredChunk[], vectors: Float32Array): void {
    this.revision++;
    const first = this.count;
    const wanted = first + chunks.length;
    if (wanted * this.dimension > this.vectors.length) {
      this.reserve(Math.max(MIN_CAPACITY_ROWS, wanted, Math.ceil(first * GROWTH)));
    }
    this.vectors.set(vectors, first * this.dimension);
    chunks.forEach((chunk, ordinal) => {
      this.chunks.push(chunk);
      this.ordinals.push(ordinal);
      const twins = this.rowsByHash.get(chunk.hash);
      if (twins) twins.push(first + ordinal);
      else this.rowsByHash.set(chunk.hash, [first + ordinal]);
    });
    if (chunks.length > 0) {
      this.rowsByPath.set(
        path,
        chunks.map((_, ordinal) => first + ordinal),
      );
    }
  }

  remove(path: string): void {
    this.revision++;
    const rows = this.rowsByPath.get(path) ?? [];
    this.rowsByPath.delete(path);
    // From the highest row down: the row that fills a hole is then never one that is still to be removed.
    for (const row of [...rows].sort((a, b) => b - a)) this.removeRow(row);
  }

  clear(): void {
    this.revision++;
    this.vectors = new Float32Array();
    this.chunks.length = 0;
    this.ordinals.length = 0;
    this.rowsByPath.clear();
    this.rowsByHash.clear();
  }

  private rowView(row: number): Float32Array {
    return this.vectors.subarray(row * this.dimension, (row + 1) * this.dimension);
  }

  private removeRow(row: number): void {
    const last = this.count - 1;
    const gone = this.chunks[row];
    const moved = this.chunks[last];
    const ordinal = this.ordinals[last];
    if (!gone || !moved || ordinal === undefined) throw new RangeError(`no row ${row}`);
    this.dropRowOfHash(gone.hash, row);
    this.chunks.pop();
    this.ordinals.pop();
    if (row === last) return;
    this.vectors.copyWithin(row * this.dimension, last * this.dimension, (last + 1) * this.dimension);
    this.chunks[row] = moved;
    this.ordinals[row] = ordinal;
    replaceOne(this.rowsByHash.get(moved.hash), last, row);
    const rows = this.rowsByPath.get(moved.path);
    if (rows) rows[ordinal] = row;
  }

  private dropRowOfHash(hash: string, row: number): void {
    const rows = this.rowsByHash.get(hash) ?? [];
    if (rows.length <= 1) this.rowsByHash.delete(hash);
    else rows.splice(rows.indexOf(row), 1);
  }
}

function replaceOne(rows: number[] | undefined, from: number, to: number): void {
  if (rows) rows[rows.indexOf(from)] = to;
}
