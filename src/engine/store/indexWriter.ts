// Stage 4, the one writer of an index: journal, checkpoint and lock put together. Invariant: a change of documents is in memory only
// once its record is on disk, and changes and checkpoints come one after the other. Cost: one flushed append a change.
import { EngineError, isEngineError } from '../errors.ts';
import { removeSetAside, sweep, writeCheckpoint } from './checkpoint.ts';
import { type FileSystem, onDisk } from './durableFiles.ts';
import type { IndexState } from './indexState.ts';
import { type JournalEntry, JournalWriter } from './journal.ts';
import type { LoadedIndex, SavedRevisions } from './loadIndex.ts';
import { NO_SHARDS, type ShardFiles, writeManifest } from './manifest.ts';
import { removeSidecars, writeSidecar } from './sidecars.ts';
import type { WriterLock } from './writerLock.ts';

// Replaying 32 MB takes about as long as reading 32 MB of shards; a quarter of a large index keeps rewriting all of it rare.
const CHECKPOINT_BYTES = 32 * 2 ** 20;
const CHECKPOINT_RECORDS = 2_000;
const CHECKPOINT_SHARE = 4;

export interface WriterOptions {
  readonly fs: FileSystem;
  readonly folder: string;
  readonly now: () => number;
  readonly lock: WriterLock;
}

export class IndexWriter {
  private state: IndexState;
  private readonly journal: JournalWriter;
  private files: ShardFiles;
  /** Of the manifest on disk. */
  private generation: number;
  private nextGeneration: number;
  /** What of memory the manifest on disk holds; undefined when it has to be written in any case. */
  private saved: SavedRevisions | undefined;
  /** Journal since a checkpoint was last tried. */
  private pending: { readonly bytes: number; readonly records: number };
  /** Documents that the manifest on disk tells of, at least. */
  private told: number;
  /** Ends the checkpoint that began by itself. */
  private due = new AbortController();
  private isPutOff = false;
  private queue: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | undefined;

  constructor(
    private readonly options: WriterOptions,
    loaded: LoadedIndex,
  ) {
    this.state = loaded.state;
    this.files = loaded.files;
    this.generation = loaded.generation;
    this.nextGeneration = loaded.nextGeneration;
    this.saved = loaded.saved;
    this.pending = { bytes: loaded.journalBytes, records: loaded.journalRecords };
    this.told = Math.max(0, this.state.documents.size - loaded.journalRecords);
    this.state.unwritten.clear(); // it was read from the disk
    this.journal = new JournalWriter(options.fs, options.folder, () => this.nextGeneration++);
  }

  get lock(): WriterLock {
    return this.options.lock;
  }

  /** Brings the folder in order after loading. The index is usable even where that fails, say on a full disk. */
  async settle(): Promise<void> {
    const { fs, folder } = this.options;
    try {
      if (this.saved) await sweep(fs, folder, this.files, this.generation);
      else await this.checkpoint();
    } catch (error) {
      if (!isEngineError(error, 'storage-failed')) throw error;
    }
    this.checkpointIfDue();
  }

  /** Throws `internal` after {@link close}. */
  assertOpen(): void {
    if (this.closing) throw new EngineError('internal', { reason: 'the store is closed' });
  }

  /** Resolves once the change is on disk and in memory. Throws `storage-failed`, `index-locked`: nothing changed. */
  async change(entry: JournalEntry): Promise<void> {
    await this.enqueue(async () => {
      await this.append(entry);
      this.state.apply(entry, this.options.now());
    });
    this.checkpointIfDue();
  }

  /** Goes on with another state, which a checkpoint puts on disk as a whole. Throws as {@link change}, or when aborted: nothing changed. */
  replaceState(state: IndexState, signal: AbortSignal | undefined): Promise<void> {
    return this.enqueue(async () => {
      await this.save(state, NO_SHARDS, false, signal);
      this.pending = { bytes: 0, records: 0 };
      await this.sweep().catch(() => undefined); // it is done: whether the lock is lost is told by the next write
    });
  }

  /** Writes the changes of the ledger, and of documents' sizes and times, that memory has already. Throws as {@link change}. */
  async flush(): Promise<void> {
    try {
      await this.enqueue(async () => {
        const ledger = this.state.takeUnwritten();
        if (ledger.length === 0) return;
        try {
          await this.append({ remove: [], ledger });
        } catch (error) {
          for (const { path } of ledger) this.state.unwritten.add(path);
          throw error;
        }
      });
    } finally {
      this.isPutOff = false;
    }
    // Whoever does not open a space goes by its manifest: it may be behind, but not tell of half of the index.
    this.checkpointIfDue(this.state.documents.size > 2 * this.told);
  }

  /** Ends a checkpoint that began by itself, between two shards, and begins none before the next {@link flush}. */
  putOffCheckpoint(): void {
    this.isPutOff = true;
    this.due.abort();
  }

  checkpoint(): Promise<void> {
    return this.enqueue(() => this.writeOut());
  }

  /** Throws `storage-failed`, `index-locked`; the older one then stays. */
  writeSidecar(name: string, parts: readonly Buffer[]): Promise<void> {
    return this.enqueue(() => writeSidecar(this.options.fs, this.options.folder, name, parts));
  }

  forgetRetired(hashes?: Iterable<string>): Promise<void> {
    return this.enqueue(() => {
      const { retired } = this.state;
      if (hashes) for (const hash of hashes) retired.forget(hash);
      else retired.clear();
      return this.writeOut();
    });
  }

  /** Removes the index from disk and from memory. */
  clear(): Promise<void> {
    return this.enqueue(async () => {
      const { state } = this;
      const { fs, folder } = this.options;
      await this.journal.close();
      const generation = this.nextGeneration++;
      const nothing = { files: NO_SHARDS, documents: [], leftOut: [] };
      await writeManifest(fs, folder, { generation, space: state.space, ...nothing });
      state.clear();
      this.files = NO_SHARDS;
      this.generation = generation;
      this.saved = { revision: state.revision, retiredRevision: state.retired.revision };
      this.pending = { bytes: 0, records: 0 };
      this.told = 0;
      await sweep(fs, folder, NO_SHARDS, generation);
      await removeSidecars(fs, folder);
      await onDisk(folder, () => removeSetAside(fs, folder));
    });
  }

  /** Writes out what memory holds and gives the lock back. Throws `storage-failed`: the journal then still has every document. */
  close(): Promise<void> {
    this.closing ??= this.end(this.enqueue(() => this.writeOut()));
    return this.closing;
  }

  /** Lets go of an index that another process has taken over: nothing more is written. */
  async abandon(): Promise<void> {
    this.closing ??= this.end(this.queue.then(() => undefined));
    await this.closing;
  }

  private async end(written: Promise<void>): Promise<void> {
    try {
      await written;
    } finally {
      await this.journal.close();
      await this.options.lock.release();
    }
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    if (this.closing) return Promise.reject(new EngineError('internal', { reason: 'the store is closed' }));
    const done = this.queue.then(async () => {
      await this.options.lock.assertOwned();
      await work();
    });
    this.queue = done.catch(() => undefined); // the caller is told by `done`
    return done;
  }

  private async append(entry: JournalEntry): Promise<void> {
    const bytes = await this.journal.append(entry);
    this.pending = { bytes: this.pending.bytes + bytes, records: this.pending.records + 1 };
  }

  private async writeOut(signal?: AbortSignal): Promise<void> {
    const { state, saved } = this;
    this.pending = { bytes: 0, records: 0 };
    state.retired.forgetOld(this.options.now());
    const retiredChanged = state.retired.revision !== saved?.retiredRevision;
    if (saved?.revision === state.revision && !retiredChanged) return;
    await this.save(state, this.files, retiredChanged, signal);
    await this.sweep();
  }

  /** `files`: those that hold what is not dirty of the state. */
  private async save(
    state: IndexState,
    files: ShardFiles,
    retiredChanged: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { fs, folder, lock } = this.options;
    await this.journal.close();
    const generation = this.nextGeneration++;
    const assertOwned = (): Promise<void> => lock.assertOwned();
    const input = { fs, folder, state, files, generation, retiredChanged, signal, assertOwned };
    const { files: written, ...revisions } = await writeCheckpoint(input);
    this.state = state;
    this.files = written;
    this.generation = generation;
    this.saved = revisions;
    this.told = state.documents.size;
  }

  private async sweep(): Promise<void> {
    const { fs, folder, lock } = this.options;
    await lock.assertOwned(); // what another process wrote meanwhile would look like leftovers
    await sweep(fs, folder, this.files, this.generation);
  }

  /** Starts a checkpoint behind what is queued; one that fails is tried again when as much has been written once more. */
  private checkpointIfDue(isBehind = false): void {
    const { bytes, records } = this.pending;
    const { table, documents } = this.state;
    const dueBytes = Math.max(CHECKPOINT_BYTES, (table.count * table.dimension * 4) / CHECKPOINT_SHARE);
    const dueRecords = Math.max(CHECKPOINT_RECORDS, documents.size / CHECKPOINT_SHARE);
    if (this.closing || this.isPutOff || (!isBehind && bytes < dueBytes && records < dueRecords)) return;
    this.pending = { bytes: 0, records: 0 };
    const { signal } = (this.due = new AbortController());
    void this.enqueue(() => this.writeOut(signal)).catch(() => {
      if (signal.aborted) this.pending = { bytes: this.pending.bytes + bytes, records: this.pending.records + records };
    });
  }
}
