// Stage 4, the store: opens a space's folder and answers from memory. Invariant: see store.ts; only here and in what this imports
// are vectra and the disk known. Cost: all vectors are in memory; opening reads every shard once.
import path from 'node:path';
import { EngineError, isEngineError } from '../errors.ts';
import type { CoverageEntry, DocumentRecord, EmbeddingSpace, LeftOut, StoredChunk, VectorTable } from '../model.ts';
import { checkVectors } from './checkVectors.ts';
import { type FileSystem, bytesBelow, nodeFileSystem, onDisk, syncFolder } from './durableFiles.ts';
import type { IndexState } from './indexState.ts';
import { IndexWriter } from './indexWriter.ts';
import { type LoadedIndex, loadIndex, loadSteadily } from './loadIndex.ts';
import { readSidecar } from './sidecars.ts';
import type { OpenReport, VectorStore } from './store.ts';
import { toStored } from './storedDocument.ts';
import { type WriterLock, takeWriterLock } from './writerLock.ts';

export interface OpenStoreOptions {
  /** Absolute; made when it is missing. One space's own: `path.join(storageFolder, spaceFolderName(space))`. */
  readonly folder: string;
  readonly space: EmbeddingSpace;
  /** Dimensions of the space's parts, in order; each part of a row has unit length. */
  readonly partDimensions: readonly number[];
  /** The clock by which retired vectors age. */
  readonly now?: () => number;
  readonly fs?: FileSystem;
  /** How much memory the exact vectors may take; see FloatRows. */
  readonly vectorMemoryBytes?: number;
}

/** Who or what keeps a store from writing. */
type Hindrance = { readonly pid: number } | { readonly errno: string };

/** What a folder answers that can't be written to, now and later; anything else may pass. */
const DENIED: ReadonlySet<unknown> = new Set(['EROFS', 'EACCES', 'EPERM']);

/**
 * Opens the index for writing, or for reading only: when another store (of this process or another) has it open for writing;
 * then `report.readOnlyBecausePid` is set, every write throws `index-locked`, and what the other writes later is not seen
 * before the next opening; or when the folder can't be written to: then `report.readOnlyBecauseErrno` is set and every write
 * throws `index-read-only`. Throws `index-too-new` (the index is untouched), `storage-failed`.
 */
export async function openStore(options: OpenStoreOptions): Promise<VectorStore> {
  const { folder, space, partDimensions, fs = nodeFileSystem, now = Date.now } = options;
  if (partDimensions.reduce((sum, length) => sum + length, 0) !== space.dimension) {
    throw new EngineError('internal', { reason: `parts ${partDimensions.join('+')} of dimension ${space.dimension}` });
  }
  const lock = await takeFolder(fs, folder);
  const { vectorMemoryBytes } = options;
  const loading = { fs, folder, space, nowMs: now(), ...(vectorMemoryBytes !== undefined && { vectorMemoryBytes }) };
  if ('pid' in lock || 'errno' in lock)
    return new VectraStore(options, await loadSteadily({ ...loading, mend: false }), lock);
  try {
    const loaded = await loadIndex({ ...loading, mend: true });
    const writer = new IndexWriter({ fs, folder, now, lock }, loaded);
    await writer.settle();
    return new VectraStore(options, loaded, writer);
  } catch (error) {
    await lock.release().catch(() => undefined); // a lock that stays is found stale by the next opener
    throw error;
  }
}

/** Makes the folder where it is missing and takes its lock. */
async function takeFolder(fs: FileSystem, folder: string): Promise<WriterLock | Hindrance> {
  try {
    const made = await onDisk(folder, () => fs.mkdir(folder, { recursive: true }));
    if (made !== undefined) await syncFolder(fs, path.dirname(folder));
    return await takeWriterLock(fs, folder);
  } catch (error) {
    const errno = isEngineError(error, 'storage-failed') ? error.details['reason'] : undefined;
    if (!DENIED.has(errno)) throw error;
    return { errno: String(errno) };
  }
}

class VectraStore implements VectorStore {
  readonly space: EmbeddingSpace;
  readonly report: OpenReport;
  private readonly state: IndexState;

  constructor(
    private readonly options: OpenStoreOptions,
    { state, lostDocuments, setAside }: LoadedIndex,
    private readonly writer: IndexWriter | Hindrance,
  ) {
    this.space = options.space;
    this.state = state;
    this.report = {
      lostDocuments,
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

  assertWritable(): void {
    this.openWriter();
  }

  rowsOf(path: string): readonly number[] {
    return this.state.table.rowsOf(path);
  }

  findVector(textHash: string): Float32Array | undefined {
    return this.state.table.vectorOfHash(textHash) ?? this.state.retired.find(textHash);
  }

  async replaceDocument(
    document: DocumentRecord,
    chunks: readonly StoredChunk[],
    vectors: Float32Array,
  ): Promise<void> {
    const writer = this.openWriter();
    checkVectors(this.space, this.options.partDimensions, chunks.length, vectors);
    await writer.change({ replace: toStored(document, chunks, vectors) });
  }

  async removeDocuments(paths: readonly string[]): Promise<void> {
    await this.openWriter().change({ remove: paths });
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

  async checkpoint(): Promise<void> {
    await this.openWriter().checkpoint();
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
    await this.openWriter().clear();
  }

  async close(): Promise<void> {
    try {
      if (this.writer instanceof IndexWriter) await this.writer.close();
    } finally {
      this.state.closeFiles();
    }
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
}
