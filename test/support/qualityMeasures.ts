// How good an answer is, by labels that people made.
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';

/** Share of the first ten neighbours that have the item's label, averaged. */
export function precisionAt10({ count, k, neighbours }: NeighbourGraph, labelOf: (item: number) => string): number {
  let sum = 0;
  for (let item = 0; item < count; item++) {
    let same = 0;
    for (let e = item * k; e < item * k + 10; e++) {
      if (neighbours[e]! >= 0 && labelOf(neighbours[e]!) === labelOf(item)) same++;
    }
    sum += same / 10;
  }
  return sum / count;
}

/** How probable it is that an outlier scores higher than another (area under the ROC curve); ties count half. */
export function areaUnderRoc(scores: readonly number[], isOutlier: readonly boolean[]): number {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (const item of order.slice(from, to)) if (isOutlier[item]) rankSum += (from + to + 1) / 2;
    from = to;
  }
  const outliers = isOutlier.filter(Boolean).length;
  return (rankSum - (outliers * (outliers + 1)) / 2) / (outliers * (scores.length - outliers));
}

/** Harmonic mean of homogeneity and completeness (Rosenberg, Hirschberg 2007). */
export function vMeasure(labels: readonly (string | number)[], clusters: readonly (string | number)[]): number {
  const entropy = (groups: readonly unknown[]): number => {
    const counts = new Map<unknown, number>();
    for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
    return [...counts.values()].reduce((sum, n) => sum - (n / groups.length) * Math.log(n / groups.length), 0);
  };
  const joint = entropy(labels.map((label, i) => `${label}\0${clusters[i]!}`));
  const [ofLabels, ofClusters] = [entropy(labels), entropy(clusters)];
  const homogeneity = ofLabels === 0 ? 1 : 1 - (joint - ofClusters) / ofLabels;
  const completeness = ofClusters === 0 ? 1 : 1 - (joint - ofLabels) / ofClusters;
  return homogeneity + completeness === 0 ? 0 : (2 * homogeneity * completeness) / (homogeneity + completeness);
}
