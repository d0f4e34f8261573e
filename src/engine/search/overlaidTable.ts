// Stage 5, text that is not saved: a table in which some documents' rows are replaced by others. Invariant: rows of the base keep
// their numbers, so what was scored for them stays right; those that are replaced are shut out by `mask`. It holds for one turn of the
// event loop, as row numbers do. Cost: a copy of the list of chunks; an exact product for each added row a scan.
import type { DocumentRecord, Scores, StoredChunk, VectorTable } from '../model.ts';
import { dot } from './dot.ts';
import type { RowMask } from './filter.ts';

/** What stands in place of a document, or beside the others. */
export interface AddedDocument {
  readonly record: DocumentRecord;
  readonly chunks: readonly StoredChunk[];
  /** chunks.length x dimension. */
  readonly vectors: Float32Array;
}

/** A score is an exact product, rounded to float32. */
const MARGIN = 1e-6;

export class OverlaidTable implements VectorTable {
  readonly dimension: number;
  readonly revision: number;
  readonly chunks: readonly StoredChunk[];
  /** 0 for the rows of the base that others stand in for. */
  readonly mask: RowMask;
  private readonly first: number;
  private readonly vectors: readonly Float32Array[];
  private readonly rowsByPath = new Map<string, readonly number[]>();

  constructor(
    private readonly base: VectorTable,
    added: readonly AddedDocument[],
  ) {
    ({ dimension: this.dimension, revision: this.revision, count: this.first } = base);
    this.chunks = base.chunks.concat(...added.map(({ chunks }) => chunks));
    this.vectors = added.flatMap(({ chunks, vectors }) =>
      chunks.map((_, i) => vectors.subarray(i * this.dimension, (i + 1) * this.dimension)),
    );
    this.mask = new Uint8Array(this.chunks.length).fill(1);
    let next = this.first;
    for (const { record, chunks } of added) {
      for (const row of base.rowsOf(record.path)) this.mask[row] = 0;
      this.rowsByPath.set(record.path, chunks.map((_, i) => next + i)); // prettier-ignore
      next += chunks.length;
    }
  }

  get count(): number {
    return this.chunks.length;
  }

  rowsOf(path: string): readonly number[] {
    return this.rowsByPath.get(path) ?? this.base.rowsOf(path);
  }

  scan(query: Float32Array, rows?: Uint32Array): Scores {
    const { base, first } = this;
    const scan = base.scan(
      query,
      rows?.filter((row) => row < first),
    );
    const wide = Float64Array.from(query);
    const scores = new Float32Array(rows?.length ?? this.count);
    if (rows) {
      let ofBase = 0;
      rows.forEach((row, i) => {
        scores[i] = row < first ? (scan.scores[ofBase++] ?? 0) : dot(this.added(row), wide);
      });
    } else {
      scores.set(scan.scores);
      for (let row = first; row < this.count; row++) scores[row] = dot(this.added(row), wide);
    }
    return {
      scores,
      marginOf: (row) => (row < first ? scan.marginOf(row) : MARGIN),
      maxMargin: Math.max(scan.maxMargin, MARGIN),
    };
  }

  row(row: number): Float32Array {
    return row < this.first ? this.base.row(row) : this.added(row).slice();
  }

  roughRow(row: number): Float32Array {
    return row < this.first ? this.base.roughRow(row) : this.added(row).slice();
  }

  private added(row: number): Float32Array {
    const vector = this.vectors[row - this.first];
    if (!vector) throw new RangeError(`no row ${row}`);
    return vector;
  }
}
