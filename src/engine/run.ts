// One indexing run: scan, choose the space, carry the plan out, count. Invariant: the session that answers queries stays
// whole while another space is filled, and is replaced only when that one has caught up.
import type { EngineConfig, EngineResources, EngineStatus, IndexSummary, RunScope } from '../protocol/engineApi.ts';
import { embedByJobs, isBatchModel, type BatchVectors } from './batchIndexing.ts';
import { autoModelFilled, isAuto } from './autoModel.ts';
import type { JobBoard } from './jobBoard.ts';
import type { Manners } from './embed/embedder.ts';
import type { RemoteContext } from './remoteContext.ts';
import { throwIfAborted } from './errors.ts';
import { Gate } from './flow.ts';
import { noteIndex } from './indexRegistry.ts';
import { planIndex, type IndexPlan } from './indexPlan.ts';
import { runIndexer, type IndexCounts } from './indexer.ts';
import { coverageStateOf, type LeftOut } from './model.ts';
import { openPartSources } from './partSources.ts';
import { openSession, type Session } from './session.ts';
import { restoreSnippets } from './snippets.ts';
import type { Source } from './source/source.ts';
import type { StatusBoard } from './statusBoard.ts';
import type { StoreChange, VectorStore } from './store/store.ts';
import { createVectorReuse, type VectorReuse } from './vectorReuse.ts';

export interface RunContext {
  readonly config: EngineConfig;
  readonly resources: EngineResources;
  readonly remote: RemoteContext | undefined;
  readonly manners: Manners | undefined;
  readonly jobs: JobBoard;
  readonly source: Source;
  readonly board: StatusBoard;
  /** The session that answers queries. */
  readonly serving: Session;
  onIndexed(paths: readonly string[]): void;
  readonly onStoreChange: (change: StoreChange) => void;
  /** Lets another session answer queries and closes the one that did. */
  adopt(session: Session): Promise<void>;
}

export class IndexRun {
  private readonly abort = new AbortController();
  private readonly gate = new Gate();
  private ended: Promise<unknown> = Promise.resolve();
  private startedMs = performance.now();
  private embeddingSinceMs = this.startedMs;
  private pausedAtMs = 0;
  private spentBefore = 0;
  private filling: VectorStore | undefined;

  constructor(private readonly context: RunContext) {}

  start(scope: RunScope): Promise<IndexSummary> {
    const result = this.execute(scope);
    this.ended = result.catch(() => undefined);
    return result;
  }

  get isPaused(): boolean {
    return this.gate.isClosed;
  }

  pause(): void {
    if (this.gate.isClosed) return;
    this.pausedAtMs = performance.now();
    this.gate.close();
    this.context.board.phase('paused');
  }

  resume(): void {
    if (!this.gate.isClosed) return;
    // The time left is reckoned from the time at work.
    this.embeddingSinceMs += performance.now() - this.pausedAtMs;
    this.gate.open();
    this.context.board.phase('embedding');
  }

  /** Resolves when the run has ended. */
  async stop(): Promise<void> {
    this.context.board.phase('stopping');
    this.abort.abort();
    this.filling?.putOffCheckpoint();
    await this.ended;
  }

  private async execute(scope: RunScope): Promise<IndexSummary> {
    const { config, serving, board } = this.context;
    this.spentBefore = this.context.remote?.status().spend.amount ?? 0;
    this.startedMs = performance.now();
    board.phase('scanning');
    const plan = await this.plan(serving, scope);
    const model = isAuto(config) ? autoModelFilled(config, serving.model, plan.cjkLetters) : serving.model;
    if (model === serving.model) return this.fill(serving, plan, undefined);
    const { resources, remote, onStoreChange, manners } = this.context;
    const next = await openSession(config, model, resources, remote?.options, onStoreChange, manners);
    // The other space starts from its own state of the whole workspace, whatever the scope was.
    const everything: RunScope = {};
    if (serving.store.table.count === 0) {
      await this.context.adopt(next);
      return this.fill(next, await this.plan(next, everything), undefined);
    }
    try {
      const summary = await this.fill(next, await this.plan(next, everything), serving);
      await this.context.adopt(next);
      return summary;
    } catch (error) {
      await next.close();
      throw error;
    }
  }

  private async plan({ store }: Session, scope: RunScope): Promise<IndexPlan> {
    await store.whenWritable(this.abort.signal);
    const { source, config, board } = this.context;
    const plan = await planIndex(source, store, scope, config.maxFileBytes, this.abort.signal, (seen) =>
      board.update({ progress: this.progress({ before: NOTHING, documents: seen, bytes: 0 }, noCounts()) }),
    );
    throwIfAborted(this.abort.signal);
    return plan;
  }

  /** `serving`: the session that goes on answering meanwhile, where it is another one. */
  private async fill(session: Session, plan: IndexPlan, serving: Session | undefined): Promise<IndexSummary> {
    const { config, source, board } = this.context;
    const { embedder, chunker, store } = session;
    const extent = {
      before: plan.current,
      documents: plan.pending.length,
      bytes: plan.pending.reduce((sum, { size }) => sum + size, 0),
    };
    const counts = noCounts();
    this.embeddingSinceMs = performance.now();
    board.update({ progress: this.progress(extent, counts) });
    if (this.gate.isClosed) this.pausedAtMs = this.embeddingSinceMs;
    else board.phase('embedding');
    const changed = new ChangeFeed((paths) => this.context.onIndexed(paths), [...plan.removed]);
    if (plan.whole) await noteIndex(config);
    const elsewhere = await openPartSources(config, session, plan, serving);
    let batch: BatchVectors | undefined;
    let isWhole = false;
    this.filling = store;
    try {
      const stored = createVectorReuse(store, embedder.parts, elsewhere.sources);
      batch = await this.embedByJobs(session, plan, stored);
      const reuse = batch?.reuse ?? stored;
      const failed = await runIndexer({ source, chunker, embedder, store, reuse }, plan, counts, {
        signal: this.abort.signal,
        gate: this.gate,
        onProgress: (now) => board.update({ progress: this.progress(extent, now) }),
        onIndexed: (path) => changed.add(path),
      });
      for (const path of await restoreSnippets(session, this.abort.signal)) changed.add(path);
      isWhole = plan.whole && failed.length === 0;
      return this.summary(session, withBatch(counts, batch), failed);
    } finally {
      changed.flush();
      elsewhere.close();
      await batch?.close(isWhole);
      await store.flush();
      this.filling = undefined;
    }
  }

  /** Undefined for other models, and for small updates. */
  private async embedByJobs(session: Session, plan: IndexPlan, reuse: VectorReuse): Promise<BatchVectors | undefined> {
    const { source, jobs, remote, config } = this.context;
    if (!remote || !isBatchModel(session.model) || plan.pending.length === 0) return undefined;
    return embedByJobs(session, source, plan, reuse, jobs, config.storageFolder, this.abort.signal);
  }

  private progress(
    { before, documents, bytes }: Extent,
    counts: Readonly<IndexCounts>,
  ): NonNullable<EngineStatus['progress']> {
    const secondsElapsed = (performance.now() - this.startedMs) / 1000;
    const secondsAtWork = (performance.now() - this.embeddingSinceMs) / 1000;
    const share = bytes > 0 ? counts.bytesDone / bytes : 0;
    return {
      documentsTotal: before.documents + documents,
      documentsDone: before.documents + counts.documentsDone,
      bytesTotal: before.bytes + bytes,
      bytesDone: before.bytes + counts.bytesDone,
      embedded: counts.embedded,
      reused: counts.reused,
      tokens: counts.tokens,
      secondsElapsed,
      ...(share > 0.005 && { secondsLeft: (secondsAtWork / share) * (1 - share) }),
      ...(counts.currentPath !== undefined && { currentPath: counts.currentPath }),
    };
  }

  private summary({ store }: Session, counts: IndexCounts, failedNow: readonly LeftOut[]): IndexSummary {
    const left = [...store.leftOut()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const errors = new Map(failedNow.map(({ path, detail }) => [path, detail ?? '']));
    return {
      documents: store.documents.size,
      chunks: store.table.count,
      embedded: counts.embedded,
      reused: counts.reused,
      skipped: left.flatMap(({ path, reason }) => (coverageStateOf(reason) === 'failed' ? [] : [{ path, reason }])),
      failed: left.flatMap(({ path, reason, detail }) =>
        coverageStateOf(reason) === 'failed' ? [{ path, error: errors.get(path) ?? detail ?? '' }] : [],
      ),
      tokens: Math.round(counts.tokens),
      ...this.cost(),
      seconds: (performance.now() - this.startedMs) / 1000,
    };
  }

  /** Money that this run took; nothing where no price is known. */
  private cost(): { cost?: number } {
    const amount = this.context.remote?.status().spend.amount;
    return amount === undefined ? {} : { cost: amount - this.spentBefore };
  }
}

/** What a run has to do, and what of its scope was up to date before. */
interface Extent {
  readonly before: IndexPlan['current'];
  readonly documents: number;
  readonly bytes: number;
}

const NOTHING = { documents: 0, bytes: 0 };

const FEED_EVERY_MS = 500;

/** Tells of changed documents in groups. */
class ChangeFeed {
  private last = performance.now();

  constructor(
    private readonly tell: (paths: readonly string[]) => void,
    private paths: string[],
  ) {}

  add(path: string): void {
    this.paths.push(path);
    if (performance.now() - this.last > FEED_EVERY_MS) this.flush();
  }

  flush(): void {
    this.last = performance.now();
    if (this.paths.length > 0) this.tell(this.paths);
    this.paths = [];
  }
}

/** To the indexer a job's vectors are reused; to the user they were embedded in this run. */
function withBatch(counts: IndexCounts, batch: BatchVectors | undefined): IndexCounts {
  if (!batch) return counts;
  const { texts, tokens } = batch.counts();
  const { embedded, reused } = counts;
  return { ...counts, embedded: embedded + texts, reused: Math.max(0, reused - texts), tokens: counts.tokens + tokens };
}

function noCounts(): IndexCounts {
  return { documentsDone: 0, bytesDone: 0, embedded: 0, reused: 0, tokens: 0, currentPath: undefined };
}
