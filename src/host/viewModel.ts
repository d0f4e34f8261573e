// What the sidebar shows, gathered from its owners; says when it changed. No `vscode` here. Invariant: revisions grow;
// a burst of changes is one push.
import { EventEmitter } from 'node:events';
import type { KeptSnippetInfo } from '../protocol/engineApi.ts';
import type { ImageRoot, SearchView, SimilarView, ViewSnapshot } from '../protocol/viewApi.ts';
import type { ShownProblem } from './shownProblem.ts';
import { buildSnapshot } from './snapshot.ts';
import type { World } from './world.ts';

export interface ViewModelPorts {
  world(): World;
  similar(): SimilarView;
  search(): SearchView;
  modelSetting(): string;
  /** Undefined without a page. */
  imageRoots?(): readonly ImageRoot[] | undefined;
  /** The document of the active editor. */
  currentPath?(): string | undefined;
  changes?(): readonly number[];
  canNameClusters?(): boolean;
  /** See {@link ViewSnapshot.halted}. */
  halted?(): boolean;
  remoteHost(): string | undefined;
  /** The problem of the last run, or why none begins. */
  problem(): ShownProblem | undefined;
}

const PUSH_DELAY_MS = 30;

export class ViewModel extends EventEmitter<{ changed: [ViewSnapshot] }> {
  private revision = 0;
  private notice: string | undefined;
  private kept: readonly KeptSnippetInfo[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly ports: ViewModelPorts) {
    super();
  }

  get snippets(): readonly KeptSnippetInfo[] {
    return this.kept;
  }

  snapshot(): ViewSnapshot {
    const { ports, notice, kept } = this;
    return buildSnapshot(
      {
        world: ports.world(),
        similar: ports.similar(),
        search: ports.search(),
        snippets: kept,
        imageRoots: ports.imageRoots?.(),
        currentPath: ports.currentPath?.(),
        changes: ports.changes?.(),
        canNameClusters: ports.canNameClusters?.(),
        halted: ports.halted?.(),
        notice,
        problem: ports.problem(),
        modelSetting: ports.modelSetting(),
        remoteHost: ports.remoteHost(),
      },
      ++this.revision,
    );
  }

  /** Something shown changed: a push follows in a moment. */
  changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.emit('changed', this.snapshot());
    }, PUSH_DELAY_MS);
  }

  /** Says, or takes back, what happened by itself. */
  setNotice(notice: string | undefined): void {
    this.notice = notice;
    this.changed();
  }

  setSnippets(kept: readonly KeptSnippetInfo[]): void {
    this.kept = kept;
    this.changed();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
