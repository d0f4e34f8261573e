// The words of one session: read from beside the index, brought up to date in slices, written back. Invariant: whatever is wrong with
// the file, scores are those of an index built anew. Cost: reading 40 MB at 100,000 chunks instead of 6 s of work; a slice holds up
// the event loop for SLICE_MS at most.
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { notMissed, throwIfAborted } from './errors.ts';
import { sampledWeights } from './search/words/sampledWeights.ts';
import { decodeWords, encodeWords } from './search/words/wordFile.ts';
import { WordIndex, type WordScores } from './search/words/wordIndex.ts';
import type { VectorStore } from './store/store.ts';

const FILE = 'words';
const SLICE_MS = 15;

/** Ahead of any search: a third of one core, and only while nothing else is done. */
const AHEAD = { firstMs: 1_000, workMs: 10, restMs: 20, busyMs: 2_000 };

/** Written when so much would have to be done again: less costs less to redo than to write. */
const UNSAVED_CHUNKS = 250;
const UNSAVED_SHARE = 0.02;

export class SessionWords {
  private index = new WordIndex();
  private loading: Promise<void> | undefined;
  private ahead: Promise<void> | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly store: VectorStore) {}

  /** Brings the words up to date. Throws `cancelled`. */
  async catchUp(signal: AbortSignal | undefined): Promise<void> {
    await this.load();
    while (!this.index.follow(this.store.table, SLICE_MS)) {
      await nextTurn();
      throwIfAborted(signal);
    }
  }

  /** After {@link catchUp}; what has changed since is taken in at once. */
  score(query: string): WordScores {
    this.index.follow(this.store.table);
    return this.index.score(query);
  }

  /** Words of a chunk, on average; after {@link catchUp}. */
  get meanLength(): number {
    return this.index.meanLength;
  }

  /** Weights of a query's words, to tell why: from a sample where nothing has been counted yet. */
  weigh(query: string): ReadonlyMap<string, number> {
    return this.index.isFilled ? this.index.weigh(query) : sampledWeights(this.store.table, query);
  }

  /** Does in the background what the next search would wait for. `isBusy`: there is better to do now. */
  workAhead(isBusy: () => boolean): void {
    // What goes wrong here goes wrong for the next search too, which says so.
    this.ahead ??= this.catchUpSlowly(isBusy)
      .catch(() => undefined)
      .finally(() => (this.ahead = undefined));
  }

  /** Before the store is closed. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.ahead;
    if (this.loading) await this.save();
  }

  private async catchUpSlowly(isBusy: () => boolean): Promise<void> {
    const rest = (ms: number): Promise<void> => pause(ms, undefined, { ref: false, signal: this.closing.signal });
    await rest(AHEAD.firstMs);
    while (isBusy()) await rest(AHEAD.busyMs);
    await this.load();
    while (isBusy() || !this.index.follow(this.store.table, AHEAD.workMs)) {
      await rest(isBusy() ? AHEAD.busyMs : AHEAD.restMs);
    }
    await this.save();
  }

  private load(): Promise<void> {
    this.loading ??= this.read();
    return this.loading;
  }

  private async read(): Promise<void> {
    const bytes = await this.store.readSidecar(FILE).catch(notMissed);
    const saved = bytes && (await decodeWords(bytes));
    if (saved) this.index = new WordIndex(undefined, saved);
  }

  private async save(): Promise<void> {
    const { index, store } = this;
    if (!index.follow(store.table, SLICE_MS)) return;
    if (index.unsavedChunks <= Math.max(UNSAVED_CHUNKS, UNSAVED_SHARE * store.table.count)) return;
    const parts = await encodeWords(index.save());
    await store.writeSidecar(FILE, parts).catch(notMissed);
  }
}
