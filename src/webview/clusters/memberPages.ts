// Members of expanded clusters, fetched page by page. Invariant: rows of an older answer stay until those of the newer one are
// there, so that nothing blinks while the slider moves. Cost: a request for 100 members, in the engine a new analysis where the index
// has changed.
import { isCancelled } from '../../engine/errors.ts';
import type { ClusterMember } from '../../engine/model.ts';
import type { ClusterQuery } from '../../protocol/engineApi.ts';
import type { ViewContext } from '../viewContext.ts';

export const PAGE_MEMBERS = 100;

/** A cluster as an answer has it; `id` undefined: what belongs to none. */
export interface Wanted {
  readonly id: ClusterId;
  readonly size: number;
  readonly query: ClusterQuery;
  readonly answer: object;
}

export interface MemberEvents {
  /** A question began otherwise than by {@link MemberPages.show}, or ended. */
  changed(): void;
  /** There are fewer members than the answer counts. */
  outdated(): void;
}

interface Pages {
  members: readonly ClusterMember[];
  /** So many of them are of the answer; the others of an older one. */
  fresh: number;
  readonly wanted: Wanted;
  running: AbortController | undefined;
  /** Why there are no more yet. */
  halt: 'stopped' | 'failed' | undefined;
  /** The engine has no more. */
  ended: boolean;
}

type ClusterId = string | undefined;

export class MemberPages {
  private readonly pages = new Map<ClusterId, Pages>();

  constructor(
    private readonly context: ViewContext,
    private readonly events: MemberEvents,
  ) {}

  get isAsking(): boolean {
    return [...this.pages.values()].some(({ running }) => running);
  }

  stop(): void {
    for (const pages of this.pages.values()) {
      if (!pages.running) continue;
      pages.running.abort();
      pages.running = undefined;
      pages.halt = 'stopped';
    }
    this.events.changed();
  }

  membersOf(id: ClusterId): readonly ClusterMember[] {
    return this.pages.get(id)?.members ?? [];
  }

  haltOf(id: ClusterId): Pages['halt'] {
    return this.pages.get(id)?.halt;
  }

  hasAll(id: ClusterId): boolean {
    return this.pages.get(id)?.ended === true;
  }

  /** Sees to it that the first members are there and are of the answer. */
  show(wanted: Wanted): void {
    if (this.pages.get(wanted.id)?.wanted.answer !== wanted.answer) this.fetch(wanted);
  }

  more(id: ClusterId): void {
    const there = this.pages.get(id);
    if (!there || there.running) return;
    this.fetch(there.wanted, there.fresh);
    this.events.changed();
  }

  /** Forgets clusters that are shown no more. */
  keepOnly(ids: ReadonlySet<ClusterId>): void {
    for (const [id, { running }] of this.pages) {
      if (ids.has(id)) continue;
      running?.abort();
      this.pages.delete(id);
    }
  }

  private fetch(wanted: Wanted, fresh = 0): void {
    const { id, query, size } = wanted;
    const there = this.pages.get(id);
    there?.running?.abort();
    const running = new AbortController();
    const pages: Pages = { members: there?.members ?? [], fresh, wanted, running, halt: undefined, ended: false };
    this.pages.set(id, pages);
    const page = { ...query, ...(id !== undefined && { id }), offset: fresh, count: PAGE_MEMBERS };
    this.context.ask('clusterMembers', page, running.signal).then(
      (members) => {
        if (running.signal.aborted) return;
        pages.members = [...pages.members.slice(0, fresh), ...members];
        pages.fresh = pages.members.length;
        pages.running = undefined;
        pages.ended = members.length < PAGE_MEMBERS;
        this.events.changed();
        if (members.length < Math.min(PAGE_MEMBERS, size - fresh)) this.events.outdated();
      },
      (error: unknown) => {
        if (running.signal.aborted) return;
        pages.running = undefined;
        pages.halt = isCancelled(error) ? 'stopped' : 'failed';
        this.events.changed();
      },
    );
  }
}
