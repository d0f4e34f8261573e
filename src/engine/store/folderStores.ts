// Stage 4, an index for each of several folders, used as one. Invariant: a document is in the index of the folder that its path
// begins with, and what belongs to no folder (kept snippets, sidecars) in the workspace's own; all rows are in one table, so that a
// search costs what it costs over one index; who has the lock of the workspace's own index, and no other, takes those of the
// folders. Cost: while opening, the vectors of one folder twice.
import { EngineError, toEngineError } from '../errors.ts';
import type { CoverageEntry, CoverageState, DocumentRecord, LeftOut, StoredChunk, VectorTable } from '../model.ts';
import { ChunkTable } from './chunkTable.ts';
import { JoinedMap } from './joinedMap.ts';
import type { OpenStoreOptions } from './openFolder.ts';
import type { OpenReport, StoreChange, VectorStore } from './store.ts';
import type { SalvagedSnippet } from './storedDocument.ts';
import { type FolderIndex, takeApart } from './takeApart.ts';
import { type VectraStore, openStore } from './vectraStore.ts';

/** One store for all of them; `options` says where the workspace's own lies. Throws as `openStore`. */
export async function openFolderStores(
  options: OpenStoreOptions,
  folders: readonly FolderIndex[],
): Promise<VectorStore> {
  const innermostFirst = [...folders].sort((a, b) => b.prefix.length - a.prefix.length);
  const hindrance = await takeApart(options, innermostFirst);
  if (hindrance) return openStore({ ...options, leader: { hindrance } }); // read as it is
  const table = new ChunkTable(options.space.dimension, options.vectorMemoryBytes);
  const { onChange } = options;
  const opened: FolderStore[] = [];
  const ownChange = (change: StoreChange): void => {
    if (own.hindrance) for (const { store } of opened) store.giveWay();
    onChange?.(change);
  };
  const own = await openStore({ ...options, table, ...(onChange && { onChange: ownChange }) });
  try {
    for (const { prefix, folder } of innermostFirst) {
      opened.push({ prefix, store: await openStore({ ...options, folder, table, leader: own }) });
    }
    return new FolderStores(own, opened);
  } catch (error) {
    await Promise.allSettled([own, ...opened.map(({ store }) => store)].map((store) => store.close()));
    throw error;
  }
}

interface FolderStore {
  readonly prefix: string;
  readonly store: VectraStore;
}

class FolderStores implements VectorStore {
  readonly documents: ReadonlyMap<string, DocumentRecord>;
  readonly salvaged: ReadonlyMap<string, SalvagedSnippet>;
  private readonly all: readonly VectraStore[];

  constructor(
    private readonly own: VectraStore,
    private readonly folders: readonly FolderStore[],
  ) {
    this.all = [own, ...folders.map(({ store }) => store)];
    const storeOf = (path: string): VectraStore => this.storeOf(path);
    this.documents = new JoinedMap(this.all, storeOf, ({ documents }) => documents);
    this.salvaged = new JoinedMap(this.all, storeOf, ({ salvaged }) => salvaged);
  }

  get space(): VectorStore['space'] {
    return this.own.space;
  }

  get report(): OpenReport {
    const reports = this.all.map(({ report }) => report);
    const hindered = reports.find((one) => one.readOnlyBecausePid !== undefined || one.readOnlyBecauseErrno !== undefined); // prettier-ignore
    return {
      ...hindered,
      lostDocuments: reports.flatMap(({ lostDocuments }) => lostDocuments),
      setAside: reports.flatMap(({ setAside }) => setAside),
    };
  }

  get table(): VectorTable {
    return this.own.table;
  }

  get revision(): number {
    return this.all.reduce((sum, { revision }) => sum + revision, 0);
  }

  get retired(): number {
    return this.all.reduce((sum, { retired }) => sum + retired, 0);
  }

  assertWritable(): void {
    for (const store of this.all) store.assertWritable();
  }

  async whenWritable(signal: AbortSignal): Promise<void> {
    for (const store of this.all) await store.whenWritable(signal);
  }

  rowsOf(path: string): readonly number[] {
    return this.table.rowsOf(path);
  }

  findVector(textHash: string): Float32Array | undefined {
    return firstOf(this.all, (store) => store.findVector(textHash));
  }

  findSparse(textHash: string): string | undefined {
    return firstOf(this.all, (store) => store.findSparse(textHash));
  }

  replaceDocument(document: DocumentRecord, chunks: readonly StoredChunk[], vectors: Float32Array): Promise<void> {
    return this.storeOf(document.path).replaceDocument(document, chunks, vectors);
  }

  replaceAll(): Promise<void> {
    return Promise.reject(new EngineError('internal', { reason: 'each folder has an index of its own' }));
  }

  touchDocument(path: string, size: number, mtimeMs: number): void {
    this.storeOf(path).touchDocument(path, size, mtimeMs);
  }

  removeDocuments(paths: readonly string[]): Promise<void> {
    const byStore = this.grouped(paths, (path) => path);
    return inAll([...byStore.keys()], (store) => store.removeDocuments(byStore.get(store) ?? []));
  }

  recordLeftOut(entries: readonly LeftOut[], replaceAll: boolean): void {
    const byStore = this.grouped(entries, ({ path }) => path);
    for (const store of replaceAll ? this.all : byStore.keys())
      store.recordLeftOut(byStore.get(store) ?? [], replaceAll);
  }

  coverage(): CoverageEntry[] {
    return this.all
      .flatMap((store) => store.coverage())
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  leftOut(): readonly LeftOut[] {
    return this.all.flatMap((store) => store.leftOut());
  }

  counts(): Record<CoverageState, number> {
    const sum = { indexed: 0, excluded: 0, skipped: 0, failed: 0 };
    for (const store of this.all) {
      const counts = store.counts();
      for (const state of Object.keys(sum) as CoverageState[]) sum[state] += counts[state];
    }
    return sum;
  }

  forgetRetired(hashes?: Iterable<string>): Promise<void> {
    const listed = hashes && [...hashes];
    return inAll(this.all, (store) => store.forgetRetired(listed));
  }

  flush(): Promise<void> {
    return inAll(this.all, (store) => store.flush());
  }

  checkpoint(): Promise<void> {
    return inAll(this.all, (store) => store.checkpoint());
  }

  putOffCheckpoint(): void {
    for (const store of this.all) store.putOffCheckpoint();
  }

  readSidecar(name: string): Promise<Buffer | undefined> {
    return this.own.readSidecar(name);
  }

  writeSidecar(name: string, parts: readonly Buffer[]): Promise<void> {
    return this.own.writeSidecar(name, parts);
  }

  async bytes(): Promise<number> {
    const bytes = await Promise.all(this.all.map((store) => store.bytes()));
    return bytes.reduce((sum, one) => sum + one, 0);
  }

  clear(): Promise<void> {
    return inAll(this.all, (store) => store.clear());
  }

  /** The folders first: the lock of the workspace's own index stands for theirs. */
  async close(): Promise<void> {
    try {
      await inAll(this.folders.map(({ store }) => store), (store) => store.close()); // prettier-ignore
    } finally {
      await this.own.close();
    }
  }

  private storeOf(path: string): VectraStore {
    return this.folders.find(({ prefix }) => path.startsWith(prefix))?.store ?? this.own;
  }

  private grouped<T>(items: readonly T[], pathOf: (item: T) => string): Map<VectraStore, T[]> {
    const groups = new Map<VectraStore, T[]>();
    for (const item of items) {
      const store = this.storeOf(pathOf(item));
      const group = groups.get(store);
      if (group) group.push(item);
      else groups.set(store, [item]);
    }
    return groups;
  }
}

function firstOf<T>(stores: readonly VectraStore[], find: (store: VectraStore) => T | undefined): T | undefined {
  for (const store of stores) {
    const found = find(store);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What goes wrong in one does not keep it from the others; the first error is told. */
async function inAll(stores: readonly VectraStore[], work: (store: VectraStore) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(stores.map(work));
  for (const result of results) if (result.status === 'rejected') throw toEngineError(result.reason);
}
