// Stage 6, names of clusters that stay. Invariant: the same clusters have the same ids; a finest cluster that changed keeps that of the one
// it shares most items with; a larger one has the id of its largest part. Cost: one pass over the items.
import { createHash } from 'node:crypto';
import type { ClusterTree } from './hierarchy.ts';

const LETTERS = 12;

/** Of the finest clusters. `oldOf`: for each item its number before, or -1. */
export function finestIds(
  { finest, finestOf }: ClusterTree,
  keyOf: (cluster: number) => string,
  before?: { readonly ids: readonly string[]; readonly finestOf: Int32Array; readonly oldOf: Int32Array },
): string[] {
  const ids = new Array<string | undefined>(finest).fill(undefined);
  const taken = new Set<string>();
  if (before) {
    for (const { cluster, old } of overlaps(finestOf, before.finestOf, before.oldOf)) {
      const id = before.ids[old];
      if (id === undefined || ids[cluster] !== undefined || taken.has(id)) continue;
      ids[cluster] = id;
      taken.add(id);
    }
  }
  return ids.map((known, cluster) => {
    if (known !== undefined) return known;
    for (let salt = 0; ; salt++) {
      const id = createHash('sha256')
        .update(`${salt} ${keyOf(cluster)}`)
        .digest('hex')
        .slice(0, LETTERS);
      if (taken.has(id)) continue;
      taken.add(id);
      return id;
    }
  });
}

/** Pairs of a cluster and an old one, those that share most items first. */
function overlaps(
  finestOf: Int32Array,
  oldFinestOf: Int32Array,
  oldOf: Int32Array,
): { readonly cluster: number; readonly old: number; readonly shared: number }[] {
  const pairs = new Map<string, { cluster: number; old: number; shared: number }>();
  for (const [item, cluster] of finestOf.entries()) {
    const old = oldFinestOf[oldOf[item] ?? -1];
    if (old === undefined) continue;
    const key = `${cluster} ${old}`;
    const pair = pairs.get(key) ?? { cluster, old, shared: 0 };
    pair.shared++;
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort((a, b) => b.shared - a.shared || a.cluster - b.cluster || a.old - b.old);
}
