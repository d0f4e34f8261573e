// What a run has to do: the workspace as it is against the index as it is. Invariant: a file whose size and time are
// unchanged is not read. Cost: one stat a file; one read for each file that changed or is new.
import pMap from 'p-map';
import type { RunScope } from '../protocol/engineApi.ts';
import { EngineError, throwIfAborted } from './errors.ts';
import { coverageStateOf, type Asked, type DocumentRecord, type LeftOut, type SourceDocument } from './model.ts';
import { countCjkLetters } from './cjk.ts';
import { IMAGE_LANGUAGE } from './source/readImage.ts';
import type { ReadOptions, ReadResult, Source, Walked, WalkedFile } from './source/source.ts';
import type { VectorStore } from './store/store.ts';

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
  scope: RunScope,
  maxFileBytes: number,
  signal: AbortSignal,
  onFile: (seen: number) => void,
): Promise<IndexPlan> {
  const judge = new Judge(source, store, maxFileBytes, onFile);
  const whole = !scope.failed && (scope.paths === undefined || scope.paths.includes(''));
  if (scope.failed) {
    await judge.named(judge.failedBefore(), scope, signal);
  } else if (whole) {
    await judge.walk(() => true, signal);
    await judge.askedBefore(() => true, signal);
    judge.markUnseenRemoved(() => true, true);
  } else {
    await judge.named(scope.paths ?? [], scope, signal);
  }
  return judge.plan(whole);
}

class Judge {
  private readonly seen = new Set<string>();
  /** Seen too, and as the index has them: most of a scan, so that a list must do. */
  private unchanged: DocumentRecord[] = [];
  /** Of the index's documents, those that the walk has not come to. */
  private readonly ahead: Iterator<DocumentRecord, undefined>;
  private next: DocumentRecord | undefined;
  private readonly pending = new Map<string, PendingDocument>();
  private readonly touched: WalkedFile[] = [];
  private readonly removed = new Set<string>();
  private readonly leftOut = new Map<string, LeftOut>();
  private ledgerLines: ReadonlyMap<string, LeftOut> | undefined;
  private folders: ReadonlySet<string> | undefined;
  private cjk = 0;
  private currentDocuments = 0;
  private currentBytes = 0;

  constructor(
    private readonly source: Source,
    private readonly store: VectorStore,
    private readonly maxFileBytes: number,
    private readonly onFile: (seen: number) => void,
  ) {
    this.ahead = store.documents.values();
    this.next = this.ahead.next().value;
  }

  failedBefore(): readonly string[] {
    return [...this.ledger().values()].flatMap((line) => (isFailed(line) ? [line.path] : []));
  }

  async walk(within: (path: string) => boolean, signal: AbortSignal): Promise<void> {
    await pMap(this.changed(within, signal), (file) => this.read(file, signal), { concurrency: READS_AT_ONCE });
  }

  /** Walks; settles what is known by size and time, and yields what must be read. */
  private async *changed(within: (path: string) => boolean, signal: AbortSignal): AsyncGenerator<WalkedFile> {
    for await (const group of this.source.walk(signal)) {
      throwIfAborted(signal);
      for (const walked of group) if (within(pathOf(walked)) && !this.isSettled(walked)) yield walked.file;
      this.onFile(this.seen.size + this.unchanged.length);
    }
  }

  /** Files that the user once named and that the rules exclude stay while they exist, and come back where they were lost. */
  async askedBefore(within: (path: string) => boolean, signal: AbortSignal): Promise<void> {
    for (const { path, asked } of [...this.store.documents.values(), ...this.ledger().values()]) {
      if (!asked || !within(path) || this.hasSeen(path)) continue;
      throwIfAborted(signal);
      this.judge(path, await this.source.read(path, readOptions(asked)), asked);
    }
  }

  /** Files one by one, then all folders in one walk. */
  async named(paths: Iterable<string>, scope: RunScope, signal: AbortSignal): Promise<void> {
    const files = new Set<string>();
    const folders = new Set<string>();
    for (const path of paths) {
      throwIfAborted(signal);
      const folder = path.endsWith('/') ? path : `${path}/`;
      if (path.endsWith('/') || this.isKnownFolder(folder) || !(await this.namedFile(path, scope))) folders.add(folder);
      else files.add(path);
    }
    if (folders.size === 0) return;
    const prefixes = [...folders];
    const within = (path: string): boolean => prefixes.some((folder) => path.startsWith(folder)) && !files.has(path);
    await this.walk(within, signal);
    await this.askedBefore(within, signal);
    this.markUnseenRemoved(within);
  }

  /** False for a folder. */
  private async namedFile(path: string, scope: RunScope): Promise<boolean> {
    const known = this.store.documents.get(path);
    const before = this.askedFor(path);
    const asked = before === 'insisted' ? before : (scope.asked ?? before);
    const result = await this.source.read(path, readOptions(asked));
    if ('leftOut' in result && result.leftOut.reason === 'not-a-file') return false;
    if ('leftOut' in result && asked === 'named' && result.leftOut.reason === 'security') {
      throw new EngineError('security-file', { path, rule: result.leftOut.detail ?? '' });
    }
    this.judge(path, result, asked);
    if ('leftOut' in result && known) this.removed.add(path);
    // Its text may be unchanged: what failed is what became of it.
    if (scope.failed && 'document' in result) {
      this.pending.set(path, { path, size: result.document.size, ...(asked && { asked }) });
    }
    return true;
  }

  /** What index and ledger hold and the walk did not meet, unless it is a snippet or a file that was asked for. */
  markUnseenRemoved(within: (path: string) => boolean, whole = false): void {
    // One walk meets each file once: as many as the index has are all of them.
    if (!whole || this.unchanged.length !== this.store.documents.size) {
      for (const { path, kept } of this.store.documents.values()) {
        if (!kept && within(path) && !this.hasSeen(path)) this.removed.add(path);
      }
    }
    for (const path of this.ledger().keys()) {
      if (within(path) && !this.leftOut.has(path) && !this.hasSeen(path)) this.removed.add(path);
    }
  }

  private hasSeen(path: string): boolean {
    for (const record of this.unchanged) this.seen.add(record.path);
    this.unchanged = [];
    return this.seen.has(path);
  }

  plan(whole: boolean): IndexPlan {
    let cjk = this.cjk;
    const isNoneGone = this.pending.size + this.removed.size === 0;
    for (const { path, cjkLetters } of this.store.documents.values()) {
      if (isNoneGone || (!this.pending.has(path) && !this.removed.has(path))) cjk += cjkLetters;
    }
    return {
      pending: [...this.pending.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
      current: { documents: this.currentDocuments, bytes: this.currentBytes },
      touched: this.touched,
      removed: [...this.removed],
      leftOut: [...this.leftOut.values()],
      cjkLetters: cjk,
      whole,
    };
  }

  /** Whether what the walk met needs no reading: it is left out, or its size and time are those of the last reading. */
  private isSettled(walked: Walked): walked is Exclude<Walked, { readonly file: WalkedFile }> {
    if ('leftOut' in walked) {
      this.leftOut.set(walked.leftOut.path, walked.leftOut);
      return true;
    }
    const { file } = walked;
    const record = this.recordOf(file.path);
    const ledger = this.ledger();
    const before = ledger.size > 0 ? ledger.get(file.path) : undefined;
    if (record && record.size === file.size && record.mtimeMs === file.mtimeMs && this.sameLimit(record)) {
      this.unchanged.push(record);
      this.isCurrent(file.size);
      if (before && isFailed(before)) this.leftOut.set(file.path, before); // rows of it that a service refused
      return true;
    }
    if (before?.size !== file.size || before.mtimeMs !== file.mtimeMs) return false;
    if (coverageStateOf(before.reason) !== 'skipped') return false;
    this.leftOut.set(file.path, before);
    return true;
  }

  /** A first run stores documents in path order, in which the walk meets them too: most need no look-up. */
  private recordOf(path: string): DocumentRecord | undefined {
    while (this.next && this.next.path < path) this.next = this.ahead.next().value;
    return this.next?.path === path ? this.next : this.store.documents.get(path);
  }

  private async read(file: WalkedFile, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.judge(file.path, await this.source.read(file.path, { ruled: true }), undefined, file);
  }

  private judge(path: string, result: ReadResult, asked: Asked | undefined, file?: WalkedFile): void {
    if ('leftOut' in result) {
      const { leftOut } = result;
      if (leftOut.reason !== 'vanished') {
        const again = asked && isFailed(leftOut) && { asked }; // one that can't be read now may be later
        this.leftOut.set(path, { ...leftOut, ...again, ...(file && { size: file.size, mtimeMs: file.mtimeMs }) });
      } else if (this.ledger().has(path)) this.removed.add(path); // what is gone leaves no line behind
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
    const waived = asked ?? this.askedFor(path);
    this.pending.set(path, { path, size: document.size, ...(waived && { asked: waived }) });
  }

  private see(path: string): void {
    this.seen.add(path);
    this.onFile(this.seen.size + this.unchanged.length);
  }

  /** The waiver that the user once gave for a file. */
  private askedFor(path: string): Asked | undefined {
    return this.store.documents.get(path)?.asked ?? this.ledger().get(path)?.asked;
  }

  /** The ledger's lines of what is not in order. */
  private ledger(): ReadonlyMap<string, LeftOut> {
    this.ledgerLines ??= new Map(this.store.leftOut().map((line) => [line.path, line]));
    return this.ledgerLines;
  }

  /** Whether documents are known below a folder. */
  private isKnownFolder(folder: string): boolean {
    this.folders ??= foldersOf(this.store.documents.keys());
    return this.folders.has(folder);
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

function isFailed({ reason }: LeftOut): boolean {
  return coverageStateOf(reason) === 'failed';
}

function pathOf(walked: Walked): string {
  return 'file' in walked ? walked.file.path : walked.leftOut.path;
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (
      let at = path.lastIndexOf('/');
      at >= 0 && !folders.has(path.slice(0, at + 1));
      at = path.lastIndexOf('/', at - 1)
    ) {
      folders.add(path.slice(0, at + 1));
      if (at === 0) break;
    }
  }
  return folders;
}

function isSameText(record: DocumentRecord, document: SourceDocument): boolean {
  return record.hash === document.hash && record.languageId === document.languageId;
}
