// What a run has to do: the workspace as it is against the index as it is. Invariant: a file whose size and time are
// unchanged is not read. Cost: one stat a file; one read for each file that changed or is new.
import pMap from 'p-map';
import { EngineError, throwIfAborted } from './errors.ts';
import { type Asked, type DocumentRecord, type LeftOut, type SourceDocument, coverageStateOf } from './model.ts';
import { countCjkLetters } from './cjk.ts';
import { IMAGE_LANGUAGE } from './source/readImage.ts';
import type { ReadOptions, ReadResult, Source, WalkedFile } from './source/source.ts';
import type { VectorStore } from './store/store.ts';

export interface IndexScope {
  /** Files and folders (or `''` for everything); undefined means everything. */
  readonly paths?: readonly string[];
  /** The user named the paths: the rules that this waives do not apply to files among them. */
  readonly asked?: Asked;
}

export interface PendingDocument {
  readonly path: string;
  readonly size: number;
  readonly asked?: Asked;
}

export interface IndexPlan {
  readonly pending: readonly PendingDocument[];
  /** What is up to date already: a run that goes on after Stop or a crash goes on counting from there. */
  readonly current: { readonly documents: number; readonly bytes: number };
  /** Same text under a new size or time. */
  readonly touched: readonly WalkedFile[];
  readonly removed: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** Han, kana and hangul letters in what is pending and in what stays. */
  readonly cjkLetters: number;
  /** The plan speaks of the whole workspace: the ledger is replaced, not amended. */
  readonly whole: boolean;
}

const READS_AT_ONCE = 8;

/** Compares, changes nothing. Throws `cancelled`. `onFile` is told the number of files seen. */
export async function planIndex(
  source: Source,
  store: VectorStore,
  scope: IndexScope,
  maxFileBytes: number,
  signal: AbortSignal,
  onFile: (seen: number) => void,
): Promise<IndexPlan> {
  const judge = new Judge(source, store, maxFileBytes, onFile);
  const whole = scope.paths === undefined || scope.paths.includes('');
  if (whole) {
    await judge.walk(() => true, signal);
    await judge.askedBefore(signal);
    judge.markUnseenRemoved(() => true);
  } else {
    for (const path of scope.paths ?? []) await judge.named(path, scope, signal);
  }
  return judge.plan(whole);
}

class Judge {
  private readonly seen = new Set<string>();
  private readonly pending = new Map<string, PendingDocument>();
  private readonly touched: WalkedFile[] = [];
  private readonly removed = new Set<string>();
  private readonly leftOut: LeftOut[] = [];
  private readonly judgedBefore: ReadonlyMap<string, LeftOut>;
  private cjk = 0;
  private currentDocuments = 0;
  private currentBytes = 0;

  constructor(
    private readonly source: Source,
    private readonly store: VectorStore,
    private readonly maxFileBytes: number,
    private readonly onFile: (seen: number) => void,
  ) {
    this.judgedBefore = new Map(
      store
        .coverage()
        .flatMap((entry) =>
          entry.reason !== undefined && entry.mtimeMs !== undefined
            ? [[entry.path, { ...entry, reason: entry.reason }]]
            : [],
        ),
    );
  }

  async walk(within: (path: string) => boolean, signal: AbortSignal): Promise<void> {
    await pMap(
      this.source.walk(signal),
      async (walked) => {
        throwIfAborted(signal);
        if ('leftOut' in walked) {
          if (within(walked.leftOut.path)) this.leftOut.push(walked.leftOut);
        } else if (within(walked.file.path)) await this.file(walked.file);
      },
      { concurrency: READS_AT_ONCE },
    );
  }

  /** Files that the user once named and that the rules exclude stay while they exist. */
  async askedBefore(signal: AbortSignal): Promise<void> {
    for (const record of [...this.store.documents.values()]) {
      throwIfAborted(signal);
      const { path, asked } = record;
      if (asked && !this.seen.has(path)) this.judge(path, await this.source.read(path, readOptions(asked)), asked);
    }
  }

  async named(path: string, scope: IndexScope, signal: AbortSignal): Promise<void> {
    const folder = path.endsWith('/') ? path : `${path}/`;
    if (path.endsWith('/') || [...this.store.documents.keys()].some((known) => known.startsWith(folder))) {
      await this.walk((at) => at.startsWith(folder), signal);
      this.markUnseenRemoved((at) => at.startsWith(folder));
      return;
    }
    const known = this.store.documents.get(path);
    const asked = known?.asked === 'insisted' ? known.asked : (scope.asked ?? known?.asked);
    const result = await this.source.read(path, readOptions(asked));
    if ('leftOut' in result && result.leftOut.reason === 'not-a-file') {
      await this.walk((at) => at.startsWith(folder), signal);
      return;
    }
    if ('leftOut' in result && asked === 'named' && result.leftOut.reason === 'security') {
      throw new EngineError('security-file', { path, rule: result.leftOut.detail ?? '' });
    }
    this.judge(path, result, asked);
    if ('leftOut' in result && known) this.removed.add(path);
  }

  /** What the index holds, the walk did not meet, and no snippet or asked-for file is. */
  markUnseenRemoved(within: (path: string) => boolean): void {
    for (const { path, kept } of this.store.documents.values()) {
      if (!kept && within(path) && !this.seen.has(path)) this.removed.add(path);
    }
  }

  plan(whole: boolean): IndexPlan {
    let cjk = this.cjk;
    for (const record of this.store.documents.values()) {
      if (!this.pending.has(record.path) && !this.removed.has(record.path)) cjk += record.cjkLetters;
    }
    return {
      pending: [...this.pending.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
      current: { documents: this.currentDocuments, bytes: this.currentBytes },
      touched: this.touched,
      removed: [...this.removed],
      leftOut: this.leftOut,
      cjkLetters: cjk,
      whole,
    };
  }

  private async file(file: WalkedFile): Promise<void> {
    const record = this.store.documents.get(file.path);
    if (record && record.size === file.size && record.mtimeMs === file.mtimeMs && this.sameLimit(record)) {
      this.see(file.path);
      this.isCurrent(file.size);
      return;
    }
    const before = this.judgedBefore.get(file.path);
    const decided = before && before.size === file.size && before.mtimeMs === file.mtimeMs;
    if (decided && coverageStateOf(before.reason) === 'skipped') {
      this.leftOut.push(before);
      return;
    }
    this.judge(file.path, await this.source.read(file.path, { ruled: true }), undefined, file);
  }

  private judge(path: string, result: ReadResult, asked: Asked | undefined, file?: WalkedFile): void {
    // What is gone leaves the index and no line behind.
    if ('leftOut' in result && result.leftOut.reason === 'vanished') return;
    if ('leftOut' in result) {
      this.leftOut.push(file ? { ...result.leftOut, size: file.size, mtimeMs: file.mtimeMs } : result.leftOut);
      return;
    }
    this.see(path);
    const { document } = result;
    const record = this.store.documents.get(path);
    if (record && isSameText(record, document) && (asked === undefined || record.asked === asked)) {
      this.touched.push({ path, size: document.size, mtimeMs: document.mtimeMs });
      this.isCurrent(document.size);
      return;
    }
    this.cjk += countCjkLetters(document.text);
    const waived = asked ?? record?.asked;
    this.pending.set(path, { path, size: document.size, ...(waived && { asked: waived }) });
  }

  private see(path: string): void {
    this.seen.add(path);
    this.onFile(this.seen.size);
  }

  private isCurrent(bytes: number): void {
    this.currentDocuments++;
    this.currentBytes += bytes;
  }

  /** A document cut at an old limit, or one that would be cut now, must be read again. */
  private sameLimit(record: DocumentRecord): boolean {
    if (record.languageId === IMAGE_LANGUAGE) return true; // has a limit of its own
    return record.size <= this.maxFileBytes
      ? record.truncatedAtBytes === undefined
      : (record.truncatedAtBytes ?? Infinity) <= this.maxFileBytes;
  }
}

/** How a file is read whose rules were checked (by the walk) or waived (by the user). */
export function readOptions(asked: Asked | undefined): ReadOptions {
  return { ruled: asked !== undefined, insist: asked === 'insisted' };
}

function isSameText(record: DocumentRecord, document: SourceDocument): boolean {
  return record.hash === document.hash && record.languageId === document.languageId;
}
