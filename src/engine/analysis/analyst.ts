// Stage 6, what all answers about a whole index share: made when it is first asked for, kept beside the index, brought up to date when the
// index has changed. Invariant: those who ask at the same time wait for the same work, which ends when the last of them gives up.
// Cost: see structure.ts; 180 bytes and k x 8 an item on disk.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { notMissed } from '../errors.ts';
import type { AnalysisStage, AnalysisUnit, DocumentRecord, VectorTable } from '../model.ts';
import { finestIds } from './clusters/clusterIds.ts';
import type { NeighbourGraph } from './graph/neighbourGraph.ts';
import { itemRows } from './itemRows.ts';
import { itemsNow, itemsOf, type AnalysisItems } from './items.ts';
import { decodeStructure, encodeStructure, type Known } from './savedStructure.ts';
import { SharedWork } from './sharedWork.ts';
import type { Structure } from './structure.ts';
import type { RunTask, TaskName, Tasks } from './tasks.ts';

/** Neighbours of an item. */
export const GRAPH_K = 15;

/** What the analyst needs of a store. */
export interface AnalysedStore {
  readonly table: VectorTable;
  readonly documents: ReadonlyMap<string, DocumentRecord>;
  findVector(hash: string): Float32Array | undefined;
  readSidecar(name: string): Promise<Buffer | undefined>;
  writeSidecar(name: string, parts: readonly Buffer[]): Promise<void>;
}

export interface Analysed {
  readonly items: AnalysisItems;
  readonly graph: NeighbourGraph;
  /** The same object as long as the items are the same. */
  readonly structure: Structure;
  /** Of the finest clusters. */
  readonly ids: readonly string[];
}

export class Analyst {
  private readonly known = new Map<AnalysisUnit, Analysed>();
  private readonly closing = new AbortController();
  /** By keys: items of an earlier revision with the rows of a later one. */
  private readonly moved = new WeakMap<
    readonly string[],
    { readonly revision: number; readonly items: AnalysisItems }
  >();
  private readonly working = new Map<AnalysisUnit, SharedWork<Analysed>>();
  /** Told while something is worked out; undefined when it is over. */
  onProgress: (progress: { readonly stage: AnalysisStage; readonly share: number } | undefined) => void = () =>
    undefined;
  private readonly isLeftOut = (path: string): boolean => this.store.documents.get(path)?.kept !== undefined;

  constructor(
    private readonly store: AnalysedStore,
    private readonly runTask: RunTask,
  ) {}

  /** The graph of the index as it is now. Throws `cancelled`. */
  async graph(of: AnalysisUnit, signal?: AbortSignal): Promise<Analysed> {
    const known = this.known.get(of);
    if (known?.items.revision === this.store.table.revision) return known;
    let work = this.working.get(of);
    if (!work || work.isGivenUp) {
      const made: SharedWork<Analysed> = new SharedWork((stop) =>
        this.analyse(of, stop).finally(() => this.forget(of, made)),
      );
      this.working.set(of, made);
      work = made;
    }
    const { items, ...rest } = await work.join(signal);
    // In this turn, so that the rows are those of now.
    return { ...rest, items: this.now(items) };
  }

  /** The items with the rows that they have in this turn. Costs a pass over the chunks, once a revision of the index. */
  now(items: AnalysisItems): AnalysisItems {
    const { table } = this.store;
    if (items.revision === table.revision) return items;
    let moved = this.moved.get(items.keys);
    if (moved?.revision !== table.revision) {
      moved = { revision: table.revision, items: itemsNow(table, items, this.isLeftOut) };
      this.moved.set(items.keys, moved);
    }
    return moved.items;
  }

  /** The items' vectors as rows of integers, count x dimension. */
  rowsOf(items: AnalysisItems, signal: AbortSignal | undefined): Promise<Int16Array> {
    const { table } = this.store;
    return itemRows({ table, findVector: (hash) => this.store.findVector(hash) }, items, signal, (share) =>
      this.onProgress({ stage: 'vectors', share }),
    ).finally(() => this.onProgress(undefined));
  }

  /** Runs a task in a thread, and says how far it is. */
  async run<K extends TaskName>(
    name: K,
    input: Tasks[K]['input'],
    signal: AbortSignal | undefined,
  ): Promise<Tasks[K]['output']> {
    this.onProgress({ stage: name, share: 0 });
    try {
      const ended = AbortSignal.any([...(signal ? [signal] : []), this.closing.signal]);
      return await this.runTask(name, input, ended, (share) => this.onProgress({ stage: name, share }));
    } finally {
      this.onProgress(undefined);
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.closing.abort();
    for (const work of this.working.values()) work.end();
  }

  private forget(of: AnalysisUnit, work: SharedWork<Analysed>): void {
    if (this.working.get(of) === work) this.working.delete(of);
  }

  private async analyse(of: AnalysisUnit, signal: AbortSignal): Promise<Analysed> {
    const now = this.known.get(of);
    const before = now ? { keys: now.items.keys, structure: now.structure, ids: now.ids } : await this.load(of);
    const items = itemsOf(this.store.table, of, this.isLeftOut);
    const isNew = !before || !isSame(before.keys, items.keys);
    const made = isNew ? await this.make(items, before, signal) : before;
    if (isNew) {
      await nextTurn();
      await this.save(of, { ...made, keys: items.keys });
    }
    const analysed = { items, graph: made.structure.graph, structure: made.structure, ids: made.ids };
    this.known.set(of, analysed);
    return analysed;
  }

  private async make(
    items: AnalysisItems,
    before: Known | undefined,
    signal: AbortSignal,
  ): Promise<Pick<Known, 'structure' | 'ids'>> {
    const integers = await this.rowsOf(items, signal);
    const oldOf = before && numbersIn(before.keys, items.keys);
    const old = before && oldOf && { ...before.structure, oldOf };
    const { dimension } = this.store.table;
    const task = { integers, dimension, k: GRAPH_K, ...(old && { before: old }) };
    const structure = await this.run('graph', task, signal);
    const keyOf = (cluster: number): string => items.keys[structure.medoids[cluster] ?? -1] ?? String(cluster);
    const earlier = before && oldOf && { ids: before.ids, finestOf: before.structure.tree.finestOf, oldOf };
    return { structure, ids: finestIds(structure.tree, keyOf, earlier) };
  }

  private async load(of: AnalysisUnit): Promise<Known | undefined> {
    const bytes = await this.store.readSidecar(`graph-${of}`).catch(notMissed);
    return bytes && decodeStructure(bytes);
  }

  private async save(of: AnalysisUnit, known: Known): Promise<void> {
    await this.store.writeSidecar(`graph-${of}`, encodeStructure(known)).catch(notMissed);
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((key, i) => key === others[i]);
}

function numbersIn(keys: readonly string[], wanted: readonly string[]): Int32Array {
  const numbers = new Map(keys.map((key, i) => [key, i]));
  return Int32Array.from(wanted, (key) => numbers.get(key) ?? -1);
}
