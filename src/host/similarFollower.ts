// The Similar tab's state: what is compared, its hits, pin, back, hidden rows. No `vscode` here: the editor, the engine and
// the clock are ports. Invariant: an answer to a question that was replaced meanwhile is never shown.
import { isEngineError } from '../engine/errors.ts';
import type { Place, SearchFilter } from '../engine/model.ts';
import type { AnalysisCover, Example } from '../protocol/engineApi.ts';
import {
  NO_FILTER,
  type EmptyState,
  type SimilarMode,
  type SimilarTarget,
  type SimilarView,
  type ViewFilter,
} from '../protocol/viewApi.ts';
import { CursorHold } from './cursorHold.ts';
import { nextAfter, similarTo } from './nextAfter.ts';
import { toSearchFilter } from './viewFilter.ts';

/** A target with what only the host needs. */
export interface FollowTarget extends SimilarTarget {
  readonly example: Example;
  /** Ask first whether a rule leaves the file out (it may hold secrets, or no text). */
  readonly checkRules: boolean;
  /** What to read next is asked, not what is similar. */
  readonly next?: true;
}

export interface Empty {
  readonly empty: EmptyState;
  readonly detail?: string;
}

/** What to read next, and how much of the workspace that is about. */
export interface NextAnswer {
  readonly hits: SimilarView['hits'];
  readonly cover: AnalysisCover;
}

export interface FollowerPorts {
  /** What the cursor is on; for `next`, the document or row. */
  look(mode: SimilarMode): Promise<FollowTarget | Empty>;
  /** Where the cursor stands: another answer means that it was moved. */
  where(): string;
  /** The nearest places. Rejects with coded errors. */
  find(
    target: FollowTarget,
    wanted: { readonly top: number; readonly filter: SearchFilter },
    signal: AbortSignal,
  ): Promise<SimilarView['hits'] | NextAnswer | Empty>;
  /** The sentence for what `find` threw. */
  explain(error: unknown): string;
  /** How many hits to ask for. */
  top(): number;
  /** False: the tab changes only when told to. */
  follows(): boolean;
  changed(): void;
}

export type Range = Pick<Place, 'path' | 'startLine' | 'endLine'>;

const FOLLOW_DELAY_MS = 250;
/** An index that grows quickly is asked again at most this often. */
const REFRESH_DELAY_MS = 1_500;
const LONGEST_BACK_STACK = 20;

export class SimilarFollower {
  private target: FollowTarget | undefined;
  private hits: SimilarView['hits'] = [];
  private cover: AnalysisCover | undefined;
  private empty: Empty | undefined;
  private problem: string | undefined;
  private busy = false;
  private filter: ViewFilter = NO_FILTER;
  private mode: SimilarMode = 'similar';
  private pinned = false;
  private visible = false;
  private readonly hold: CursorHold;
  private readonly back: FollowTarget[] = [];
  private readonly hidden = new Set<string>();
  private query: AbortController | undefined;
  /** The newest look or question that has not settled. */
  private underWay: Promise<void> | undefined;
  /** The refresh that waits for it. */
  private again: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private refreshTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ports: FollowerPorts,
    private readonly delays = { followMs: FOLLOW_DELAY_MS, refreshMs: REFRESH_DELAY_MS },
  ) {
    this.hold = new CursorHold(() => ports.where());
  }

  view(): SimilarView {
    const { target, cover, empty, problem } = this;
    return {
      mode: this.mode,
      ...(target && { target: plainTarget(target) }),
      pinned: this.pinned,
      canGoBack: this.back.length > 0,
      busy: this.busy,
      filter: this.filter,
      hits: this.hits.filter((hit) => !this.hidden.has(keyOf(hit))),
      hidden: this.hidden.size,
      ...(cover && { cover }),
      ...(empty && { empty: empty.empty }),
      ...(empty?.detail !== undefined && { emptyDetail: empty.detail }),
      ...(problem !== undefined && { problem }),
    };
  }

  /** The target shown, for commands that act on it. */
  get current(): FollowTarget | undefined {
    return this.target;
  }

  /**
   * The cursor moved or another editor became active. `byUser`: surely by key or mouse in the editor. Other moves (Go to
   * Definition, another tab, a hit that the view opens) are told apart by where the cursor stands.
   */
  cursorMoved(byUser: boolean): void {
    this.hold.moved(byUser);
    if (this.hold.isOn || this.pinned || !this.visible || !this.ports.follows()) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.track(this.follow()), this.delays.followMs);
  }

  /** Opens a hit from the view: the list stays until the cursor leaves the place that `open` takes it to. */
  async holdWhile(open: () => Promise<string>): Promise<void> {
    clearTimeout(this.timer);
    await this.hold.during(open);
  }

  setVisible(visible: boolean): void {
    if (this.visible === visible) return;
    this.visible = visible;
    if (!visible) {
      clearTimeout(this.timer);
      return;
    }
    if (this.target) this.refreshSoon();
    else void this.track(this.follow());
  }

  /** Shows a target that a command named, whatever the cursor is on. */
  async show(target: FollowTarget): Promise<void> {
    this.holdHere();
    this.mode = modeOf(target);
    this.push(target);
    await this.track(this.ask(target));
  }

  /** Shows the other answer about what is shown, or what the cursor is on. */
  async setMode(mode: SimilarMode): Promise<void> {
    const { target } = this;
    if (mode === this.mode) return;
    this.mode = mode;
    if (!target || (!this.pinned && !this.hold.isOn)) {
      this.ports.changed();
      await this.track(this.follow());
      return;
    }
    const turned = mode === 'next' ? nextAfter(target) : similarTo(target);
    this.push(turned);
    await this.track(this.ask(turned));
  }

  pin(pinned: boolean): void {
    this.pinned = pinned;
    this.ports.changed();
    if (!pinned) this.cursorMoved(true);
  }

  async goBack(): Promise<void> {
    const target = this.back.pop();
    if (!target) return;
    this.holdHere();
    this.mode = modeOf(target);
    this.setTarget(target);
    await this.track(this.ask(target));
  }

  hide(place: Range): void {
    this.hidden.add(keyOf(place));
    this.ports.changed();
    void this.refresh();
  }

  /** Stays for all targets. */
  async setFilter(filter: ViewFilter): Promise<void> {
    this.filter = filter;
    this.ports.changed();
    if (this.target) await this.track(this.ask(this.target));
  }

  unhideAll(): void {
    this.hidden.clear();
    this.ports.changed();
  }

  /** Paths mean other files from now on: forgets all that was shown, and looks at the cursor. */
  reset(): void {
    this.query?.abort();
    this.target = undefined;
    this.back.length = 0;
    this.hidden.clear();
    this.pinned = false;
    this.hold.moved(true);
    this.setResult([]);
    if (this.visible) void this.track(this.follow());
  }

  /** Documents changed in the index: asks again, since any of them may be a new neighbour. */
  indexed(): void {
    if (this.visible && this.target) this.refreshSoon();
  }

  /**
   * The world changed (trust, opt-in, engine, settings): looks again at the cursor, or asks again for the target. After what
   * is under way, never instead of it: an index that grows would hold back the answer of a busy machine for ever, and a look
   * at where the cursor went would be lost.
   */
  async refresh(): Promise<void> {
    clearTimeout(this.refreshTimer);
    this.refreshTimer = undefined;
    if (!this.visible) return;
    if (this.underWay) {
      const next = (): Promise<void> => {
        this.again = undefined;
        return this.refresh();
      };
      this.again ??= this.underWay.then(next, next);
      await this.again;
    } else if (this.target && this.empty?.empty !== 'nothing-selected') await this.track(this.ask(this.target, true));
    else await this.track(this.follow());
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.refreshTimer);
    this.query?.abort();
  }

  private track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => {
      if (this.underWay === tracked) this.underWay = undefined;
    });
    this.underWay = tracked;
    return tracked;
  }

  private holdHere(): void {
    clearTimeout(this.timer);
    this.hold.here();
  }

  private refreshSoon(): void {
    this.refreshTimer ??= setTimeout(() => void this.refresh(), this.delays.refreshMs);
  }

  private async follow(): Promise<void> {
    if (this.pinned || this.hold.isOn) return;
    const query = this.newQuery();
    const looked = await this.ports.look(this.mode);
    if (query.signal.aborted) return;
    if ('empty' in looked) {
      await this.showNothing(looked);
      return;
    }
    // A question that was under way ended with this look.
    if (this.target && sameQuestion(this.target, looked) && !this.busy && !this.problem && !this.empty) {
      this.target = looked;
      return;
    }
    this.push(looked);
    await this.ask(looked);
  }

  private async showNothing(why: Empty): Promise<void> {
    const { target } = this;
    if (target && why.empty === 'nothing-selected') {
      // A settings page, the terminal: what is shown stays, as the user may still read it.
      if (this.busy) await this.ask(target);
      return;
    }
    if (target) this.keepForBack(target);
    this.target = undefined;
    this.setResult([], why);
  }

  private async ask(target: FollowTarget, again = false): Promise<void> {
    const query = this.newQuery();
    this.busy = true;
    this.ports.changed();
    try {
      const wanted = { top: this.ports.top() + this.hidden.size, filter: toSearchFilter(this.filter, new Date()) };
      const found = await this.ports.find(target, wanted, query.signal);
      if (query.signal.aborted) return;
      if ('empty' in found) this.setResult([], found);
      else {
        const { hits, cover } = 'cover' in found ? found : { hits: found };
        this.setResult(hits, hits.length === 0 ? { empty: 'no-hits' } : undefined, undefined, cover);
      }
    } catch (error) {
      if (query.signal.aborted) return;
      // The answer that is shown cost money; the page says across its width that there is no more of that.
      const keeps = again && this.hits.length > 0 && isEngineError(error, 'budget-reached');
      if (keeps) this.setResult(this.hits, undefined, undefined, this.cover);
      else this.setResult([], undefined, this.ports.explain(error));
    }
  }

  private newQuery(): AbortController {
    this.query?.abort();
    this.query = new AbortController();
    return this.query;
  }

  private setResult(hits: SimilarView['hits'], empty?: Empty, problem?: string, cover?: AnalysisCover): void {
    this.busy = false;
    this.hits = hits;
    this.cover = cover;
    this.empty = empty;
    this.problem = problem;
    this.ports.changed();
  }

  /** Makes `target` the one shown; the one before goes to the back stack unless it is a shade of the same place. */
  private push(target: FollowTarget): void {
    const before = this.target;
    if (before && keyOf(before) !== keyOf(target) && !(before.kind === 'selection' && overlaps(before, target))) {
      this.keepForBack(before);
    }
    this.setTarget(target);
  }

  private keepForBack(target: FollowTarget): void {
    this.back.push(target);
    if (this.back.length > LONGEST_BACK_STACK) this.back.shift();
  }

  private setTarget(target: FollowTarget): void {
    const turned = this.target?.next !== target.next;
    if (!this.target || turned || keyOf(this.target) !== keyOf(target)) {
      this.hidden.clear();
      this.empty = undefined;
      this.problem = undefined;
    }
    if (turned || this.target?.path !== target.path) {
      this.hits = [];
      this.cover = undefined;
    }
    this.target = target;
  }
}

/** Identifies a place within the workspace. */
export function keyOf({ path, startLine, endLine }: Range): string {
  return `${path}:${startLine}-${endLine}`;
}

function sameQuestion(a: FollowTarget, b: FollowTarget): boolean {
  return a.kind === b.kind && a.next === b.next && keyOf(a) === keyOf(b) && a.example.text === b.example.text;
}

function modeOf({ next }: FollowTarget): SimilarMode {
  return next === true ? 'next' : 'similar';
}

function overlaps(a: Range, b: Range): boolean {
  return a.path === b.path && a.startLine <= b.endLine && b.startLine <= a.endLine;
}

function plainTarget({ kind, path, startLine, endLine, symbol, excerpt }: FollowTarget): SimilarTarget {
  return { kind, path, startLine, endLine, ...(symbol !== undefined && { symbol }), excerpt };
}
