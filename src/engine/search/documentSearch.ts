// Stage 5: documents that resemble a document. The similarity of another document is the mean, over the example's chunks, of
// the best cosine in that document (a symmetric half of the Chamfer similarity): 1 where each chunk has its twin there.
// Invariant: the codes choose the documents, the exact vectors give their similarities and order. Rows may move between two scans:
// what is found is chunks, not rows. Cost: one scan for each chunk of the example, and the exact products of the chosen documents,
// in slices.
import type { StoredChunk, VectorTable } from '../model.ts';
import { breather } from '../slices.ts';
import { dot } from './dot.ts';
import type { RowMask } from './filter.ts';
import type { Found } from './topRows.ts';
import { scanRows } from './vectorSearch.ts';

export interface FoundDocument {
  /** Of that document the nearest to any of the example's, the place to show. */
  readonly chunk: StoredChunk;
  readonly similarity: number;
}

/** What is compared in this turn. Rows outside the mask do not count. */
export interface Compared {
  readonly table: () => VectorTable;
  /** Asked for when the table has changed. */
  readonly mask?: () => RowMask | undefined;
}

/** Documents compared in full beyond those asked for, since the codes may put near ones in another order. */
const SPARE = 8;

/** The `k` nearest documents, best first, ties by path. Throws `cancelled`. */
export async function bestPerDocument(
  compared: Compared,
  queries: readonly Float32Array[],
  k: number,
  signal: AbortSignal | undefined,
): Promise<FoundDocument[]> {
  const breathe = breather(signal);
  const rows = new DocumentRows(compared);
  const nearest = await nearestByCodes(rows, queries, breathe);
  const wide = queries.map((query) => Float64Array.from(query));
  const found: FoundDocument[] = [];
  for (const path of nearest.slice(0, k + SPARE)) {
    await breathe();
    found.push(...compareExactly(rows.now(), path, wide));
  }
  return found.sort((a, b) => b.similarity - a.similarity || (a.chunk.path < b.chunk.path ? -1 : 1)).slice(0, k);
}

/** With the rows of this turn, without what is gone by now. */
export function rowsNow<T extends FoundDocument>(table: VectorTable, found: readonly T[]): (T & Found)[] {
  return found.flatMap((each) => {
    const row = table.rowsOf(each.chunk.path).find((own) => table.chunks[own] === each.chunk);
    return row === undefined ? [] : { ...each, row };
  });
}

interface Seen {
  readonly table: VectorTable;
  readonly revision: number;
  readonly mask: RowMask | undefined;
  /** The number of each row's document; -1 for those that do not count. */
  readonly documentOf: Int32Array;
}

/** Which rows are of which document, as long as the table is the same. */
class DocumentRows {
  /** Numbers of documents, which stay. */
  readonly documents = new Map<string, number>();
  private seen: Seen | undefined;

  constructor(private readonly compared: Compared) {}

  now(): Seen {
    const table = this.compared.table();
    if (this.seen?.table !== table || this.seen.revision !== table.revision) this.seen = this.look(table);
    return this.seen;
  }

  private look(table: VectorTable): Seen {
    const { documents } = this;
    const mask = this.compared.mask?.();
    const documentOf = new Int32Array(table.count).fill(-1);
    table.chunks.forEach(({ path }, row) => {
      if (row >= table.count || mask?.[row] === 0) return;
      const known = documents.get(path) ?? documents.size;
      documents.set(path, known);
      documentOf[row] = known;
    });
    return { table, revision: table.revision, mask, documentOf };
  }
}

/** Paths, nearest first. */
async function nearestByCodes(
  rows: DocumentRows,
  queries: readonly Float32Array[],
  breathe: () => Promise<void>,
): Promise<string[]> {
  const { documents } = rows;
  const sums: number[] = [];
  for (const query of queries) {
    await breathe();
    const { table, mask, documentOf } = rows.now();
    const { scores } = scanRows(table, query, mask);
    const best = new Float64Array(documents.size).fill(-Infinity);
    for (let row = 0; row < table.count; row++) {
      const document = documentOf[row] ?? -1;
      if (document >= 0 && (scores[row] ?? 0) > (best[document] ?? 0)) best[document] = scores[row] ?? 0;
    }
    best.forEach((score, document) => (sums[document] = (sums[document] ?? 0) + score));
  }
  const sum = (path: string): number => sums[documents.get(path) ?? -1] ?? 0;
  return [...documents.keys()].sort((a, b) => sum(b) - sum(a) || (a < b ? -1 : 1));
}

/** Nothing where the document is gone by now. */
function compareExactly({ table, mask }: Seen, path: string, queries: readonly Float64Array[]): FoundDocument[] {
  const best = new Float64Array(queries.length).fill(-Infinity);
  let nearest: FoundDocument | undefined;
  for (const row of table.rowsOf(path)) {
    const chunk = table.chunks[row];
    if (!chunk || mask?.[row] === 0) continue;
    const vector = table.row(row);
    for (const [q, query] of queries.entries()) {
      const similarity = dot(vector, query);
      if (similarity > (best[q] ?? 0)) best[q] = similarity;
      if (similarity > (nearest?.similarity ?? -Infinity)) nearest = { chunk, similarity };
    }
  }
  if (!nearest) return [];
  return [{ ...nearest, similarity: best.reduce((sum, each) => sum + each, 0) / queries.length }];
}
