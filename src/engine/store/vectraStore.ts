// Stage 4, the store: answers from memory, writes through IndexWriter, or follows another process that writes. Invariant: see
// store.ts; only here and in what this imports are vectra and the disk known. Cost: all vectors are in memory; opening reads every
// shard once; a store that reads looks at the folder once a second.
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError, isEngineError, toEngineError } from '../errors.ts';
import type {
  CoverageEntry,
  CoverageState,
  DocumentRecord,
  EmbeddingSpace,
  LeftOut,
  StoredChunk,
  VectorTable,
} from '../model.ts';
import { checkVectors } from './checkVectors.ts';
import { bytesBelow, nodeFileSystem } from './durableFiles.ts';
import { IndexFollower } from './followIndex.ts';
import { IndexState } from './indexState.ts';
import { IndexWriter } from './indexWriter.ts';
import type { LoadedIndex } from './loadIndex.ts';
import {
  type Hindrance,
  type Opened,
  type OpenStoreOptions,
  isHindrance,
  mayPass,
  openFolder,
  openForReading,
  openForWriting,
  takeFolder,
} from './openFolder.ts';
import { readSidecar } from './sidecars.ts';
import type { OpenReport, VectorStore } from './store.ts';
import { type SalvagedSnippet, toStored } from './storedDocument.ts';

const FOLLOW_EVERY_MS = 1000;

/**
 * Opens the index for writing, or for reading only: when another store (of this process or another) has it open for writing;
 * then `report.readOnlyBecausePid` is set and every write throws `index-locked`; or when the folder can't be written to: then
 * `report.readOnlyBecauseErrno` is set and every write throws `index-read-only`; a disk that was full is tried again. Throws
 * `index-too-new` (the index is untouched), `storage-failed`.
 */
export async function openStore(options: OpenStoreOptions): Promise<VectraStore> {
  const { space, partDimensions } = options;
  if (partDimensions.reduce((sum, length) => sum + length, 0) !== space.dimension) {
    throw new EngineError('internal', { reason: `parts ${partDimensions.join('+')} of dimension ${space.dimension}` });
  }
  return new VectraStore(options, await openFolder(options));
}

export class VectraStore implements VectorStore {
  readonly space: EmbeddingSpace;
  private loaded: LoadedIndex;
  private writer: IndexWriter | Hindrance;
  private follower: IndexFollower | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Looks at the folder, one after the other. */
  private looking: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly options: OpenStoreOptions,
    { loaded, writer }: Opened,
  ) {
    this.space = options.space;
    this.loaded = loaded;
    this.writer = writer;
    if (options.table) loaded.state.moveInto(options.table);
    this.watch();
  }

  /** Who or what keeps it from writing. */
  get hindrance(): Hindrance | undefined {
    return this.writer instanceof IndexWriter ? undefined : this.writer;
  }

  /** Writes no more, as when another process has its lock, until it can take it again. */
  giveWay(): void {
    if (this.writer instanceof IndexWriter) this.stepBack(this.writer);
  }

  get report(): OpenReport {
    const { lost, setAside } = this.loaded;
    const { writer } = this;
    return {
      lostDocuments: lost.map(({ path }) => path),
      setAside,
      ...('pid' in writer && { readOnlyBecausePid: writer.pid }),
      ...('errno' in writer && { readOnlyBecauseErrno: writer.errno }),
    };
  }

  get table(): VectorTable {
    return this.state.table;
  }

  get documents(): ReadonlyMap<string, DocumentRecord> {
    return this.state.documents;
  }

  get salvaged(): ReadonlyMap<string, SalvagedSnippet> {
    return this.state.salvaged;
  }

  get revision(): number {
    return this.state.revision;
  }

  assertWritable(): void {
    this.openWriter();
  }

  async whenWritable(signal: AbortSignal): Promise<void> {
    while (this.options.onChange && !(this.writer instanceof IndexWriter) && mayPass(this.writer)) {
      await this.look();
      if (!('pid' in this.writer && this.writer.silent)) break;
      await sleep(this.options.followEveryMs ?? FOLLOW_EVERY_MS, undefined, { signal });
    }
    this.assertWritable();
  }

  rowsOf(path: string): readonly number[] {
    return this.state.table.rowsOf(path);
  }

  findVector(textHash: string): Float32Array | undefined {
    return this.state.findVector(textHash);
  }

  findSparse(textHash: string): string | undefined {
    return this.state.findSparse(textHash);
  }

  async replaceDocument(
    document: DocumentRecord,
    chunks: readonly StoredChunk[],
    vectors: Float32Array,
  ): Promise<void> {
    this.openWriter();
    checkVectors(this.space, this.options.partDimensions, chunks.length, vectors);
    await this.write((writer) => writer.change({ replace: toStored(document, chunks, vectors) }));
  }

  async replaceAll(
    document: DocumentRecord,
    chunks: readonly StoredChunk[],
    vectors: Float32Array,
    signal?: AbortSignal,
  ): Promise<void> {
    this.openWriter();
    const { space, options, state: before } = this;
    checkVectors(space, options.partDimensions, chunks.length, vectors);
    const state = new IndexState(space, options.vectorMemoryBytes);
    state.revision = before.revision;
    state.table.revision = before.table.revision;
    state.apply({ replace: toStored(document, chunks, vectors) }, 0); // nothing retires
    try {
      await this.write((writer) => writer.replaceState(state, signal));
    } catch (error) {
      state.closeFiles();
      throw toEngineError(error);
    }
    this.loaded = { ...this.loaded, state };
    before.closeFiles();
  }

  async removeDocuments(paths: readonly string[]): Promise<void> {
    await this.write((writer) => writer.change({ remove: paths }));
  }

  touchDocument(path: string, size: number, mtimeMs: number): void {
    this.openWriter();
    this.state.touch(path, size, mtimeMs);
  }

  recordLeftOut(entries: readonly LeftOut[], replaceAll: boolean): void {
    this.openWriter();
    this.state.recordLeftOut(entries, replaceAll);
  }

  coverage(): CoverageEntry[] {
    return this.state.coverage();
  }

  leftOut(): readonly LeftOut[] {
    return this.state.leftOutEntries();
  }

  counts(): Record<CoverageState, number> {
    return this.state.counts();
  }

  get retired(): number {
    return this.state.retired.size;
  }

  async forgetRetired(hashes?: Iterable<string>): Promise<void> {
    await this.write((writer) => writer.forgetRetired(hashes));
  }

  async flush(): Promise<void> {
    await this.write((writer) => writer.flush());
  }

  putOffCheckpoint(): void {
    if (this.writer instanceof IndexWriter) this.writer.putOffCheckpoint();
  }

  async checkpoint(): Promise<void> {
    await this.write((writer) => writer.checkpoint());
  }

  readSidecar(name: string): Promise<Buffer | undefined> {
    return readSidecar(this.options.fs ?? nodeFileSystem, this.options.folder, name);
  }

  async writeSidecar(name: string, parts: readonly Buffer[]): Promise<void> {
    await this.openWriter().writeSidecar(name, parts);
  }

  bytes(): Promise<number> {
    return bytesBelow(this.options.fs ?? nodeFileSystem, this.options.folder);
  }

  async clear(): Promise<void> {
    await this.write((writer) => writer.clear());
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.looking;
    try {
      if (this.writer instanceof IndexWriter) await this.writer.close();
    } finally {
      this.state.closeFiles();
    }
  }

  private get state(): IndexState {
    return this.loaded.state;
  }

  /** Throws `index-locked` or `index-read-only` for a store that only reads, `internal` for one that is closed. */
  private openWriter(): IndexWriter {
    const { writer } = this;
    if ('pid' in writer) throw new EngineError('index-locked', { pid: writer.pid });
    if ('errno' in writer) {
      throw new EngineError('index-read-only', { path: this.options.folder, reason: writer.errno });
    }
    writer.assertOpen();
    return writer;
  }

  private async write(work: (writer: IndexWriter) => Promise<void>): Promise<void> {
    const writer = this.openWriter();
    try {
      await work(writer);
    } catch (error) {
      if (isEngineError(error, 'index-locked')) this.stepBack(writer);
      throw error;
    }
  }

  // ---- another process writes ---------------------------------------------------------------------------------------

  /** Looks at the folder from now on, or has the heartbeat do so. */
  private watch(): void {
    const { writer } = this;
    if (!this.options.onChange || this.closed) return;
    if (writer instanceof IndexWriter) {
      writer.lock.onLost = () => this.stepBack(writer);
      if (this.options.leader?.hindrance) this.stepBack(writer); // it was lost while this one opened
      return;
    }
    const look = (): void => void this.look().then(() => this.watch());
    this.timer = setTimeout(look, this.options.followEveryMs ?? FOLLOW_EVERY_MS).unref();
  }

  private look(): Promise<void> {
    return this.inTurn(() => this.followOnce());
  }

  /** A folder that can't be read now may be at the next look. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.looking = this.looking.then(work).catch(() => undefined);
    return this.looking;
  }

  private async followOnce(): Promise<void> {
    const { writer, options } = this;
    if (this.closed || writer instanceof IndexWriter) return;
    const { folder, fs = nodeFileSystem, now = Date.now } = options;
    const report = JSON.stringify(this.report);
    this.follower ??= new IndexFollower(fs, folder, this.loaded, now);
    const paths = await this.follower.catchUp();
    const next = mayPass(writer) ? await takeFolder(options) : writer;
    if (isHindrance(next)) this.writer = next;
    else this.adopt(await openForWriting(options, next));
    const role = JSON.stringify(this.report) !== report;
    if (paths.length > 0 || role) options.onChange?.({ paths, role });
  }

  /** Another process took this store for dead, say while the machine slept: what it writes is followed. */
  private stepBack(writer: IndexWriter): void {
    const { onChange } = this.options;
    if (!onChange || this.closed || this.writer !== writer) return;
    this.writer = { pid: 0, silent: false };
    void this.inTurn(async () => {
      await writer.abandon().catch(() => undefined);
      const before = this.loaded.state.documents.keys();
      const loaded = await openForReading(this.options);
      this.adopt({ loaded, writer: { pid: 0, silent: false } });
      onChange({ paths: [...new Set([...before, ...loaded.state.documents.keys()])], role: true });
    }).then(() => this.watch());
  }

  /** Another state of memory: whoever follows the table by its revision must notice. */
  private adopt({ loaded, writer }: Opened): void {
    const { table } = this.options;
    if (table) loaded.state.moveInto(table, this.state);
    else loaded.state.table.revision += this.state.table.revision + 1;
    this.state.closeFiles();
    this.loaded = loaded;
    this.writer = writer;
    this.follower = undefined;
  }
}
