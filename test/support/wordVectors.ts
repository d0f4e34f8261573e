// The lexical baseline of quality: texts as TF-IDF vectors of this product's own words, and their nearest neighbours by cosine.
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';
import { wordsOf } from '../../src/engine/search/words/wordsOf.ts';

/** All pairs that share a word. */
export function lexicalGraph(texts: readonly string[], k: number): NeighbourGraph {
  const ids = new Map<string, number>();
  const counts = texts.map((text) => {
    const own = new Map<number, number>();
    for (const word of wordsOf(text)) {
      const id = ids.get(word) ?? ids.size;
      ids.set(word, id);
      own.set(id, (own.get(id) ?? 0) + 1);
    }
    return own;
  });
  const holders = new Float64Array(ids.size);
  for (const own of counts) for (const id of own.keys()) holders[id]!++;
  const postings: { item: number; weight: number }[][] = Array.from(ids, () => []);
  const vectors = counts.map((own, item) => {
    const weighed = [...own].map(([id, times]) => [id, (1 + Math.log(times)) * Math.log((1 + texts.length) / holders[id]!)] as const); // prettier-ignore
    const length = Math.hypot(...weighed.map(([, weight]) => weight)) || 1;
    const unit = weighed.map(([id, weight]) => ({ id, weight: weight / length }));
    for (const { id, weight } of unit) postings[id]!.push({ item, weight });
    return unit;
  });
  const neighbours = new Int32Array(texts.length * k).fill(-1);
  const similarities = new Float32Array(texts.length * k);
  const cosines = new Float64Array(texts.length);
  for (const [item, vector] of vectors.entries()) {
    const touched: number[] = [];
    for (const { id, weight } of vector) {
      for (const posting of postings[id]!) {
        if (cosines[posting.item] === 0) touched.push(posting.item);
        cosines[posting.item]! += weight * posting.weight;
      }
    }
    const byCosine = (a: number, b: number): number => cosines[b]! - cosines[a]! || a - b;
    // The nearest so far, in order: most others are farther than the last of them.
    const found: number[] = [];
    for (const other of touched) {
      if (other === item || (found.length === k && byCosine(other, found[k - 1]!) > 0)) continue;
      let at = found.length;
      while (at > 0 && byCosine(other, found[at - 1]!) < 0) at--;
      found.splice(at, 0, other);
      if (found.length > k) found.pop();
    }
    for (const [i, other] of found.entries()) {
      neighbours[item * k + i] = other;
      similarities[item * k + i] = cosines[other]!;
    }
    for (const other of touched) cosines[other] = 0;
  }
  return { count: texts.length, k, neighbours, similarities };
}
