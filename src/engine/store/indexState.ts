// Stage 4, the index in memory, and what of it the disk does not hold yet. Invariant: a change happens whole within one turn
// of the event loop; live writing and replaying the journal take the same way. Cost: a document's size.
import { crc32 } from 'node:zlib';
import {
  type CoverageEntry,
  type CoverageState,
  type DocumentRecord,
  type EmbeddingSpace,
  type LeftOut,
  type StoredChunk,
  coverageStateOf,
} from '../model.ts';
import { EngineError } from '../errors.ts';
import { ChunkTable } from './chunkTable.ts';
import type { JournalEntry, LedgerChange } from './journal.ts';
import { DEFAULT_VECTOR_MEMORY_BYTES } from './floatRows.ts';
import { RetiredVectors } from './retiredVectors.ts';
import type { ShardFile } from './shardFile.ts';
import type { SalvagedSnippet, StoredDocument } from './storedDocument.ts';

/** About 800 chunks a shard at 50,000 chunks. Stored in the manifest; changing it needs a new format. */
export const SHARD_COUNT = 64;

/** Stable for ever: shards on disk depend on it. */
export function shardOf(path: string): number {
  return crc32(path) % SHARD_COUNT;
}

/** Where a shard's file holds the vectors of a document's chunks, in bytes. */
export interface ShardPlaces {
  readonly path: string;
  readonly offsets: readonly number[];
}

/** `offsets`: of all vectors of the file; `documents`: those in it, in its order. */
export function placesIn(
  offsets: readonly number[],
  documents: Iterable<{ readonly path: string; readonly chunks: number }>,
): ShardPlaces[] {
  let first = 0;
  return Array.from(documents, ({ path, chunks }) => ({ path, offsets: offsets.slice(first, (first += chunks)) }));
}

export class IndexState {
  readonly documents = new Map<string, DocumentRecord>();
  readonly retired: RetiredVectors;
  /** Snippets whose vectors were lost, by path, until they are embedded again. */
  readonly salvaged = new Map<string, SalvagedSnippet>();
  /** Shards whose file does not say what memory says. */
  readonly dirtyShards = new Set<number>();
  /** Paths whose line in the ledger, or whose document's size or time, neither manifest nor journal tells yet. */
  readonly unwritten = new Set<string>();
  /** Grows with every change of what the manifest tells. */
  revision = 0;
  private ownTable: ChunkTable;
  private readonly leftOut = new Map<string, LeftOut>();
  private readonly shardFiles = new Map<number, ShardFile>();

  constructor(
    readonly space: EmbeddingSpace,
    vectorMemoryBytes = DEFAULT_VECTOR_MEMORY_BYTES,
  ) {
    const { dimension } = space;
    this.ownTable = new ChunkTable(dimension, vectorMemoryBytes);
    this.retired = new RetiredVectors({ dimension, live: () => this.table.count, memoryBytes: vectorMemoryBytes });
  }

  /** It may hold rows of other states too, of other documents. */
  get table(): ChunkTable {
    return this.ownTable;
  }

  /** Puts its rows into a table of several states, in place of those that `before` has there. */
  moveInto(table: ChunkTable, before?: IndexState): void {
    table.replace(before?.documents.keys() ?? [], this.table);
    this.ownTable = table;
  }

  apply(entry: JournalEntry, nowMs: number): void {
    if ('replace' in entry) this.replace(entry.replace, nowMs);
    else {
      for (const path of entry.remove) this.remove(path, nowMs);
      for (const change of entry.ledger ?? []) this.applyLedger(change);
    }
  }

  /** A copy of the vector of a text with this hash, from a live chunk or a retired one. */
  findVector(textHash: string): Float32Array | undefined {
    return this.table.vectorOfHash(textHash) ?? this.retired.find(textHash);
  }

  /** The sparse vector beside it, as it is stored. */
  findSparse(textHash: string): string | undefined {
    return this.table.chunkOfHash(textHash)?.sparse ?? this.retired.findSparse(textHash);
  }

  /** Takes documents over from a shard's file, where their vectors begin at `offsets`: nothing becomes dirty. */
  load(shard: number, documents: readonly StoredDocument[], file: ShardFile, offsets: readonly number[]): void {
    const places = placesIn(offsets, documents.map(({ document: { path }, chunks: { length } }) => ({ path, chunks: length }))); // prettier-ignore
    documents.forEach(({ document, chunks, vectors }, i) => {
      this.documents.set(document.path, document);
      this.table.add(document.path, chunks, vectors, { file, offsets: places[i]?.offsets ?? [] });
    });
    this.shardFiles.set(shard, file);
  }

  /** A shard's file, just written, holds the vectors of these documents, each chunk's at its offset; undefined: the shard is gone. */
  settle(shard: number, file: ShardFile | undefined, stored: readonly ShardPlaces[]): void {
    if (file) for (const { path, offsets } of stored) this.table.settle(path, { file, offsets });
    this.shardFiles.get(shard)?.close();
    if (file) this.shardFiles.set(shard, file);
    else this.shardFiles.delete(shard);
  }

  closeFiles(): void {
    for (const file of this.shardFiles.values()) file.close();
    this.shardFiles.clear();
    this.retired.close();
  }

  touch(path: string, size: number, mtimeMs: number): void {
    const document = this.documents.get(path);
    if (!document || (document.size === size && document.mtimeMs === mtimeMs)) return;
    this.documents.set(path, { ...document, size, mtimeMs });
    this.unwritten.add(path);
    this.revision++;
  }

  /** A shard whose file can't be read: the next checkpoint writes it anew from what memory holds. */
  loseShard(shard: number): void {
    this.dirtyShards.add(shard);
    this.revision++;
  }

  /**
   * A document that damage took: a run finds it in the ledger with its waiver, and a snippet with its text, of which
   * nothing else tells.
   */
  lose(document: DocumentRecord, text?: readonly StoredChunk[]): void {
    const { path, asked, kept } = document;
    if (!kept) this.leftOut.set(path, { path, reason: 'not-indexed-yet', ...(asked && { asked }) });
    else if (text) this.salvaged.set(path, { document, chunks: text });
    this.revision++;
  }

  /** Replaces lines under the same paths, and for a folder's line (it ends in '/') those of its content. */
  recordLeftOut(entries: readonly LeftOut[], replaceAll: boolean): void {
    // A scan that finds everything as it was leaves nothing to write.
    if (entries.every((entry) => isSameLine(this.leftOut.get(entry.path), entry))) {
      if (!replaceAll || entries.length === this.leftOut.size) return;
    }
    const wanted = new Set(replaceAll ? entries.map(({ path }) => path) : []);
    const folders = entries.filter((entry) => entry.path.endsWith('/')).map((entry) => entry.path);
    if (replaceAll || folders.length > 0) {
      for (const path of this.leftOut.keys()) {
        if (replaceAll ? wanted.has(path) : !folders.some((folder) => path.startsWith(folder))) continue;
        this.leftOut.delete(path);
        this.unwritten.add(path);
      }
    }
    for (const entry of entries) {
      if (!isSameLine(this.leftOut.get(entry.path), entry)) this.unwritten.add(entry.path);
      this.leftOut.set(entry.path, entry);
    }
    this.revision++;
  }

  /** What `unwritten` stands for; the caller sees to it that it gets to the disk. */
  takeUnwritten(): LedgerChange[] {
    const changes = [...this.unwritten].map((path): LedgerChange => {
      const line = this.leftOut.get(path);
      const document = this.documents.get(path);
      return {
        path,
        ...(line && { line: { ...line, path: undefined } }),
        ...(document && { times: { size: document.size, mtimeMs: document.mtimeMs } }),
      };
    });
    this.unwritten.clear();
    return changes;
  }

  leftOutEntries(): LeftOut[] {
    return [...this.leftOut.values()];
  }

  counts(): Record<CoverageState, number> {
    const counts = { indexed: 0, excluded: 0, skipped: 0, failed: 0 };
    for (const { reason } of this.leftOut.values()) counts[coverageStateOf(reason)]++;
    for (const { path, kept } of this.documents.values()) if (!kept && !this.leftOut.has(path)) counts.indexed++;
    return counts;
  }

  /** The ledger in path order. A line about a document that is indexed is newer than the document, and wins. */
  coverage(): CoverageEntry[] {
    const entries: CoverageEntry[] = this.leftOutEntries().map((line) => ({
      ...line,
      state: coverageStateOf(line.reason),
      ...(this.documents.has(line.path) && { chunks: this.table.rowsOf(line.path).length }),
    }));
    for (const { path, kept, truncatedAtBytes } of this.documents.values()) {
      if (kept || this.leftOut.has(path)) continue;
      const chunks = this.table.rowsOf(path).length;
      entries.push({ path, state: 'indexed', chunks, ...(truncatedAtBytes !== undefined && { truncatedAtBytes }) });
    }
    return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  /** Paths of the documents with chunks in each dirty shard; a shard that has become empty has none. */
  pathsOfDirtyShards(): Map<number, string[]> {
    const paths = new Map<number, string[]>();
    for (const shard of this.dirtyShards) paths.set(shard, []);
    for (const path of this.documents.keys()) {
      if (this.table.rowsOf(path).length > 0) paths.get(shardOf(path))?.push(path);
    }
    return paths;
  }

  /** Documents with copies of their vectors, made one by one as they are asked for. Throws `storage-failed`. */
  *stored(paths: readonly string[]): Generator<StoredDocument> {
    for (const path of paths) {
      const document = this.documents.get(path);
      if (!document) continue;
      const chunks = this.table.rowsOf(path).flatMap((row) => this.table.chunks[row] ?? []);
      const vectors = this.table.copyRowsOf(path);
      if (!vectors) {
        const file = this.shardFiles.get(shardOf(path))?.file ?? path;
        throw new EngineError('storage-failed', { path: file, reason: 'EIO' });
      }
      yield { document, chunks, vectors };
    }
  }

  clear(): void {
    this.closeFiles();
    for (const path of this.documents.keys()) this.table.remove(path);
    if (this.table.count === 0) this.table.clear();
    this.documents.clear();
    this.retired.clear();
    this.dirtyShards.clear();
    this.leftOut.clear();
    this.unwritten.clear();
    this.salvaged.clear();
    this.revision++;
  }

  private replace({ document, chunks, vectors }: StoredDocument, nowMs: number): void {
    const { path } = document;
    this.takeOut(path, new Set(chunks.map((chunk) => chunk.hash)), nowMs);
    this.table.add(path, chunks, vectors);
    for (const { hash } of chunks) this.retired.forget(hash);
    this.documents.set(path, document);
    this.leftOut.delete(path);
    this.unwritten.delete(path);
    this.salvaged.delete(path);
    this.markDirty(path);
  }

  private remove(path: string, nowMs: number): void {
    if (this.leftOut.delete(path)) this.revision++;
    this.unwritten.delete(path);
    if (this.salvaged.delete(path)) this.revision++;
    if (!this.documents.has(path)) return;
    this.takeOut(path, new Set(), nowMs);
    this.documents.delete(path);
    this.markDirty(path);
  }

  private applyLedger({ path, line, times }: LedgerChange): void {
    const entry = line && { ...line, path };
    if (entry ? !isSameLine(this.leftOut.get(path), entry) : this.leftOut.has(path)) {
      if (entry) this.leftOut.set(path, entry);
      else this.leftOut.delete(path);
      this.revision++;
    }
    if (times) this.touch(path, times.size, times.mtimeMs);
  }

  /** Takes a document's rows out and retires the vectors that are then neither live nor `staying`. */
  private takeOut(path: string, staying: ReadonlySet<string>, nowMs: number): void {
    const old: { readonly chunk: StoredChunk; readonly vector: Float32Array }[] = [];
    for (const row of this.table.rowsOf(path)) {
      const chunk = this.table.chunks[row];
      const vector = chunk && !staying.has(chunk.hash) ? this.table.exactRow(row) : undefined;
      if (chunk && vector) old.push({ chunk, vector });
    }
    this.table.remove(path);
    for (const { chunk, vector } of old) {
      const { hash, sparse } = chunk;
      if (this.table.hasHash(hash)) continue;
      this.retired.keep({ hash, vector, retiredAtMs: nowMs, ...(sparse !== undefined && { sparse }) });
    }
  }

  private markDirty(path: string): void {
    this.dirtyShards.add(shardOf(path));
    this.revision++;
  }
}

function isSameLine(a: LeftOut | undefined, b: LeftOut): boolean {
  if (a?.reason !== b.reason) return false;
  return a.detail === b.detail && a.size === b.size && a.mtimeMs === b.mtimeMs && a.asked === b.asked;
}
