// Clusters and their members. Invariant: the members are those of the answer to the same query, as long as the index is the same; else
// those that the cluster of this id has now, none where it is gone. Cost: the graph and the words of the index once; then a pass over
// the items, and for members their cosines.
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClusterQuery, ClusterResult, EngineRequests } from '../../protocol/engineApi.ts';
import type { Analysed, Analyst } from '../analysis/analyst.ts';
import { clusterCounts, cutClusters, type ClusterCut } from '../analysis/clusters/clusterCut.ts';
import { meanSimilarities } from '../analysis/clusters/membership.ts';
import type { AnalysisItems } from '../analysis/items.ts';
import { substanceOf } from '../analysis/substance.ts';
import { labelClusters, type Label } from '../analysis/labels/labelClusters.ts';
import type { TermCounts, TermTask } from '../analysis/labels/termCounts.ts';
import { SharedWork } from '../analysis/sharedWork.ts';
import type { Structure } from '../analysis/structure.ts';
import type { Cluster, ClusterMember, Place, StoredChunk, VectorTable } from '../model.ts';
import { addTo } from '../search/meanVector.ts';
import type { Session } from '../session.ts';
import { inSlices } from '../slices.ts';
import { coverOf } from './cover.ts';
import { placesOf } from './places.ts';

/** Texts that are read for their words: so many of each finest cluster, as long as that makes no more than so many in all. */
const TEXTS = 15_000;
const TEXTS_A_CLUSTER = { least: 5, most: 12 };
/** Letters of each. */
const LETTERS_A_TEXT = 1_000;

/** The words of a structure, as long as there is one. */
const words = new WeakMap<Structure, SharedWork<TermCounts>>();

export interface Labelled {
  readonly analysed: Analysed;
  readonly cut: ClusterCut;
  readonly labels: readonly Label[];
}

export async function clusters(
  session: Session,
  query: ClusterQuery,
  signal: AbortSignal | undefined,
): Promise<ClusterResult> {
  const { analysed, cut, labels } = await labelledClusters(session, query, signal);
  const { items, structure } = analysed;
  const { table } = session.store;
  const directions = clusterSums(structure, cut, table.dimension);
  const firstPlace = (among: readonly number[]): Place | undefined => {
    for (const item of among) {
      const [place] = placesOf(items.of, chunksAt(table, items, item));
      if (place) return place;
    }
    return undefined;
  };
  const clustered = cut.sizes.flatMap((size, number): Cluster[] => {
    const { sum, items: inside, representatives } = directions[number] ?? NOWHERE;
    const representative = firstPlace(representatives) ?? firstPlace(membersOf(cut, number)); // the medoids may be gone by now
    const label = labels[number];
    if (!representative || !label) return []; // all its texts are gone by now
    const cohesion = inside > 0 ? lengthOf(sum) / inside : 0;
    return [{ id: cut.ids[number] ?? '', ...label, size, cohesion, representative }];
  });
  const weights = placeCounts(items);
  return {
    cover: coverOf(session, items),
    granularity: cut.granularity,
    counts: clusterCounts(structure, weights),
    clusters: clustered,
    unclustered: weights.reduce((sum, weight, item) => sum + ((cut.clusterOf[item] ?? -1) < 0 ? weight : 0), 0),
  };
}

interface Member {
  readonly item: number;
  readonly centrality: number;
}

/** Of the cluster that was asked for last: one page follows the other. */
const lastMembers = new WeakMap<Structure, { readonly of: string; readonly members: readonly Member[] }>();

export async function clusterMembers(
  session: Session,
  { id, offset, count, ...query }: EngineRequests['clusterMembers']['params'],
  signal: AbortSignal | undefined,
): Promise<readonly ClusterMember[]> {
  const analysed = await session.analyst.graph(query.of, signal);
  const { table } = session.store;
  const cut = cutNow(analysed, query.granularity);
  const number = id === undefined ? -1 : clusterWithId(analysed, cut, id);
  if (id !== undefined && number < 0) return []; // it is gone
  const ordered = await membersInOrder(session, analysed, cut, number, signal);
  const items = session.analyst.now(analysed.items);
  const members: ClusterMember[] = [];
  for (const { item, centrality } of ordered) {
    if (members.length >= offset + count) break;
    members.push(...placesOf(items.of, chunksAt(table, items, item)).map((place) => ({ ...place, centrality })));
  }
  return members.slice(offset, offset + count);
}

/** Where the index has changed, a cluster may have another of its parts' ids: then the one that the part of this id is in now. */
function clusterWithId({ ids }: Analysed, cut: ClusterCut, id: string): number {
  const number = cut.ids.indexOf(id);
  return number >= 0 ? number : (cut.clusterOfFinest[ids.indexOf(id)] ?? -1);
}

/** Most central first; of those that belong to no cluster the most unusual. */
async function membersInOrder(
  { store: { table }, analyst }: Session,
  { items, structure, graph }: Analysed,
  cut: ClusterCut,
  number: number,
  signal: AbortSignal | undefined,
): Promise<readonly Member[]> {
  const of = `${table.revision} ${cut.granularity} ${cut.ids[number] ?? ''}`;
  const known = lastMembers.get(structure);
  if (known?.of === of) return known.members;
  const own = membersOf(cut, number);
  const sum = clusterSums(structure, cut, table.dimension)[number]?.sum;
  const means = sum ? undefined : meanSimilarities(graph);
  const members: Member[] = [];
  const place = (item: number): void => {
    const centrality = sum ? cosineTo(table, analyst.now(items), item, sum) : means?.[item];
    members.push({ item, centrality: centrality || 0 }); // NaN where it has no neighbours
  };
  await inSlices(own.length, (i) => own.slice(i, i + 1).forEach(place), signal);
  members.sort((a, b) => (sum ? b.centrality - a.centrality : a.centrality - b.centrality) || a.item - b.item);
  lastMembers.set(structure, { of, members });
  return members;
}

/** Items of a cluster, of -1 those that belong to none. */
function membersOf({ clusterOf }: ClusterCut, number: number): number[] {
  const members: number[] = [];
  for (let item = 0; item < clusterOf.length; item++) if (clusterOf[item] === number) members.push(item);
  return members;
}

/** A cut with its labels. */
export async function labelledClusters(
  { store, analyst }: Session,
  { of, granularity }: ClusterQuery,
  signal: AbortSignal | undefined,
): Promise<Labelled> {
  const before = await analyst.graph(of, signal);
  const { structure } = before;
  const terms = await termsOf(analyst, store.table, before, signal);
  await nextTurn(); // whoever labels several cuts lets others have their turn
  // Rows may have moved meanwhile.
  const items = analyst.now(before.items);
  const analysed = { ...before, items };
  const cut = cutNow(analysed, granularity);
  const labels = labelClusters(terms, cut.clusterOfFinest, cut.sizes.length, (number) => {
    const finest = cut.clusterOfFinest.indexOf(number);
    const row = items.rows[structure.medoids[finest] ?? -1]?.[0];
    return path.posix.basename(store.table.chunks[row ?? -1]?.path ?? String(number + 1));
  });
  return { analysed, cut, labels };
}

function cutNow({ structure, ids, items }: Analysed, granularity: number | undefined): ClusterCut {
  return cutClusters(structure, ids, placeCounts(items), granularity);
}

/** A text counts as often as it is there, a document once. */
export function placeCounts({ of, rows }: AnalysisItems): number[] {
  return rows.map((own) => (of === 'chunks' ? own.length : Math.min(1, own.length)));
}

/** Made once a structure. */
function termsOf(
  analyst: Analyst,
  table: VectorTable,
  { structure, items }: Analysed,
  signal: AbortSignal | undefined,
): Promise<TermCounts> {
  let work = words.get(structure);
  if (!work || work.isGivenUp) {
    const made: SharedWork<TermCounts> = new SharedWork(async (stop) => {
      try {
        await nextTurn();
        return await analyst.run('labels', termTask(table, analyst.now(items), structure), stop);
      } catch (error) {
        if (words.get(structure) === made) words.delete(structure); // to be tried again
        throw error;
      }
    });
    words.set(structure, made);
    work = made;
  }
  return work.join(signal);
}

/** How many texts of each finest cluster are read for its words. */
export function textsACluster(finest: number): number {
  return Math.min(TEXTS_A_CLUSTER.most, Math.max(TEXTS_A_CLUSTER.least, Math.round(TEXTS / finest)));
}

/** Texts spread evenly over each finest cluster. */
function termTask({ chunks }: VectorTable, { rows }: AnalysisItems, { tree, alone }: Structure): TermTask {
  const members: number[][] = Array.from({ length: tree.finest }, () => []);
  for (const [item, finest] of tree.finestOf.entries()) if (alone[item] === 0) members[finest]?.push(item);
  const texts: string[] = [];
  const groupOf: number[] = [];
  const most = textsACluster(tree.finest);
  for (const [finest, own] of members.entries()) {
    const step = Math.max(1, own.length / most);
    for (let at = 0; at < own.length; at += step) {
      const chunk = chunks[rows[own[Math.floor(at)] ?? -1]?.[0] ?? -1];
      if (!chunk) continue;
      const { kind, context = '', symbol = '' } = chunk;
      const text = substanceOf(chunk).slice(0, LETTERS_A_TEXT);
      // What stands around a row of a table are the names of its columns.
      texts.push(kind === 'row' ? text : `${context}\n${symbol}\n${text}`);
      groupOf.push(finest);
    }
  }
  return { texts, groupOf: Int32Array.from(groupOf), groups: tree.finest };
}

interface Direction {
  /** Of the unit vectors of its items. */
  readonly sum: Float32Array;
  readonly items: number;
  /** The medoids of its parts, nearest to the sum first. */
  readonly representatives: readonly number[];
}
const NOWHERE: Direction = { sum: new Float32Array(), items: 0, representatives: [] };

function clusterSums({ tree, sums, medoids, alone }: Structure, cut: ClusterCut, dimension: number): Direction[] {
  const sizes = new Int32Array(tree.finest);
  for (const finest of tree.finestOf) sizes[finest] = (sizes[finest] ?? 0) + 1;
  const parts: number[][] = cut.sizes.map(() => []);
  for (const [finest, number] of cut.clusterOfFinest.entries()) parts[number]?.push(finest);
  const partOf = (finest: number): Float32Array => sums.subarray(finest * dimension, (finest + 1) * dimension);
  return parts.map((own) => {
    const sum = new Float32Array(dimension);
    for (const finest of own) addTo(sum, partOf(finest));
    const nearness = new Map(own.map((finest) => [finest, product(partOf(finest), sum) / lengthOf(partOf(finest))]));
    const representatives = own
      .sort((a, b) => (nearness.get(b) ?? 0) - (nearness.get(a) ?? 0) || a - b)
      .flatMap((finest) => medoids[finest] ?? [])
      .filter((item) => item >= 0 && alone[item] === 0);
    return { sum, items: own.reduce((count, finest) => count + (sizes[finest] ?? 0), 0), representatives };
  });
}

function chunksAt({ chunks }: VectorTable, { rows }: AnalysisItems, item: number): StoredChunk[] {
  return (rows[item] ?? []).flatMap((row) => chunks[row] ?? []);
}

function cosineTo(table: VectorTable, { rows }: AnalysisItems, item: number, direction: Float32Array): number {
  const own = rows[item] ?? [];
  const vector = new Float32Array(table.dimension);
  for (const row of own) addTo(vector, table.roughRow(row));
  const lengths = lengthOf(vector) * lengthOf(direction);
  return lengths > 0 ? product(vector, direction) / lengths : 0;
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (b[d] ?? 0);
  return sum;
}

function lengthOf(vector: Float32Array): number {
  return Math.sqrt(product(vector, vector));
}
