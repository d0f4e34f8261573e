// Stage 6, labels: the words that set each cluster of a cut apart, by class-based TF-IDF (Grootendorst 2022): how often in it, against how
// often in all. Invariant: no two labels of a cut are equal, and none is empty. Cost: the finest clusters' kept words.
import type { TermCounts } from './termCounts.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface Label {
  readonly words: readonly string[];
  readonly label: string;
}

const WORDS = 3;
const MOST_WORDS = 8;
/** A word in fewer of a cluster's texts does not name it. */
const LEAST_SHARE = 0.08;
/** A word names a cluster when it is in so many times the share of its texts that it is in everywhere. */
const APART = 1.25;
const BETWEEN = ' · ';

/** `clusterOf`: for each finest cluster its cluster, 0 ... clusters - 1, or -1. `fallback` names a cluster without words. */
export function labelClusters(
  counts: TermCounts,
  clusterOf: Int32Array,
  clusters: number,
  fallback: (cluster: number) => string,
): Label[] {
  const tallies = tallyClusters(counts, clusterOf, clusters);
  /** Sum over clusters of the share of texts: a large cluster weighs no more than a small one. */
  const shares = new Float64Array(counts.terms.length);
  for (const { terms, holders, texts } of tallies) for (const [i, term] of terms.entries()) shares[term]! += holders[i]! / texts; // prettier-ignore
  const mean = clusters > 0 ? shares.reduce((sum, share) => sum + share, 0) / clusters : 0;
  return distinct(tallies.map((tally) => ranking(tally, shares, clusters, mean, counts.terms)), fallback); // prettier-ignore
}

interface Tally {
  readonly terms: readonly number[];
  /** Texts of the cluster that hold each. */
  readonly holders: readonly number[];
  /** That were read of the cluster. */
  readonly texts: number;
}

function tallyClusters(counts: TermCounts, clusterOf: Int32Array, clusters: number): Tally[] {
  const { offsets, termOf, texts } = counts;
  const parts: number[][] = Array.from({ length: clusters }, () => []);
  for (const [finest, cluster] of clusterOf.entries()) parts[cluster]?.push(finest);
  const sums = new Float64Array(counts.terms.length);
  return parts.map((own) => {
    const terms: number[] = [];
    let read = 0;
    for (const finest of own) {
      read += texts[finest]!;
      for (let i = offsets[finest]!; i < offsets[finest + 1]!; i++) {
        const term = termOf[i]!;
        if (sums[term] === 0) terms.push(term);
        sums[term]! += counts.counts[i]!;
      }
    }
    const holders = terms.map((term) => sums[term]!);
    for (const term of terms) sums[term] = 0;
    return { terms, holders, texts: read };
  });
}

/** Words of a cluster, most telling first, none a part of one before it. */
function ranking(
  { terms, holders, texts }: Tally,
  shares: Float64Array,
  clusters: number,
  mean: number,
  spelt: readonly string[],
): string[] {
  const least = Math.max(texts > 3 ? 2 : 1, LEAST_SHARE * texts);
  const scored: { word: string; score: number }[] = [];
  for (const [i, term] of terms.entries()) {
    const share = holders[i]! / texts;
    if (holders[i]! < least || (clusters > 1 && share < (APART * shares[term]!) / clusters)) continue;
    const word = spelt[term]!;
    scored.push({ word, score: share * Math.log(1 + mean / shares[term]!) * (word.length > 1 ? 1 : 0.5) });
  }
  scored.sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1));
  const words: string[] = [];
  for (const { word } of scored) {
    if (words.length === MOST_WORDS) break;
    if (!words.some((chosen) => chosen.includes(word) || word.includes(chosen))) words.push(word);
  }
  return words;
}

function distinct(ranked: readonly (readonly string[])[], fallback: (cluster: number) => string): Label[] {
  const taken = new Set<string>();
  return ranked.map((words, cluster) => {
    for (let length = Math.min(WORDS, words.length); length > 0 && length <= words.length; length++) {
      const label = words.slice(0, length).join(BETWEEN);
      if (taken.has(label)) continue;
      taken.add(label);
      return { words, label };
    }
    const name = [...words.slice(0, WORDS), fallback(cluster)].join(BETWEEN);
    let label = name;
    for (let number = 2; taken.has(label); number++) label = `${name} ${number}`;
    taken.add(label);
    return { words, label };
  });
}
