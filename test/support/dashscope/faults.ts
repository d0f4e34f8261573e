// The script of faults: what goes wrong, with which request. A fault is used up by the requests that it hits; only requests that
// have passed every check of the service are hit, so that a script counts what would have succeeded.
import type { SeenRequest } from '../loopbackServer.ts';
import { seededRandom } from '../seededNumbers.ts';
import { refusals, type Refusal } from './refusals.ts';

const REFUSED = {
  rate: refusals.rate,
  'burst-rate': refusals.burst,
  /** `Throttling.AllocationQuota` / `insufficient_quota`: on DashScope a pause, not a bill. */
  'token-rate': refusals.tokenRate,
  'bill-overdue': refusals.billOverdue,
  'free-quota': refusals.freeQuota,
  'free-tier-only': refusals.freeTierOnly,
  arrearage: refusals.arrearage,
  internal: refusals.internal,
  'time-out': refusals.timeOut,
  unavailable: refusals.unavailable,
} as const;

type RefusedKind = keyof typeof REFUSED;
/** The answer is right but for this; the first row is hit, or the last (`short`), or the second (`duplicate-index`). */
export type RowFault = 'short' | 'duplicate-index' | 'wrong-length' | 'null-component' | 'zero-vector' | 'nan';
/**
 * `unavailable-html`: 503 with a gateway's page; `bad-gateway`: 502 with an empty body; `not-json`: 200 with words; `truncated`:
 * 200 with half of the JSON; `cut`: the connection is reset in the middle of the body; `hang`: no answer until the client ends it.
 */
export type TransportFault = 'unavailable-html' | 'bad-gateway' | 'not-json' | 'truncated' | 'cut' | 'hang' | 'reset';
export type FaultKind = RefusedKind | RowFault | TransportFault;

/** Which requests a fault hits: `embed` is native, compatible and multimodal; `list` is none of them. */
export type FaultTarget = 'embed' | 'submit' | 'poll' | 'cancel' | 'policy' | 'upload' | 'result';

export interface Fault {
  readonly kind: FaultKind;
  /** Requests that it hits before the next fault's turn; 1 unless said. */
  readonly times?: number;
  /** `embed` unless said. */
  readonly on?: FaultTarget;
  /** Leaves alone the requests for which it is false; they take the next fault that wants them. */
  readonly when?: (request: SeenRequest) => boolean;
  /** Sent as `Retry-After` with a refusal, `unavailable-html` or `bad-gateway`: seconds, or a date. */
  readonly retryAfter?: number | string;
}

/** Hits a share of all requests for ever, with faults that a repetition cures. Faults of the queue go first. */
export interface Chaos {
  readonly chaos: {
    readonly seed: number;
    readonly share: number;
    readonly kinds: readonly FaultKind[];
    readonly on: FaultTarget;
  };
}

/** Accepts fewer rows a request than the model's, for ever, on text and multimodal paths. */
export interface RowsLimit {
  readonly rowsLimit: number;
}

export type FaultScript = readonly (Fault | FaultKind | Chaos | RowsLimit)[];

/** Faults that say nothing about the texts: the same request may succeed the next time. */
export const transientFaults: readonly FaultKind[] = [
  'rate',
  'burst-rate',
  'token-rate',
  'internal',
  'time-out',
  'unavailable',
  'unavailable-html',
  'bad-gateway',
  'hang',
  'reset',
  'cut',
  'short',
  'duplicate-index',
  'not-json',
  'truncated',
];

/** `share` in 0...1 of the requests. Without `hang` among `kinds` a client without a time limit gets to its end too. */
export function chaos(seed: number, share: number, kinds = transientFaults, on: FaultTarget = 'embed'): Chaos {
  return { chaos: { seed, share, kinds, on } };
}

export function rowsLimit(rows: number): RowsLimit {
  return { rowsLimit: rows };
}

/** The script as it runs. */
export class FaultQueue {
  private queue: { readonly fault: Fault; left: number }[] = [];
  private storms: { readonly chaos: Chaos['chaos']; readonly random: () => number }[] = [];
  private limit = Infinity;

  /** Replaces what was there. */
  set(script: FaultScript): void {
    this.queue = [];
    this.storms = [];
    this.limit = Infinity;
    for (const entry of script) {
      if (typeof entry === 'string') this.queue.push({ fault: { kind: entry }, left: 1 });
      else if ('chaos' in entry) this.storms.push({ chaos: entry.chaos, random: seededRandom(entry.chaos.seed) });
      else if ('rowsLimit' in entry) this.limit = entry.rowsLimit;
      else this.queue.push({ fault: entry, left: entry.times ?? 1 });
    }
  }

  get rowsLimit(): number {
    return this.limit;
  }

  /** Faults of the queue that no request has met yet. */
  get left(): number {
    return this.queue.reduce((sum, { left }) => sum + left, 0);
  }

  /** Uses up a fault for this request, if there is one. */
  take(target: FaultTarget, seen: SeenRequest): Fault | undefined {
    const entry = this.queue.find(({ fault }) => (fault.on ?? 'embed') === target && (fault.when?.(seen) ?? true));
    if (entry) {
      entry.left--;
      if (entry.left <= 0) this.queue.splice(this.queue.indexOf(entry), 1);
      return entry.fault;
    }
    for (const { chaos: storm, random } of this.storms) {
      if (storm.on !== target || random() >= storm.share) continue;
      const kind = storm.kinds[Math.floor(random() * storm.kinds.length)];
      if (kind) return { kind };
    }
    return undefined;
  }
}

/** The refusal that a fault stands for; undefined where it is of another nature. */
export function refusalOf(fault: Fault): Refusal | undefined {
  return fault.kind in REFUSED ? REFUSED[fault.kind as RefusedKind]().withHeaders(retryHeaders(fault)) : undefined;
}

export function retryHeaders(fault: Fault): Record<string, string> {
  return fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
}
