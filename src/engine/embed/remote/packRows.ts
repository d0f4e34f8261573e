// Stage 3, remote: rows -> requests that the service takes. Invariant: order is kept, nothing is left out. Cost: one pass.
import type { EmbedInput } from '../../model.ts';
import { isMedia } from '../media.ts';
import { estimateTokens } from './tokenEstimate.ts';
import type { WireLimits } from './wire.ts';

/** Base64 makes it 8 MB. No page names a limit for a body with images: what is refused as too large is halved. */
const MEDIA_BYTES_PER_REQUEST = 6 * 2 ** 20;

/** `rowsPerRequest`: what is known of the limit by now. */
export function packRows(rows: readonly EmbedInput[], limits: WireLimits, rowsPerRequest: number): EmbedInput[][] {
  const batches: EmbedInput[][] = [];
  let room = roomOf(limits, rowsPerRequest);
  for (const row of rows) {
    const needs = needsOf(row);
    if (batches.length === 0 || NAMES.some((name) => needs[name] > room[name])) {
      batches.push([]);
      room = roomOf(limits, rowsPerRequest);
    }
    batches.at(-1)?.push(row);
    for (const name of NAMES) room[name] -= needs[name];
  }
  return batches;
}

/** Upper estimate of what a service counts. */
export function reckonTokens(rows: readonly EmbedInput[], { tokensPerImage = 0 }: WireLimits): number {
  return rows.reduce((sum, row) => sum + (isMedia(row) ? tokensPerImage : estimateTokens(row)), 0);
}

const NAMES = ['rows', 'tokens', 'images', 'videos', 'bytes'] as const;
type Room = Record<(typeof NAMES)[number], number>;

/** A second's tokens are used up better by small requests than by large ones: so many share it. */
const REQUESTS_A_SECOND = 10;

function roomOf(limits: WireLimits, rows: number): Room {
  const { tokensPerRequest, tokensPerSecond = Infinity, imagesPerRequest = 0, videosPerRequest = 0 } = limits;
  const tokens = Math.min(tokensPerRequest, tokensPerSecond / REQUESTS_A_SECOND);
  return { rows, tokens, images: imagesPerRequest, videos: videosPerRequest, bytes: MEDIA_BYTES_PER_REQUEST };
}

/** The limit of tokens speaks of texts: images have one of their own. */
function needsOf(row: EmbedInput): Room {
  if (!isMedia(row)) return { rows: 1, tokens: estimateTokens(row), images: 0, videos: 0, bytes: 0 };
  const isImage = row.media === 'image';
  return { rows: 1, tokens: 0, images: isImage ? 1 : 0, videos: isImage ? 0 : 1, bytes: row.bytes };
}
