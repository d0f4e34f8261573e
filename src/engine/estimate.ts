// What an index run would send to a service, reckoned before anything is sent. Invariant: nothing leaves the machine and nothing is
// stored. Cost: what is pending is read and chunked, as the run itself will.
import type { EngineConfig, RemoteStatus, RunScope, SendEstimate } from '../protocol/engineApi.ts';
import { CURRENCY } from './embed/spendLedger.ts';
import { estimateTokens } from './embed/remote/tokenEstimate.ts';
import { throwIfAborted } from './errors.ts';
import { planIndex, readOptions } from './indexPlan.ts';
import { coverageStateOf, embeddedText, type LeftOutReason } from './model.ts';
import type { Session } from './session.ts';
import type { Source } from './source/source.ts';
import { createVectorReuse } from './vectorReuse.ts';

export async function estimateSending(
  { store, embedder, chunker }: Session,
  source: Source,
  { maxFileBytes }: EngineConfig,
  { origin, spend }: RemoteStatus,
  scope: RunScope,
  signal: AbortSignal = new AbortController().signal,
): Promise<SendEstimate> {
  const plan = await planIndex(source, store, scope, maxFileBytes, signal, () => undefined);
  const reuse = createVectorReuse(store, embedder.parts, []);
  const hashes = new Set<string>();
  const { limits, pricePer1kTokens, mediaPricePer1kTokens = pricePer1kTokens } = embedder.service ?? {};
  let [documents, reused, textTokens, images] = [0, 0, 0, 0];
  for (const { path, asked } of plan.pending) {
    throwIfAborted(signal);
    const result = await source.read(path, readOptions(asked));
    if ('leftOut' in result) continue;
    documents++;
    for (const chunk of (await chunker.chunk(result.document)).chunks) {
      if (hashes.has(chunk.hash) || reuse.find(0, chunk.hash)) {
        reused++;
        continue;
      }
      hashes.add(chunk.hash);
      if (chunk.image) images++;
      else textTokens += estimateTokens(embeddedText(chunk));
    }
  }
  const excluded: Partial<Record<LeftOutReason, number>> = {};
  for (const { reason } of plan.leftOut) {
    if (coverageStateOf(reason) === 'excluded') excluded[reason] = (excluded[reason] ?? 0) + 1;
  }
  const { rowsPerRequest = 1, requestsPerSecond = Infinity, tokensPerSecond = Infinity } = limits ?? {};
  const imageTokens = images * (limits?.tokensPerImage ?? 0);
  const tokens = textTokens + imageTokens;
  const requests = Math.max(hashes.size / rowsPerRequest, images / (limits?.imagesPerRequest ?? 1));
  return {
    origin,
    model: embedder.space.model,
    dimension: embedder.space.dimension,
    documents,
    chunks: hashes.size,
    reused,
    ...(images > 0 && { images }),
    tokens,
    ...(pricePer1kTokens !== undefined && {
      amount: (textTokens * pricePer1kTokens + imageTokens * (mediaPricePer1kTokens ?? 0)) / 1000,
    }),
    currency: CURRENCY,
    seconds: Math.max(requests / requestsPerSecond, tokens / tokensPerSecond),
    spent: spend,
    excluded,
  };
}
