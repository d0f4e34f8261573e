// Stage 3, DashScope: texts, images and videos in one space. Wire facts: ../shared/spec/dashscope.md, sections 2.3 and 3; there is
// no OpenAI-compatible form. Invariant: one vector a content (never fused), matched by `index`. Cost: a round trip.
import { EngineError, isEngineError } from '../../errors.ts';
import type { EmbedInput } from '../../model.ts';
import { isMedia } from '../media.ts';
import { readVectors, tokensIn } from '../remote/readVectors.ts';
import { isRecord, RemoteFailure } from '../remote/remoteFailure.ts';
import type { Wire, WireAnswer } from '../remote/wire.ts';
import { postDashScope, type DashScopeText } from './textWire.ts';

export const MULTIMODAL_PATH = '/api/v1/services/embeddings/multimodal-embedding/multimodal-embedding';

export function multimodalWire(options: DashScopeText): Wire {
  const { model, dimension } = options;
  return {
    origin: new URL(options.baseUrl).origin,
    async embed({ rows, output }, signal): Promise<WireAnswer> {
      if (output !== 'dense') throw new EngineError('not-supported', { model, feature: 'sparse' });
      const contents = await Promise.all(rows.map(contentOf));
      const answer = await postDashScope(options, MULTIMODAL_PATH, signal, {
        model,
        input: { contents },
        ...(dimension !== undefined && { parameters: { dimension } }),
      });
      const found = isRecord(answer['output']) ? answer['output']['embeddings'] : undefined;
      return { vectors: readVectors(found, 'index', rows.length, output), ...usageOf(answer) };
    },
  };
}

async function contentOf(row: EmbedInput): Promise<Readonly<Record<string, string>>> {
  if (!isMedia(row)) return { text: row };
  try {
    return { [row.media]: await row.url() };
  } catch (error) {
    if (!isEngineError(error, 'row-refused')) throw error;
    // As if the service had refused it: the other rows of the request are sent again without it.
    const reason = String(error.details['reason']);
    throw new RemoteFailure({ kind: 'refused', status: 0, reason }, { cause: error });
  }
}

/**
 * Every model counts in its own fields: v1 `input_tokens` and `image_count` (newer pages add `image_tokens`), qwen3-vl
 * `image_tokens` beside `input_tokens`, vision-plus and -flash `input_tokens_details`.
 */
function usageOf(answer: Readonly<Record<string, unknown>>): Pick<WireAnswer, 'tokens' | 'mediaTokens'> {
  const usage = isRecord(answer['usage']) ? answer['usage'] : {};
  const details = isRecord(usage['input_tokens_details']) ? usage['input_tokens_details'] : usage;
  const count = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
  const images = count(details['image_tokens']);
  const videos = count(details['video_tokens']);
  const mediaTokens = images === undefined && videos === undefined ? undefined : (images ?? 0) + (videos ?? 0);
  const texts = count(details['text_tokens']) ?? count(usage['input_tokens']);
  const tokens = texts ?? Math.max(0, (tokensIn(answer) ?? 0) - (mediaTokens ?? 0));
  return { tokens, ...(mediaTokens !== undefined && { mediaTokens }) };
}
