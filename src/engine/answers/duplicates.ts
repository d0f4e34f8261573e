// What is there twice. Invariant: over the whole index; an ignored group stays ignored wherever its texts are. Cost: the graph, a
// comparison of words for each of its edges in a thread, once a revision of the index; and random pairs to know what is far above
// chance.
import type { DuplicateQuery, DuplicateResult } from '../../protocol/engineApi.ts';
import type { Analysed } from '../analysis/analyst.ts';
import { chunksOf } from '../analysis/itemChunks.ts';
import type { AnalysisItems } from '../analysis/items.ts';
import type { FoundGroup } from '../analysis/duplicates/duplicateGroups.ts';
import { mixBits } from '../analysis/layout/seededBits.ts';
import { packChunks } from '../analysis/packedChunks.ts';
import { SharedWork } from '../analysis/sharedWork.ts';
import type { DuplicateGroup, VectorTable } from '../model.ts';
import { cosine } from '../search/dot.ts';
import type { Session } from '../session.ts';
import { inSlices } from '../slices.ts';
import { coverOf } from './cover.ts';
import { ignoredDuplicates } from './ignoredDuplicates.ts';
import { placeOf } from './snippetAt.ts';

const LEAST_DEFAULT = 0.9;
const MOST_DEFAULT = 0.97;
/** Of the way from the median of random pairs to their highest tenth: beyond it nothing is chance. */
const SPREADS = 3;
const PAIRS = 2_000;

/** By the items as they are in a revision of the index, then by least similarity. */
const known = new WeakMap<AnalysisItems, Map<number, SharedWork<readonly DuplicateGroup[]>>>();

export async function findDuplicates(
  session: Session,
  storageFolder: string,
  { path, ignored, minSimilarity = defaultSimilarity(session.store.table) }: DuplicateQuery,
  signal: AbortSignal | undefined,
): Promise<DuplicateResult> {
  const analysed = await session.analyst.graph('chunks', signal);
  const cover = coverOf(session, analysed.items);
  const found = await allGroups(session, analysed, minSimilarity).join(signal);
  const hidden = await ignoredDuplicates(storageFolder);
  const scoped = found.filter(({ members }) => path === undefined || members.some((place) => place.path === path));
  const marked = scoped.map((group) => (hidden.has(group.id) ? { ...group, ignored: true as const } : group));
  return {
    cover,
    minSimilarity,
    groups: ignored ? marked : marked.filter((group) => !('ignored' in group)),
    ignored: marked.filter((group) => 'ignored' in group).length,
  };
}

/** Sought once: another file, and what is ignored, only choose among them. */
function allGroups(session: Session, analysed: Analysed, least: number): SharedWork<readonly DuplicateGroup[]> {
  const { items } = analysed;
  const sought = known.get(items) ?? new Map<number, SharedWork<readonly DuplicateGroup[]>>();
  known.set(items, sought);
  let work = sought.get(least);
  if (!work || work.isGivenUp) {
    const made: SharedWork<readonly DuplicateGroup[]> = new SharedWork((stop) =>
      seekGroups(session, analysed, least, stop).catch((error: unknown) => {
        if (sought.get(least) === made) sought.delete(least); // to be tried again
        throw error;
      }),
    );
    sought.clear(); // of another least similarity: seldom asked for again
    sought.set(least, made);
    work = made;
  }
  return work;
}

async function seekGroups(
  { analyst, store: { table } }: Session,
  { items, graph }: Analysed,
  minSimilarity: number,
  signal: AbortSignal,
): Promise<DuplicateGroup[]> {
  const chunks = chunksOf(table, items);
  const packed = await packChunks(chunks, signal);
  const integers = await analyst.rowsOf(items, signal);
  const task = { graph, chunks: packed, integers, dimension: table.dimension, minSimilarity };
  const found = await analyst.run('duplicates', task, signal);
  const flat = chunks.flat();
  const groups: DuplicateGroup[] = [];
  const addGroup = ({ members, ...group }: FoundGroup): void => {
    groups.push({ ...group, members: members.flatMap((n) => flat[n] ?? []).map(placeOf) });
  };
  await inSlices(found.length, (i) => found.slice(i, i + 1).forEach(addGroup), signal);
  return groups;
}

/** Far above what random pairs reach, and at least {@link LEAST_DEFAULT}. Two digits, to be shown. */
export function defaultSimilarity(table: VectorTable): number {
  const { chunks, count } = table;
  const similarities: number[] = [];
  // Rows of some spaces have several parts of unit length each.
  for (let i = 0; i < PAIRS && count > 1; i++) {
    const [a, b] = [mixBits(2 * i + 1) % count, mixBits(2 * i + 2) % count];
    if (chunks[a]?.hash !== chunks[b]?.hash) similarities.push(cosine(table.roughRow(a), table.roughRow(b)));
  }
  similarities.sort((a, b) => a - b);
  const at = (share: number): number => similarities[Math.floor(share * similarities.length)] ?? 0;
  const chance = at(0.5) + SPREADS * (at(0.9) - at(0.5));
  return Math.round(100 * Math.min(MOST_DEFAULT, Math.max(LEAST_DEFAULT, chance))) / 100;
}
