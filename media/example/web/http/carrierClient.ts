import { RateLimiter } from './rateLimiter.js';
import { withRetry } from './retry.js';

export interface Parcel {
  readonly orderNumber: string;
  readonly postcode: string;
  readonly grams: number;
}

export interface Label {
  readonly trackingCode: string;
  readonly pdfUrl: string;
}

class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(`the carrier answered ${status}`);
  }
}

const limiter = new RateLimiter(5, 10);

/**
 * Orders a shipping label. Safe to repeat: the order number is the idempotency key, so a second request for the same order
 * answers with the first label.
 */
export function orderLabel(baseUrl: string, parcel: Parcel): Promise<Label> {
  return withRetry(
    async () => {
      await limiter.acquire();
      const response = await fetch(`${baseUrl}/labels`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': parcel.orderNumber },
        body: JSON.stringify(parcel),
        signal: AbortSignal.timeout(10_000),
      });
      if (!response.ok) throw new HttpError(response.status, secondsToWait(response));
      return (await response.json()) as Label;
    },
    {
      attempts: 5,
      firstDelayMs: 200,
      maxDelayMs: 8000,
      isTransient: (error) => !(error instanceof HttpError) || error.status === 429 || error.status >= 500,
    },
  );
}

function secondsToWait(response: Response): number | undefined {
  const header = response.headers.get('retry-after');
  if (header === null) return undefined;
  const seconds = Number(header);
  if (!Number.isNaN(seconds)) return seconds;
  return Math.max(0, (Date.parse(header) - Date.now()) / 1000);
}
