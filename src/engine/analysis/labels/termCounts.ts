// Stage 6, labels: how many texts of each of the finest clusters hold which words, so that any cut of the tree is labelled by adding up.
// Pure; runs in a thread. Cost: one reading of the sampled texts.
import { termsOf } from './termsOf.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface TermTask {
  readonly texts: readonly string[];
  /** Finest cluster of each text. */
  readonly groupOf: Int32Array;
  readonly groups: number;
}

export interface TermCounts {
  /** As shown: the most frequent form of each word. */
  readonly terms: readonly string[];
  /** Those of group g are `offsets[g]` to `offsets[g + 1]`. */
  readonly offsets: Uint32Array;
  readonly termOf: Uint32Array;
  /** Texts of the group that hold the word. */
  readonly counts: Uint16Array;
  /** Texts that were read of each group. */
  readonly texts: Uint32Array;
}

/** Words kept of a group: those in most of its texts, the rarer ones in all texts first. */
const MOST_TERMS = 80;

export function countTerms({ texts, groupOf, groups }: TermTask, progress: (share: number) => void): TermCounts {
  const numbers = new Map<string, number>();
  const forms: Map<string, number>[] = [];
  const inAll: number[] = [];
  const perGroup = Array.from({ length: groups }, () => new Map<number, number>());
  const read = new Uint32Array(groups);
  for (const [i, text] of texts.entries()) {
    const group = perGroup[groupOf[i]!]!;
    read[groupOf[i]!]!++;
    const seen = new Set<number>();
    for (const { key, form } of termsOf(text)) {
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
        forms.push(new Map());
        inAll.push(0);
      }
      forms[number]!.set(form, (forms[number]!.get(form) ?? 0) + 1);
      seen.add(number);
    }
    for (const number of seen) {
      group.set(number, (group.get(number) ?? 0) + 1);
      inAll[number]!++;
    }
    if ((i & 63) === 0) progress(i / texts.length);
  }
  const offsets = new Uint32Array(groups + 1);
  const termOf: number[] = [];
  const counts: number[] = [];
  for (const [g, group] of perGroup.entries()) {
    const kept = [...group]
      .sort(([a, inA], [b, inB]) => inB - inA || inAll[a]! - inAll[b]! || a - b)
      .slice(0, MOST_TERMS);
    for (const [number, count] of kept) {
      termOf.push(number);
      counts.push(count);
    }
    offsets[g + 1] = termOf.length;
  }
  return {
    terms: forms.map(mostFrequent),
    offsets,
    termOf: Uint32Array.from(termOf),
    counts: Uint16Array.from(counts),
    texts: read,
  };
}

/** The first in the alphabet among equals. */
function mostFrequent(forms: ReadonlyMap<string, number>): string {
  let best = '';
  for (const [form, count] of forms) {
    const most = forms.get(best) ?? 0;
    if (count > most || (count === most && form < best)) best = form;
  }
  return best;
}
