// Stage 5, what a similarity means here: its rank among random pairs of chunks of this workspace, since the same cosine is much
// in one space and little in another. Invariant: the pairs are weighed by the same rule as the query; monotone; the same table
// gives the same figures. Cost: 2,000 products and the texts of 5,000 rows (some 30 ms) when the table has changed by more than a twentieth.
import { hasCjk } from '../cjk.ts';
import type { VectorTable } from '../model.ts';
import { dot } from './dot.ts';

const PAIRS = 2_000;
/** Rows, spread evenly, whose kind is looked at: all texts of a large index would take half a second. */
const LOOKED_AT = 5_000;
/** With fewer rows of a query's kind the pairs begin at any row. */
const MIN_ROWS_OF_KIND = 50;
const CHANGE_SHARE = 0.05;
const SEED = 20_240_601;

/** A stored row as a query (see `Embedder.exampleQuery`). */
export type Weigh = (row: Float32Array, text: string) => Float32Array;

/** One for each session: the sample is remembered. */
export interface SimilarityReference {
  /**
   * Share (0...100) of random pairs of chunks of different documents that are less similar; undefined with fewer than two
   * chunks. `queryText` decides the rule by which pairs are weighed.
   */
  percentileOf(table: VectorTable, similarity: number, queryText: string): number | undefined;
}

interface Sample {
  readonly table: VectorTable;
  readonly revision: number;
  readonly count: number;
  /** Ascending. */
  readonly similarities: Float64Array;
}

export function createReference(weigh: Weigh): SimilarityReference {
  const samples = new Map<boolean, Sample>();
  return {
    percentileOf: (table, similarity, queryText) => {
      if (table.count < 2) return undefined;
      // The bilingual space weighs its halves by this; other spaces treat all texts alike.
      const isCjk = hasCjk(queryText);
      let sample = samples.get(isCjk);
      if (!sample || isOutdated(sample, table)) {
        const similarities = samplePairs(table, weigh, isCjk, queryText);
        sample = { table, revision: table.revision, count: table.count, similarities };
        samples.set(isCjk, sample);
      }
      const { similarities } = sample;
      return similarities.length === 0 ? undefined : (100 * countBelow(similarities, similarity)) / similarities.length;
    },
  };
}

function isOutdated(sample: Sample, table: VectorTable): boolean {
  if (sample.table !== table) return true;
  if (sample.revision === table.revision) return false;
  return Math.abs(table.count - sample.count) > CHANGE_SHARE * sample.count;
}

function samplePairs(table: VectorTable, weigh: Weigh, isCjk: boolean, queryText: string): Float64Array {
  const { chunks, count } = table;
  const rowsOfKind: number[] = [];
  const looks = Math.min(count, LOOKED_AT);
  for (let i = 0; i < looks; i++) {
    const row = Math.floor((i * count) / looks);
    if (hasCjk(chunks[row]?.text ?? '') === isCjk) rowsOfKind.push(row);
  }
  const random = seeded(SEED);
  const draw = (length: number): number => Math.floor(random() * length);
  const ofKind = rowsOfKind.length >= MIN_ROWS_OF_KIND;
  const similarities: number[] = [];
  // Pairs inside one document are rarer and nearer than those across: they are passed over where there are several documents.
  const oneDocument = chunks.every((chunk) => chunk.path === chunks[0]?.path);
  for (let drawn = 0; drawn < PAIRS; drawn++) {
    const a = ofKind ? (rowsOfKind[draw(rowsOfKind.length)] ?? 0) : draw(count);
    const b = draw(count);
    if (oneDocument ? a === b : chunks[a]?.path === chunks[b]?.path) continue;
    const example = weigh(table.roughRow(a), queryText);
    similarities.push(dot(table.roughRow(b), Float64Array.from(example)));
  }
  return Float64Array.from(similarities).sort();
}

/** How many are smaller, by bisection. */
function countBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Mulberry32 (Tommy Ettinger, public domain): numbers in [0, 1), the same ones for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
