// When the index is brought up to date: what the user asked for, the scan at start-up, and changes of files. No `vscode`
// here. Invariant: nothing is embedded by itself before the user asked once, nor after Stop until he asks again.
import { EngineError, isCancelled, isEngineError } from '../engine/errors.ts';
import type { EngineRequests, IndexSummary, RepairResult } from '../protocol/engineApi.ts';
import type { EngineProcess, Log } from './engineProcess.ts';
import {
  isInScope,
  isOptedIn,
  NO_SCOPE,
  readScope,
  withPaths,
  writeScope,
  type IndexScope,
  type ScopeStore,
} from './indexScope.ts';

/** What came of naming files. `summary` is absent when all of them may hold secrets. */
export interface NamedResult {
  readonly summary?: IndexSummary;
  readonly secret: readonly string[];
}

type IndexParams = EngineRequests['index']['params'];

/** Saves and bursts of changes outside the editor are gathered until there was none for so long, ... */
const GATHER_MS = 400;
/** ... but no longer than this many times as long. */
const GATHER_TIMES = 8;
/** More changes than this at once (a branch switch) are cheaper as a scan. */
const MANY_CHANGES = 200;
/** Files whose change alters which other files are read. */
const RULE_FILE = /(^|\/)(?:\.gitignore|\.vectorscopeignore|\.git\/info\/exclude)$/;
/** Folders that change all the time and are never indexed: not worth a message to the engine. */
const NEVER_INDEXED = /(^|\/)(\.git|node_modules|\.hg|\.svn)(\/|$)/;

export class IndexController {
  private scopeNow: IndexScope;
  private stopped = false;
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private gatheringSinceMs = 0;
  private rulesChanged = false;
  private ending = new AbortController();

  constructor(
    private readonly engine: Pick<EngineProcess, 'request'>,
    private readonly store: ScopeStore,
    private readonly mayRead: () => boolean,
    private readonly log: Log,
    private readonly changed: () => void,
    private readonly gatherMs = GATHER_MS,
  ) {
    this.scopeNow = readScope(store);
  }

  get scope(): IndexScope {
    return this.scopeNow;
  }

  /** The user pressed Stop: nothing runs by itself until he asks again. */
  get halted(): boolean {
    return this.stopped;
  }

  async embedWorkspace(): Promise<IndexSummary> {
    this.stopped = false;
    await this.setScope({ ...this.scopeNow, workspace: true, paths: [] });
    this.throwIfStopped();
    return await this.run({});
  }

  /** Embeds files and folders that the user named; `insist`: even those that may hold secrets. */
  async embedPaths(paths: readonly string[], insist: boolean): Promise<NamedResult> {
    this.stopped = false;
    const before = this.scopeNow;
    if (!before.workspace) await this.setScope(withPaths(before, paths));
    this.throwIfStopped();
    const result = await this.runNamed(paths, insist);
    if (!before.workspace && result.secret.length > 0) {
      const embedded = paths.filter((path) => !result.secret.includes(path));
      await this.setScope(withPaths(before, embedded));
    }
    return result;
  }

  /** Just the documents that failed, once more. */
  async retryFailed(): Promise<IndexSummary> {
    this.stopped = false;
    return await this.run({ failed: true });
  }

  /** The user kept a selection. */
  async noteSnippet(): Promise<void> {
    if (!this.scopeNow.snippets) await this.setScope({ ...this.scopeNow, snippets: true });
  }

  /** Brings what was asked for up to date, quietly; also after settings or folders changed. */
  async catchUp(): Promise<void> {
    if (this.stopped || !this.mayRead() || !isOptedIn(this.scopeNow)) return;
    const { workspace, paths } = this.scopeNow;
    await this.quietly(() => (workspace ? this.run({}) : this.runNamed(paths, false)));
  }

  /** Repair dropped these; those that the user had named rules exclude, so that no scan comes to them. */
  async embedLost(lost: RepairResult['lost']): Promise<void> {
    await this.catchUp();
    if (this.stopped || !this.mayRead()) return;
    for (const asked of ['named', 'insisted'] as const) {
      const paths = lost.filter((document) => document.asked === asked).map(({ path }) => path);
      if (paths.length > 0) await this.quietly(() => this.run({ paths, asked }));
    }
  }

  /** Files were saved, made, renamed or removed. */
  filesChanged(paths: readonly string[]): void {
    if (this.stopped || !this.mayRead()) return;
    for (const path of paths) {
      // A rule above a folder that was asked for holds in that folder too.
      if (RULE_FILE.test(path) && isOptedIn(this.scopeNow)) this.rulesChanged = true;
      if (!NEVER_INDEXED.test(path) && isInScope(this.scopeNow, path)) this.pending.add(path);
    }
    if (this.pending.size === 0 && !this.rulesChanged) return;
    const nowMs = performance.now();
    if (this.timer === undefined) this.gatheringSinceMs = nowMs;
    const leftMs = this.gatheringSinceMs + GATHER_TIMES * this.gatherMs - nowMs;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(this.gatherMs, leftMs)));
  }

  async pause(): Promise<void> {
    await this.engine.request('pause', undefined);
  }

  async resume(): Promise<void> {
    await this.engine.request('resume', undefined);
  }

  /** Goes on after Stop with what is left. */
  async goOn(): Promise<void> {
    this.stopped = false;
    this.changed();
    await this.catchUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.forgetChanges();
    this.changed();
    await this.engine.request('stop', undefined);
  }

  /** Forgets the index and that the user asked for it. */
  async clear(): Promise<void> {
    await this.engine.request('stop', undefined);
    await this.engine.request('clear', undefined);
    this.stopped = false;
    await this.setScope(NO_SCOPE);
  }

  /** Other settings hold: ends what was asked under those before, also where the engine has not heard of it yet. */
  endRuns(): void {
    this.ending.abort();
    this.ending = new AbortController();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    const paths = [...this.pending];
    const isScan = this.rulesChanged || (this.scopeNow.workspace && paths.length > MANY_CHANGES);
    this.forgetChanges();
    if (!this.mayRead()) return; // another model was chosen since: what changed is seen by the scan that the user agrees to
    if (isScan) await this.catchUp();
    else if (paths.length > 0) {
      await this.quietly(() => this.run({ paths }));
    }
  }

  private forgetChanges(): void {
    this.pending.clear();
    this.rulesChanged = false;
  }

  /** Stop came while the scope was written down: the engine has not heard of the run yet. */
  private throwIfStopped(): void {
    if (this.stopped) throw new EngineError('cancelled');
  }

  /** Goes on under other settings, where those send to nothing that the user has not agreed to. */
  private async run(params: IndexParams): Promise<IndexSummary> {
    for (;;) {
      const { signal } = this.ending;
      try {
        return await this.engine.request('index', params, signal);
      } catch (error) {
        if (!signal.aborted || this.stopped || !this.mayRead()) throw error;
      }
    }
  }

  /** The engine refuses a run that names a file with secrets: that file is left out, the others are embedded. */
  private async runNamed(paths: readonly string[], insist: boolean): Promise<NamedResult> {
    const left = new Set(paths);
    const secret: string[] = [];
    while (left.size > 0) {
      try {
        const summary = await this.run({ paths: [...left], asked: insist ? 'insisted' : 'named' });
        return { summary, secret };
      } catch (error) {
        const path = isEngineError(error, 'security-file') ? String(error.details['path']) : undefined;
        if (path === undefined || !left.delete(path)) throw error;
        secret.push(path);
      }
    }
    return { secret };
  }

  /** Nobody waits for this run: the status tells its problem. */
  private async quietly(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!isCancelled(error)) this.log.warn(`index: ${String(error)}`);
    }
  }

  private async setScope(scope: IndexScope): Promise<void> {
    this.scopeNow = scope;
    await writeScope(this.store, scope);
    this.changed();
  }
}
