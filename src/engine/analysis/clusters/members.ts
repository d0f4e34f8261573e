// Stage 6, helper: what is in each cluster, from the cluster of each.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** Items by cluster, ascending: those of `c` are `begins[c]` to `begins[c + 1]`. */
export interface Members {
  readonly items: Int32Array;
  readonly begins: Int32Array;
}

/** `clusterOf`: 0 ... clusters - 1 for each item. */
export function membersOf(clusterOf: Int32Array, clusters: number): Members {
  const begins = new Int32Array(clusters + 1);
  for (const cluster of clusterOf) begins[cluster + 1]!++;
  for (let cluster = 0; cluster < clusters; cluster++) begins[cluster + 1]! += begins[cluster]!;
  const next = begins.slice(0, clusters);
  const items = new Int32Array(clusterOf.length);
  for (let item = 0; item < clusterOf.length; item++) items[next[clusterOf[item]!]!++] = item;
  return { items, begins };
}
