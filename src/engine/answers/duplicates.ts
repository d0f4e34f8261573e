// What is there twice. Invariant: over the whole index; an ignored group stays ignored wherever its texts are. Cost: the graph, a
// comparison of words for each of its edges, and random pairs to know what is far above chance.
import type { DuplicateQuery, DuplicateResult } from '../../protocol/engineApi.ts';
import { duplicateGroups } from '../analysis/duplicates/duplicateGroups.ts';
import { mixBits } from '../analysis/layout/seededBits.ts';
import { chunksOf } from '../analysis/itemChunks.ts';
import type { VectorTable } from '../model.ts';
import { dot } from '../search/dot.ts';
import type { Session } from '../session.ts';
import { coverOf } from './cover.ts';
import { ignoredDuplicates } from './ignoredDuplicates.ts';

const LEAST_DEFAULT = 0.9;
const MOST_DEFAULT = 0.97;
/** Of the way from the median of random pairs to their highest tenth: beyond it nothing is chance. */
const SPREADS = 3;
const PAIRS = 2_000;

export async function findDuplicates(
  session: Session,
  storageFolder: string,
  { path, ignored, minSimilarity = defaultSimilarity(session.store.table) }: DuplicateQuery,
  signal: AbortSignal | undefined,
): Promise<DuplicateResult> {
  const { analyst, store } = session;
  const { items, graph } = await analyst.graph('chunks', signal);
  const chunks = chunksOf(store.table, items);
  const itemOf = new Map(items.keys.map((hash, item) => [hash, item]));
  const vectorOf = (item: number): Float32Array => store.findVector(items.keys[item] ?? '') ?? new Float32Array(0);
  const search = {
    graph,
    chunks,
    minSimilarity,
    progress: (share: number) => analyst.onProgress({ stage: 'duplicates', share }),
    cosine: (a: number, b: number) => cosine(vectorOf(a), vectorOf(b)),
    within: (item: number, least: number) =>
      rowsWithin(store.table, vectorOf(item), least).flatMap(
        (row) => itemOf.get(store.table.chunks[row]?.hash ?? '') ?? [],
      ),
  };
  const found = await duplicateGroups(search, signal).finally(() => analyst.onProgress(undefined));
  const hidden = await ignoredDuplicates(storageFolder);
  const scoped = found.filter(({ members }) => path === undefined || members.some((place) => place.path === path));
  const marked = scoped.map((group) => (hidden.has(group.id) ? { ...group, ignored: true as const } : group));
  return {
    cover: coverOf(session, items),
    minSimilarity,
    groups: ignored ? marked : marked.filter((group) => !('ignored' in group)),
    ignored: marked.filter((group) => 'ignored' in group).length,
  };
}

/** Far above what random pairs reach, and at least {@link LEAST_DEFAULT}. Two digits, to be shown. */
export function defaultSimilarity(table: VectorTable): number {
  const { chunks, count } = table;
  const similarities: number[] = [];
  for (let i = 0; i < PAIRS && count > 1; i++) {
    const [a, b] = [mixBits(2 * i + 1) % count, mixBits(2 * i + 2) % count];
    if (chunks[a]?.hash !== chunks[b]?.hash) similarities.push(cosine(table.roughRow(a), table.roughRow(b)));
  }
  similarities.sort((a, b) => a - b);
  const at = (share: number): number => similarities[Math.floor(share * similarities.length)] ?? 0;
  const chance = at(0.5) + SPREADS * (at(0.9) - at(0.5));
  return Math.round(100 * Math.min(MOST_DEFAULT, Math.max(LEAST_DEFAULT, chance))) / 100;
}

/** Rows of some spaces have several parts of unit length each. */
function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length === 0 || a.length !== b.length) return 0;
  const wide = Float64Array.from(b);
  return dot(a, wide) / (Math.sqrt(squareOf(a) * squareOf(b)) || 1);
}

function squareOf(vector: Float32Array): number {
  return dot(vector, Float64Array.from(vector));
}

/** Rows whose cosine to the vector is at least so much. */
function rowsWithin(table: VectorTable, vector: Float32Array, least: number): number[] {
  const square = squareOf(vector);
  if (square === 0) return [];
  const { scores, marginOf } = table.scan(vector.map((x) => x / square));
  const rows: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    if ((scores[row] ?? 0) + marginOf(row) < least || cosine(table.row(row), vector) < least) continue;
    rows.push(row);
  }
  return rows;
}
