// Stage 6, names of clusters that stay. Invariant: the same clusters have the same ids; a finest cluster that changed has the least id of
// those that went into it for their largest part, and a larger one the least of its parts (clusterCut.ts), since sizes change with every
// edit: the least of all that went into it stays. Cost: one pass over the items.
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
    const heirs = new Map<number, number>();
    for (const { cluster, old } of overlaps(finestOf, before.finestOf, before.oldOf))
      if (!heirs.has(old)) heirs.set(old, cluster);
    for (const [old, heir] of heirs) {
      const id = before.ids[old];
      if (id === undefined) continue;
      taken.add(id);
      if (id < (ids[heir] ?? '~')) ids[heir] = id;
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
