// Stage 4, contract: vectors on disk. Invariant: when `replaceDocument` resolves the document survives kill -9, and what a
// reader finds of a document is all of its old chunks or all of its new ones. Cost: one append with fsync a document.
import type {
  CoverageEntry,
  CoverageState,
  DocumentRecord,
  EmbeddingSpace,
  LeftOut,
  StoredChunk,
  VectorTable,
} from '../model.ts';
import type { SalvagedSnippet } from './storedDocument.ts';

/** What `openStore` found and mended. */
export interface OpenReport {
  /** Documents whose shard was corrupt: they are no longer in the index and must be embedded again. */
  readonly lostDocuments: readonly string[];
  /** Files set aside for inspection (never deleted). */
  readonly setAside: readonly string[];
  /** Set when another process writes this index: this store only reads. */
  readonly readOnlyBecausePid?: number;
  /** Set when the folder can't be written to (`EROFS`, `EACCES`, `EPERM`), or its disk is full (`ENOSPC`, `EDQUOT`): this store only reads. */
  readonly readOnlyBecauseErrno?: string;
}

/** What a store that reads tells of its own accord. */
export interface StoreChange {
  /** Documents that the writer changed. */
  readonly paths: readonly string[];
  /** Whether `report` says something else: this store took over, lost the lock, or another process has it now. */
  readonly role: boolean;
}

/** One space's index. Made by `openStore` in vectraStore.ts. Calls may overlap: writes are queued. */
export interface VectorStore {
  readonly space: EmbeddingSpace;
  readonly report: OpenReport;
  readonly table: VectorTable;
  readonly documents: ReadonlyMap<string, DocumentRecord>;
  /** Kept snippets whose vectors were lost, by path: not among the documents until they are stored again, or removed. */
  readonly salvaged: ReadonlyMap<string, SalvagedSnippet>;
  /** Grows with every change of documents and ledger. */
  readonly revision: number;

  /** Throws `index-locked` or `index-read-only`, as every write does, when this store only reads. */
  assertWritable(): void;

  /**
   * As {@link assertWritable}, after looking whether the lock is free by now; where its owner seems to be gone, waits the minute
   * that it takes to be sure. Throws `cancelled`.
   */
  whenWritable(signal: AbortSignal): Promise<void>;

  /** Rows of a document in the table, in chunk order. */
  rowsOf(path: string): readonly number[];

  /** A copy of the vector of a text with this hash, from a live chunk or a retired one that is still kept. */
  findVector(textHash: string): Float32Array | undefined;

  /** The sparse vector beside it, as it is stored; in a space that has them. */
  findSparse(textHash: string): string | undefined;

  /**
   * Stores a document with its chunks; `vectors` is chunks.length x dimension. Resolves once it is on disk and in `table`.
   * Throws `storage-failed`, `index-locked`, `bad-vector` (wrong length, NaN, a zero part); then nothing changed.
   */
  replaceDocument(document: DocumentRecord, chunks: readonly StoredChunk[], vectors: Float32Array): Promise<void>;

  /**
   * As {@link replaceDocument}, in the place of everything else too, and for a document that is large: stored once, without a record of
   * the journal. Throws `cancelled` as well; then nothing changed. `internal` where each folder has an index of its own.
   */
  replaceAll(
    document: DocumentRecord,
    chunks: readonly StoredChunk[],
    vectors: Float32Array,
    signal?: AbortSignal,
  ): Promise<void>;

  /** New size and mtime for a document whose text is unchanged. On disk with the next {@link flush}. */
  touchDocument(path: string, size: number, mtimeMs: number): void;

  /** Also takes the ledger's lines under these paths away. */
  removeDocuments(paths: readonly string[]): Promise<void>;

  /** The ledger's lines for what is not indexed; replaces those under the same path. On disk with the next {@link flush}. */
  recordLeftOut(entries: readonly LeftOut[], replaceAll: boolean): void;
  /** Ledger and indexed documents in path order, without kept snippets. A line about an indexed document wins: it is newer. */
  coverage(): CoverageEntry[];
  /** The lines of what is not, or not wholly, indexed; in no order. Cheap, as `counts` is. */
  leftOut(): readonly LeftOut[];
  /** How many lines of `coverage` are in each state. */
  counts(): Record<CoverageState, number>;

  /** Texts that are in no document any more and whose vectors are kept for a while. */
  readonly retired: number;
  /** Lets go of those vectors, or only of these texts'. */
  forgetRetired(hashes?: Iterable<string>): Promise<void>;

  /** What ends a run: the ledger and the new times are on disk when it resolves. Cost: one append, none without such changes. */
  flush(): Promise<void>;

  /** Folds the journal into the shards. Also done by itself now and then and by `close`. */
  checkpoint(): Promise<void>;

  /** For whoever waits for the next {@link flush}: a checkpoint that began by itself ends at once and is made after it. */
  putOffCheckpoint(): void;

  /** A file beside the index that its caller made of it and could make again; undefined when there is none. Throws `storage-failed`. */
  readSidecar(name: string): Promise<Buffer | undefined>;
  /** Replaces it as a whole; `clear` removes it. Throws `storage-failed`, and what every write throws. */
  writeSidecar(name: string, parts: readonly Buffer[]): Promise<void>;

  /** Bytes on disk. */
  bytes(): Promise<number>;

  /** Removes the index from disk, with what was set aside; the store stays open and empty. */
  clear(): Promise<void>;

  /** Makes a checkpoint and gives the lock back, also when it rejects (`storage-failed`, `index-locked`). */
  close(): Promise<void>;
}
