// Stage 6, where each of the finest clusters lies, and the item that stands for it. Cost: one pass over the numbers of all rows, one over
// their products with the centres.
import type { PairRows } from '../graph/pairRows.ts';
import { UNIT } from '../graph/pairKernel.ts';
import type { Members } from './members.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** Sum of the unit vectors of each cluster's items, clusters x dimension. `integers`: rows of `quantize`. */
export function sumsOf(integers: Int16Array, dimension: number, { items, begins }: Members): Float32Array {
  const clusters = begins.length - 1;
  const sums = new Float32Array(clusters * dimension);
  const sum = new Float64Array(dimension);
  for (let cluster = 0; cluster < clusters; cluster++) {
    sum.fill(0);
    const end = begins[cluster + 1]!;
    let i = begins[cluster]!;
    for (; i + 4 <= end; i += 4) addFour(sum, integers, items, i);
    for (; i < end; i++) {
      const row = items[i]! * dimension;
      for (let d = 0; d < dimension; d++) sum[d] = sum[d]! + integers[row + d]!;
    }
    const at = cluster * dimension;
    for (let d = 0; d < dimension; d++) sums[at + d] = sum[d]! / UNIT;
  }
  return sums;
}

/** As integers first: a third of the time of adding them one by one. */
function addFour(sum: Float64Array, integers: Int16Array, items: Int32Array, i: number): void {
  const dimension = sum.length;
  const a = items[i]! * dimension;
  const b = items[i + 1]! * dimension;
  const c = items[i + 2]! * dimension;
  const e = items[i + 3]! * dimension;
  for (let d = 0; d < dimension; d++)
    sum[d] = sum[d]! + ((integers[a + d]! + integers[b + d]!) | 0) + ((integers[c + d]! + integers[e + d]!) | 0);
}

/**
 * The item of each cluster that is nearest to its sum: of those that are not `alone`, if there are any. `spare`: a row that holds no item.
 */
export function medoidsOf(
  rows: PairRows,
  spare: number,
  { items, begins }: Members,
  sums: Float32Array,
  alone: Uint8Array,
): Int32Array {
  const { dimension } = rows;
  const medoids = new Int32Array(begins.length - 1).fill(-1);
  for (let cluster = 0; cluster < medoids.length; cluster++) {
    const members = items.subarray(begins[cluster], begins[cluster + 1]);
    const belonging = members.filter((item) => alone[item] === 0);
    const those = belonging.length > 0 ? belonging : members;
    rows.set(spare, sums.subarray(cluster * dimension, (cluster + 1) * dimension));
    rows.listRows(those, those.length);
    const [nearness] = rows.compare(spare, spare);
    let best = 0;
    for (let i = 1; i < those.length; i++) if (nearness[i]! > nearness[best]!) best = i;
    medoids[cluster] = those[best] ?? -1;
  }
  return medoids;
}
