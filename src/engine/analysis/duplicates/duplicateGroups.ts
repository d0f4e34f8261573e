// Stage 6, what is there twice, in three tiers: exact ones by their text over all rows, near ones and those of one meaning along the
// graph. Invariant: groups, each around its most central text, so that nothing chains; the same index gives the same groups and a group
// of the same texts the same id. Pure; runs in a thread. Cost: one comparison of words an edge; a look through all vectors for a centre
// that has more than k like it.
import { createHash } from 'node:crypto';
import { DUPLICATE_TIERS, type DuplicateGroup, type DuplicateTier } from '../../model.ts';
import type { NeighbourGraph } from '../graph/neighbourGraph.ts';
import { type PackedChunks, readChunks } from '../packedChunks.ts';
import { substanceOf } from '../substance.ts';
import { ItemVectors } from './itemVectors.ts';
import { passagesOf, withoutOverlaps, type Passage } from './passages.ts';
import { sharedShare, shinglesOf } from './shingles.ts';
import { starGroups, type Edge, type StarGroup } from './starGroups.ts';

/** Runs of words that near texts share: a function with a few other lines has some .8, one with other names throughout .3. */
const NEAR_SHARE = 0.65;
/** Texts of the same words are never farther apart; others need not be compared word by word. */
const NEAR_COSINE = 0.6;
/** Beyond the graph only what is this near is looked through. */
const LEAST_NEAR = 0.8;

/** Neighbours of one file share its context, its names and its subject: near each other by that alone, they must share words too. */
const SHARE_IN_DOCUMENT = 0.25;

export interface DuplicateTask {
  readonly graph: NeighbourGraph;
  /** Of the graph's items, which are texts. */
  readonly chunks: PackedChunks;
  /** Rows of `quantize`, count x dimension. */
  readonly integers: Int16Array;
  readonly dimension: number;
  /** Least cosine of the `meaning` tier. */
  readonly minSimilarity: number;
}

export interface FoundGroup extends Pick<DuplicateGroup, 'id' | 'tier' | 'similarity'> {
  /** Numbers of the task's chunks: at least two, by path and line. */
  readonly members: readonly number[];
}

/** Of the time, what making the passages takes, and comparing them until groups are made. */
const PASSAGES_SHARE = 0.4;
const EDGES_SHARE = 0.4;

/** Exact ones first, then near ones, then those of one meaning; in a tier by how much text is repeated. */
export function duplicateGroups(task: DuplicateTask, progress: (share: number) => void): FoundGroup[] {
  const { graph, minSimilarity } = task;
  const vectors = new ItemVectors(task.integers, task.dimension);
  const chunks = readChunks(task.chunks);
  const { passages, passageOf } = passagesOf(chunks, (part) => progress(PASSAGES_SHARE * part));
  const cosine = (a: number, b: number): number => vectors.cosine(itemOf(passages, a), itemOf(passages, b));
  const share = comparison(passages);
  const meansTheSame = (a: number, b: number, similarity: number): boolean =>
    similarity >= minSimilarity && (!areOfOneFile(passages[a], passages[b]) || share(a, b) >= SHARE_IN_DOCUMENT);
  const leastNear = Math.min(LEAST_NEAR, minSimilarity);
  const near: Edge[][] = passages.map(() => []);
  const meaning: Edge[][] = passages.map(() => []);
  const seen = new Set<number>();
  const addPair = (a: number, b: number, similarity: number): void => {
    if (a < 0 || b < 0 || a === b || similarity < NEAR_COSINE) return;
    const pair = Math.min(a, b) * passages.length + Math.max(a, b);
    if (seen.has(pair)) return;
    seen.add(pair);
    if (meansTheSame(a, b, similarity)) connect(meaning, a, b, similarity);
    const shared = share(a, b);
    if (shared >= NEAR_SHARE) connect(near, a, b, shared);
  };
  for (let item = 0; item < graph.count; item++) {
    progress(PASSAGES_SHARE + (EDGES_SHARE * item) / graph.count);
    const passage = passageOf[item] ?? -1;
    if (passage < 0) continue;
    const edges = range(item * graph.k, (item + 1) * graph.k).filter((e) => (graph.neighbours[e] ?? -1) >= 0);
    const others = edges.map((e) => passageOf[graph.neighbours[e] ?? -1] ?? -1);
    edges.forEach((e, i) => addPair(passage, others[i] ?? -1, graph.similarities[e] ?? 0));
    // Its copies are all that the graph tells of it.
    if (edges.length < graph.k || item !== itemOf(passages, passage) || others.some((other) => other !== passage)) {
      continue;
    }
    for (const other of vectors.within(item, leastNear)) {
      addPair(passage, passageOf[other] ?? -1, vectors.cosine(item, other));
    }
  }
  /** A centre whose farthest neighbour is like it may have more than the graph tells. */
  const more =
    (least: number) =>
    (centre: number): number[] => {
      const full = passages[centre]?.items.find((item) => (graph.similarities[(item + 1) * graph.k - 1] ?? 0) >= least);
      if (full === undefined) return [];
      return vectors
        .within(full, least)
        .map((item) => passageOf[item] ?? -1)
        .filter((passage) => passage >= 0);
    };
  const isNear = (a: number, b: number): boolean => share(a, b) >= NEAR_SHARE;
  const isMeant = (a: number, b: number): boolean => meansTheSame(a, b, cosine(a, b));
  const grouped = PASSAGES_SHARE + EDGES_SHARE;
  const left = 1 - grouped;
  const nearGroups = starGroups(near, isNear, more(leastNear), (part) => progress(grouped + (left * part) / 2));
  const meaningGroups = starGroups(meaning, isMeant, more(minSimilarity), (part) =>
    progress(grouped + (left * (1 + part)) / 2),
  );
  const nearOf = new Map(nearGroups.flatMap(({ members }, i) => members.map((member) => [member, i] as const)));
  const saysMore = ({ members: [first = -1, ...others] }: StarGroup): boolean =>
    !nearOf.has(first) || others.some((other) => nearOf.get(other) !== nearOf.get(first));
  const exact = passages.flatMap(({ places }, centre): StarGroup[] => (places.length > 1 ? [{ centre, members: [centre] }] : [])); // prettier-ignore
  const build = (tier: DuplicateTier, groups: readonly StarGroup[]): Ranked[] =>
    groups.flatMap((group) => groupOf(tier, group, passages, cosine) ?? []);
  return [...build('exact', exact), ...build('near', nearGroups), ...build('meaning', meaningGroups.filter(saysMore))]
    .sort(byRank)
    .map(({ group }) => group);
}

interface Ranked {
  readonly group: FoundGroup;
  readonly repeated: number;
}

/** Rows of a table say what they say on their own. */
function areOfOneFile(a: Passage | undefined, b: Passage | undefined): boolean {
  const [first] = a?.places ?? [];
  if (!first || !a || !b || first.kind === 'row') return false;
  return [...a.places, ...b.places].every(({ path }) => path === first.path);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function connect(edges: Edge[][], a: number, b: number, likeness: number): void {
  edges[a]?.push({ to: b, likeness });
  edges[b]?.push({ to: a, likeness });
}

function itemOf(passages: readonly Passage[], passage: number): number {
  return passages[passage]?.items[0] ?? -1;
}

/** Shared share of two passages' words; runs of words are made when they are first needed. */
function comparison(passages: readonly Passage[]): (a: number, b: number) => number {
  const known = new Map<number, Uint32Array>();
  const shinglesAt = (passage: number): Uint32Array | undefined => {
    const { first } = passages[passage] ?? {};
    if (!first || first.kind === 'image') return undefined;
    const shingles = known.get(passage) ?? shinglesOf(substanceOf(first));
    known.set(passage, shingles);
    return shingles;
  };
  return (a, b) => {
    const [left, right] = [shinglesAt(a), shinglesAt(b)];
    return left && right ? sharedShare(left, right) : 0;
  };
}

/** Undefined where places that overlap leave fewer than two, or no second text. */
function groupOf(
  tier: DuplicateTier,
  { centre, members }: StarGroup,
  passages: readonly Passage[],
  cosine: (a: number, b: number) => number,
): Ranked | undefined {
  const placed = members.flatMap((member) => (passages[member]?.places ?? []).map((chunk) => ({ chunk, member })));
  const memberOf = new Map(placed.map(({ chunk, member }) => [chunk, member]));
  const places = withoutOverlaps(placed.map(({ chunk }) => chunk));
  const told = [...new Set(places.map((chunk) => memberOf.get(chunk) ?? centre))];
  if (places.length < 2 || told.length < Math.min(2, members.length)) return undefined;
  const lengths = places.map(({ text }) => text.length);
  const others = told.filter((member) => member !== centre);
  return {
    repeated: lengths.reduce((sum, length) => sum + length) - lengths.reduce((most, length) => Math.max(most, length)),
    group: {
      id: idOf(told.map((member) => passages[member]?.digest ?? '')),
      tier,
      similarity: others.reduce((least, member) => Math.min(least, cosine(centre, member)), 1),
      members: places.map(({ n }) => n),
    },
  };
}

function idOf(digests: readonly string[]): string {
  return createHash('sha256')
    .update([...digests].sort().join())
    .digest('hex')
    .slice(0, 16);
}

function byRank(a: Ranked, b: Ranked): number {
  const tiers = DUPLICATE_TIERS.indexOf(a.group.tier) - DUPLICATE_TIERS.indexOf(b.group.tier);
  return tiers || b.repeated - a.repeated || (a.group.id < b.group.id ? -1 : 1);
}
