// Requests and tokens of each model over the last second and the last minute, by the emulator's clock. What was refused does not
// count.
import type { Clock } from '../loopbackServer.ts';
import type { RateLimit } from './models.ts';
import { refusals } from './refusals.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

export class RateMeter {
  private readonly admitted = new Map<string, { at: number; tokens: number }[]>();

  constructor(private readonly clock: Clock) {}

  /** Counts a request, or throws the 429 that it meets. */
  admit(model: string, limit: RateLimit, tokens: number): void {
    const now = this.clock.now();
    const minute = (this.admitted.get(model) ?? []).filter(({ at }) => now - at < MINUTE_MS);
    this.admitted.set(model, minute);
    const second = minute.filter(({ at }) => now - at < SECOND_MS);
    const { requestsPerSecond = Infinity, requestsPerMinute = Infinity, tokensPerMinute = Infinity } = limit;
    if (second.length >= requestsPerSecond || minute.length >= requestsPerMinute) throw refusals.rate();
    if (second.length >= requestsPerMinute / 60) throw refusals.burst();
    if (exceeds(minute, tokens, tokensPerMinute) || exceeds(second, tokens, tokensPerMinute / 60)) {
      throw refusals.tokenRate();
    }
    minute.push({ at: now, tokens });
  }
}

/** A request that is over the limit by itself passes when nothing else did: no pause would help it. */
function exceeds(window: readonly { tokens: number }[], tokens: number, limit: number): boolean {
  const used = window.reduce((sum, each) => sum + each.tokens, 0);
  return used > 0 && used + tokens > limit;
}
