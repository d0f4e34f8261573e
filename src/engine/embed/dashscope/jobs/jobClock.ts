// Stage 3, DashScope, batch jobs: time. Invariant: nothing here waits but through the clock, so that tests do not wait at all.
import { sleep } from '../../remote/pacer.ts';

export interface JobClock {
  now(): number;
  /** Throws `cancelled`. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const machineClock: JobClock = { now: () => Date.now(), sleep };

const FIRST_MS = 1000;
/** As the service's own SDK waits: a second, doubled after every third poll, five at most. */
const CAP_MS = 5000;
const CAPS_OF_LONG_JOBS = [
  { afterMs: 60 * 60_000, capMs: 60_000 },
  { afterMs: 10 * 60_000, capMs: 15_000 },
] as const;

/** Pause before poll number `poll` (from 0) of a task that was submitted so long ago. */
export function pollDelayMs(poll: number, ageMs: number): number {
  const cap = CAPS_OF_LONG_JOBS.find(({ afterMs }) => ageMs >= afterMs)?.capMs ?? CAP_MS;
  return Math.min(cap, FIRST_MS * 2 ** Math.min(20, Math.floor(poll / 3)));
}

/** Pause after failure number `failure` (from 1) in a row, with jitter: many windows must not come back at once. */
export function failureDelayMs(failure: number, retryAfterMs: number | undefined): number {
  return retryAfterMs ?? Math.min(60_000, 1000 * 2 ** Math.min(6, failure - 1)) * (0.5 + Math.random() / 2);
}
