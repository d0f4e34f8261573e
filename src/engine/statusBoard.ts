// The newest status as one snapshot, sent at most ten times a second besides a run's phases. Cost: counting the ledger, at most
// once a second.
import type { EngineStatus, IndexPhase, RemoteStatus } from '../protocol/engineApi.ts';
import type { CoverageState } from './model.ts';
import type { Session } from './session.ts';

type Fields = {
  -readonly [
    K in 'modelSetting' | 'lastIndex' | 'problem' | 'progress' | 'phase' | 'onBattery' | 'analysis' | 'importing'
  ]?: EngineStatus[K] | undefined;
};

interface Counts {
  readonly coverage: Record<CoverageState, number>;
  readonly languages: Record<string, number>;
  readonly waiting?: number;
}

const SEND_EVERY_MS = 100;
const COUNT_EVERY_MS = 1000;

export class StatusBoard {
  private revision = 0;
  /** Of the status sent last. */
  private toldPhase: IndexPhase = 'idle';
  private fields: Fields = {};
  private session: Session | undefined;
  private bytes = 0;
  private counted: { at: number; counts: Counts } = { at: -Infinity, counts: noCounts() };
  private timer: NodeJS.Timeout | undefined;
  private recount: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly send: (status: EngineStatus) => void,
    private readonly remote: () => RemoteStatus | undefined = () => undefined,
    private readonly jobs: () => EngineStatus['jobs'] = () => undefined,
  ) {}

  attach(session: Session): void {
    this.session = session;
    session.analyst.onProgress = (analysis) => this.update({ analysis });
    this.measureAgain();
  }

  /** The index changed by itself: fresh counts. */
  measureAgain(): void {
    this.counted.at = -Infinity;
    this.measure();
    this.refresh();
  }

  /** That another process writes is told by the report alone: who writes may have changed. */
  forgetLocked(): void {
    if (this.fields.problem?.code === 'index-locked') this.update({ problem: undefined });
  }

  detach(): void {
    this.session = undefined;
    this.refresh();
  }

  update(fields: Fields): void {
    Object.assign(this.fields, fields);
    this.refresh();
  }

  /**
   * A run is told of a moment after its start (most are over by then), and from then on each phase at once, so that nobody
   * gets the answer to his Stop, or the run's result, while the newest status still says that it goes on.
   */
  phase(phase: IndexPhase): void {
    this.update({ phase });
    if (this.toldPhase !== 'idle') this.sendNow();
  }

  /** A run ended: no progress any more, fresh counts. */
  finish(): void {
    this.counted.at = -Infinity;
    this.measure();
    this.update({ progress: undefined });
    this.phase('idle');
  }

  /** Something shown may have changed. */
  refresh(): void {
    this.revision++;
    if (this.timer || this.closed) return;
    this.timer = setTimeout(() => this.sendNow(), SEND_EVERY_MS);
    this.timer.unref();
  }

  private sendNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.closed) return;
    const status = this.snapshot();
    this.toldPhase = status.phase;
    this.send(status);
  }

  snapshot(): EngineStatus {
    const { modelSetting = 'auto', lastIndex, problem, progress, phase = 'idle', onBattery, analysis, importing } = this.fields; // prettier-ignore
    const store = this.session?.store;
    const runtime = this.session?.embedder.runtime;
    const report = store?.report;
    const remote = this.remote();
    const jobs = this.jobs();
    return {
      revision: this.revision,
      phase,
      modelSetting,
      documents: store?.documents.size ?? 0,
      chunks: store?.table.count ?? 0,
      bytes: this.bytes,
      ...this.counts(),
      ...(store && { space: store.space }),
      ...(runtime && { runtime }),
      ...(progress && { progress }),
      ...(lastIndex && { lastIndex }),
      ...(remote && { remote }),
      ...(jobs && { jobs }),
      ...(problem && { problem }),
      ...(onBattery && { onBattery }),
      ...(analysis && { analysis }),
      ...(importing !== undefined && { importing }),
      ...(report?.readOnlyBecausePid !== undefined && { readOnlyBecausePid: report.readOnlyBecausePid }),
      ...(report?.readOnlyBecauseErrno !== undefined && { readOnlyBecauseErrno: report.readOnlyBecauseErrno }),
      ...(report &&
        report.setAside.length + report.lostDocuments.length > 0 && {
          mended: { lostDocuments: report.lostDocuments.length, setAside: report.setAside },
        }),
    };
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.recount);
  }

  private measure(): void {
    void this.session?.store.bytes().then(
      (bytes) => {
        this.bytes = bytes;
        this.refresh();
      },
      () => undefined, // a folder that can't be read has no size to show
    );
  }

  private counts(): Counts {
    const store = this.session?.store;
    const now = performance.now();
    if (!store) return noCounts();
    if (now - this.counted.at > COUNT_EVERY_MS) {
      const languages: Record<string, number> = {};
      for (const { languageId } of store.documents.values()) languages[languageId] = (languages[languageId] ?? 0) + 1;
      const waiting = store.leftOut().filter(({ reason }) => reason === 'not-indexed-yet').length;
      const counts = { coverage: store.counts(), languages, ...(waiting > 0 && { waiting }) };
      this.counted = { at: now, counts };
    } else {
      this.recountLater();
    }
    return this.counted.counts;
  }

  /** What was counted a moment ago may be the last that is told, for instance of a paused run. */
  private recountLater(): void {
    this.recount ??= setTimeout(() => {
      this.recount = undefined;
      this.refresh();
    }, COUNT_EVERY_MS);
    this.recount.unref();
  }
}

function noCounts(): Counts {
  return { coverage: { indexed: 0, excluded: 0, skipped: 0, failed: 0 }, languages: {} };
}
