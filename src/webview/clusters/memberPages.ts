// Members of expanded clusters, fetched page by page. Invariant: rows of an older answer stay until those of the newer one are
// there, so that nothing blinks while the slider moves. Cost: a request for 100 members.
import { isCancelled } from '../../engine/errors.ts';
import type { ClusterMember } from '../../engine/model.ts';
import type { ClusterQuery } from '../../protocol/engineApi.ts';
import type { ViewContext } from '../viewContext.ts';

export const PAGE_MEMBERS = 100;

interface Pages {
  members: readonly ClusterMember[];
  /** The answer that the members belong to. */
  of: object;
  running: AbortController | undefined;
  failed: boolean;
  /** The engine has no more. */
  ended: boolean;
}

/** `id` undefined: those that belong to no cluster. */
type ClusterId = string | undefined;

export class MemberPages {
  private readonly pages = new Map<ClusterId, Pages>();

  constructor(
    private readonly context: ViewContext,
    private readonly changed: () => void,
  ) {}

  membersOf(id: ClusterId): readonly ClusterMember[] {
    return this.pages.get(id)?.members ?? [];
  }

  hasFailed(id: ClusterId): boolean {
    return this.pages.get(id)?.failed === true;
  }

  hasAll(id: ClusterId): boolean {
    return this.pages.get(id)?.ended === true;
  }

  /** Sees to it that the first members are there and are of `answer`. */
  show(id: ClusterId, query: ClusterQuery, answer: object): void {
    const there = this.pages.get(id);
    if (there?.of === answer) return;
    this.fetch(id, query, answer, []);
  }

  more(id: ClusterId, query: ClusterQuery): void {
    const there = this.pages.get(id);
    if (there && !there.running) this.fetch(id, query, there.of, there.members);
  }

  /** Forgets clusters that are shown no more. */
  keepOnly(ids: ReadonlySet<ClusterId>): void {
    for (const [id, { running }] of this.pages) {
      if (ids.has(id)) continue;
      running?.abort();
      this.pages.delete(id);
    }
  }

  private fetch(id: ClusterId, query: ClusterQuery, answer: object, before: readonly ClusterMember[]): void {
    const there = this.pages.get(id);
    there?.running?.abort();
    const running = new AbortController();
    const pages: Pages = { members: there?.members ?? [], of: answer, running, failed: false, ended: false };
    this.pages.set(id, pages);
    const wanted = { ...query, ...(id !== undefined && { id }), offset: before.length, count: PAGE_MEMBERS };
    this.context.ask('clusterMembers', wanted, running.signal).then(
      (members) => {
        if (running.signal.aborted) return;
        pages.members = [...before, ...members];
        pages.running = undefined;
        pages.ended = members.length < PAGE_MEMBERS;
        this.changed();
      },
      (error: unknown) => {
        if (running.signal.aborted || isCancelled(error)) return;
        pages.running = undefined;
        pages.failed = true;
        this.changed();
      },
    );
  }
}
