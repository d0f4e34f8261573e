// Stage 4, a space's chunks and vectors, row by row: codes to scan, exact vectors behind them. Invariant: rows are dense (a
// removed row is filled with the last one), every document's rows are known in chunk order, and a hash leads to a row for as
// long as a row with it lives. Cost: see codeMatrix.ts and floatRows.ts.
import { CodeMatrix } from '../matrix/codeMatrix.ts';
import type { Scores, StoredChunk, VectorTable } from '../model.ts';
import { DEFAULT_VECTOR_MEMORY_BYTES, FloatRows, type VectorPlaces } from './floatRows.ts';

export class ChunkTable implements VectorTable {
  readonly chunks: StoredChunk[] = [];
  revision = 0;

  private codes: CodeMatrix;
  private floats: FloatRows;
  /** Row -> position of the chunk in its document. */
  private readonly ordinals: number[] = [];
  private readonly rowsByPath = new Map<string, number[]>();
  /** Several rows may hold the same text. */
  private readonly rowsByHash = new Map<string, number[]>();

  constructor(
    readonly dimension: number,
    private readonly vectorMemoryBytes = DEFAULT_VECTOR_MEMORY_BYTES,
  ) {
    this.codes = new CodeMatrix(dimension);
    this.floats = new FloatRows(dimension, vectorMemoryBytes);
  }

  get count(): number {
    return this.chunks.length;
  }

  scan(query: Float32Array, rows?: Uint32Array): Scores {
    return rows ? this.codes.scanListed(query, rows) : this.codes.scan(query, this.count);
  }

  row(row: number): Float32Array {
    return this.exactRow(row) ?? this.codes.decode(row);
  }

  roughRow(row: number): Float32Array {
    return this.codes.decode(row);
  }

  /** A copy of the row's vector; undefined where the disk does not give what was stored. */
  exactRow(row: number): Float32Array | undefined {
    const vector = this.floats.read(row);
    return vector && (this.floats.inMemory || this.codes.holds(row, vector)) ? vector : undefined;
  }

  rowsOf(path: string): readonly number[] {
    return this.rowsByPath.get(path) ?? [];
  }

  hasHash(hash: string): boolean {
    return this.rowsByHash.has(hash);
  }

  chunkOfHash(hash: string): StoredChunk | undefined {
    const row = this.rowsByHash.get(hash)?.[0];
    return row === undefined ? undefined : this.chunks[row];
  }

  /** A copy, since rows move. */
  vectorOfHash(hash: string): Float32Array | undefined {
    const row = this.rowsByHash.get(hash)?.[0];
    return row === undefined ? undefined : this.exactRow(row);
  }

  /** A document's vectors one after the other, copied; undefined where the disk does not give them. */
  copyRowsOf(path: string): Float32Array | undefined {
    const rows = this.rowsOf(path);
    const copy = new Float32Array(rows.length * this.dimension);
    for (const [i, row] of rows.entries()) {
      const vector = this.exactRow(row);
      if (!vector) return undefined;
      copy.set(vector, i * this.dimension);
    }
    return copy;
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    this.codes.reserve(rows);
    this.floats.reserve(rows);
  }

  /** Adds the chunks of a document, in place of those that it has; `places`: where a shard holds their vectors. */
  add(path: string, chunks: readonly StoredChunk[], vectors: Float32Array, places?: VectorPlaces): void {
    this.append(path, chunks, (row, ordinal) => {
      const vector = vectors.subarray(ordinal * this.dimension, (ordinal + 1) * this.dimension);
      this.codes.set(row, vector);
      this.floats.set(row, vector, places?.file, places?.offsets[ordinal]);
    });
  }

  /** A shard holds a document's vectors now. */
  settle(path: string, { file, offsets }: VectorPlaces): void {
    this.rowsOf(path).forEach((row, ordinal) => this.floats.settle(row, file, offsets[ordinal] ?? 0));
  }

  remove(path: string): void {
    this.revision++;
    const rows = this.rowsByPath.get(path) ?? [];
    this.rowsByPath.delete(path);
    // From the highest row down: the row that fills a hole is then never one that is still to be removed.
    for (const row of [...rows].sort((a, b) => b - a)) this.removeRow(row);
  }

  /** Takes over the rows of another table, in place of those of these documents. */
  replace(paths: Iterable<string>, from: ChunkTable): void {
    for (const path of paths) this.remove(path);
    this.reserve(this.count + from.count);
    for (const [path, rows] of from.rowsByPath) {
      const chunks = rows.flatMap((row) => from.chunks[row] ?? []);
      this.append(path, chunks, (row, ordinal) => {
        const fromRow = rows[ordinal] ?? 0;
        this.codes.copy(row, from.codes, fromRow);
        if (!this.floats.copy(row, from.floats, fromRow)) this.floats.set(row, from.codes.decode(fromRow)); // of a disk that failed
      });
    }
  }

  clear(): void {
    this.revision++;
    this.codes = new CodeMatrix(this.dimension);
    this.floats = new FloatRows(this.dimension, this.vectorMemoryBytes);
    this.chunks.length = 0;
    this.ordinals.length = 0;
    this.rowsByPath.clear();
    this.rowsByHash.clear();
  }

  private append(path: string, chunks: readonly StoredChunk[], put: (row: number, ordinal: number) => void): void {
    if (this.rowsByPath.has(path)) this.remove(path);
    this.revision++;
    const first = this.count;
    chunks.forEach((chunk, ordinal) => {
      const row = first + ordinal;
      put(row, ordinal);
      this.chunks.push(chunk);
      this.ordinals.push(ordinal);
      const twins = this.rowsByHash.get(chunk.hash);
      if (twins) twins.push(row);
      else this.rowsByHash.set(chunk.hash, [row]);
    });
    if (chunks.length > 0) {
      this.rowsByPath.set(
        path,
        chunks.map((_, ordinal) => first + ordinal),
      );
    }
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
    this.floats.moveLast(last, row);
    if (row === last) return;
    this.codes.move(last, row);
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
