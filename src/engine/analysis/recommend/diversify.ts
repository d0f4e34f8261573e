// Stage 6, an order of recommendations without near-copies: maximal marginal relevance (Carbonell, Goldstein 1998). On the links of a
// vault of notes it finds more of what its author linked to than plain nearness does (test/bench/analysis.bench.ts). Invariant: the
// first is the most relevant; ties by the candidates' order. Cost: candidates x picked products.

/** Weight of relevance; the rest is what nearness to something picked before takes away. */
const RELEVANCE = 0.75;
/** Of the best's: what is less relevant is not put before others for being different. */
const LEAST_RELEVANT = 0.6;

/** Indices into `relevance` in the order to show. `similarity` of two candidates is a cosine, as relevance is. */
export function diversify(
  relevance: readonly number[],
  similarity: (a: number, b: number) => number,
  top: number,
): number[] {
  const least = LEAST_RELEVANT * relevance.reduce((most, each) => Math.max(most, each), -1);
  const left = new Set([...relevance.keys()].filter((i) => (relevance[i] ?? 0) >= least));
  const others = [...relevance.keys()].filter((i) => !left.has(i));
  const nearest = relevance.map(() => 0);
  const picked: number[] = [];
  while (picked.length < top && left.size > 0) {
    let best = -1;
    let most = -Infinity;
    for (const i of left) {
      const worth = RELEVANCE * (relevance[i] ?? 0) - (1 - RELEVANCE) * (nearest[i] ?? 0);
      if (worth <= most) continue;
      most = worth;
      best = i;
    }
    if (best < 0) break;
    left.delete(best);
    picked.push(best);
    for (const i of left) nearest[i] = Math.max(nearest[i] ?? 0, similarity(i, best));
  }
  others.sort((a, b) => (relevance[b] ?? 0) - (relevance[a] ?? 0) || a - b);
  return [...picked, ...others].slice(0, top);
}
