// What an index run would send to a service, reckoned before anything is sent. Invariant: nothing leaves the machine and nothing is
// stored. Cost: what is pending is read and chunked, as the run itself will.
import type { EngineConfig, RemoteStatus, RunScope, SendEstimate } from '../protocol/engineApi.ts';
import { CURRENCY } from './embed/spendLedger.ts';
import { estimateTokens } from './embed/remote/tokenEstimate.ts';
import { throwIfAborted } from './errors.ts';
import { planIndex, readOptions, type IndexPlan } from './indexPlan.ts';
import { coverageStateOf, embeddedText, type LeftOutReason } from './model.ts';
import { openPartSources } from './partSources.ts';
import type { Session } from './session.ts';
import type { Source } from './source/source.ts';
import { createVectorReuse, type VectorReuse } from './vectorReuse.ts';

export async function estimateSending(
  session: Session,
  source: Source,
  config: EngineConfig,
  { origin, spend }: RemoteStatus,
  scope: RunScope,
  signal: AbortSignal = new AbortController().signal,
): Promise<SendEstimate> {
  const { store, embedder } = session;
  const plan = await planIndex(source, store, scope, config.maxFileBytes, signal, () => undefined);
  const elsewhere = await openPartSources(config, session, plan, undefined);
  const reuse = createVectorReuse(store, embedder.parts, elsewhere.sources);
  const { documents, chunks, reused, textTokens, images } = await count(session, source, plan, reuse, signal).finally(elsewhere.close); // prettier-ignore
  const { limits, pricePer1kTokens, mediaPricePer1kTokens = pricePer1kTokens } = embedder.service ?? {};
  const excluded: Partial<Record<LeftOutReason, number>> = {};
  for (const { reason } of plan.leftOut) {
    if (coverageStateOf(reason) === 'excluded') excluded[reason] = (excluded[reason] ?? 0) + 1;
  }
  const { rowsPerRequest = 1, requestsPerSecond = Infinity, tokensPerSecond = Infinity } = limits ?? {};
  const imageTokens = images * (limits?.tokensPerImage ?? 0);
  const tokens = textTokens + imageTokens;
  const requests = Math.max(chunks / rowsPerRequest, images / (limits?.imagesPerRequest ?? 1));
  return {
    origin,
    model: embedder.space.model,
    dimension: embedder.space.dimension,
    documents,
    chunks,
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

interface PendingCounts {
  documents: number;
  /** To be embedded: each text once. */
  chunks: number;
  reused: number;
  textTokens: number;
  images: number;
}

async function count(
  { chunker }: Session,
  source: Source,
  { pending }: IndexPlan,
  reuse: VectorReuse,
  signal: AbortSignal,
): Promise<PendingCounts> {
  const counts = { documents: 0, chunks: 0, reused: 0, textTokens: 0, images: 0 };
  const hashes = new Set<string>();
  for (const { path, asked } of pending) {
    throwIfAborted(signal);
    const result = await source.read(path, readOptions(asked));
    if ('leftOut' in result) continue;
    counts.documents++;
    for (const chunk of (await chunker.chunk(result.document)).chunks) {
      if (hashes.has(chunk.hash) || reuse.find(0, chunk.hash)) {
        counts.reused++;
        continue;
      }
      hashes.add(chunk.hash);
      if (chunk.image) counts.images++;
      else counts.textTokens += estimateTokens(embeddedText(chunk));
    }
  }
  return { ...counts, chunks: hashes.size };
}
