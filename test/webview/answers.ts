// Made-up answers about the whole index: of the workspace of samples.ts.
import type { Cluster, ClusterMember, DuplicateGroup, Outlier, Place } from '../../src/engine/model.ts';
import type { AnalysisCover, ClusterResult, DuplicateResult, OutlierResult } from '../../src/protocol/engineApi.ts';
import { HITS } from './samples.ts';

export const COVER: AnalysisCover = {
  items: 1_204,
  coverage: { indexed: 2861, excluded: 48_211, skipped: 16, failed: 3 },
  revision: 7,
};

export function placeOf(index: number): Place {
  const hit = HITS[index % HITS.length];
  if (!hit) throw new RangeError('no sample');
  const { path, startLine, endLine, text, symbol } = hit;
  return { path, startLine, endLine, text, ...(symbol !== undefined && { symbol }) };
}

function cluster(id: string, words: readonly string[], size: number, cohesion: number, sample: number): Cluster {
  return { id, label: words.join(' · '), words, size, cohesion, representative: placeOf(sample) };
}

export const CLUSTERS: ClusterResult = {
  cover: { ...COVER, items: 203 }, // the texts: most are there more than once
  granularity: 0.4,
  counts: [2, 3, 4, 6, 9, 14],
  clusters: [
    cluster('c1', ['session', 'token', 'refresh', 'login'], 412, 0.71, 0),
    cluster('c2', ['令牌', '会话', '架构'], 230, 0.68, 2),
    cluster('c3', ['invoice', 'payment', 'currency rounding', 'tax'], 118, 0.64, 1),
    cluster('c4', ['review', 'delivery', 'taste'], 57, 0.52, 3),
  ],
  unclustered: 387,
};

export function membersOf(size: number, seed: number): readonly ClusterMember[] {
  return Array.from({ length: size }, (_, i) => {
    const place = placeOf(i + seed);
    return { ...place, path: i === 0 ? place.path : `part${i}/${place.path}`, centrality: 0.93 - (0.5 * i) / size };
  });
}

const OUTLIERS: readonly Outlier[] = [3, 2, 4, 1, 0].map((sample, i) => ({
  ...placeOf(sample),
  score: 0.9994 - i / 500,
  similarity: 0.31 + i / 30,
  usual: 0.78,
  ...(i !== 2 && { nearest: { ...placeOf(sample + 1), similarity: 0.38 + i / 30 } }),
}));

function copies(sample: number, count: number): readonly Place[] {
  const place = placeOf(sample);
  return Array.from({ length: count }, (_, i) => (i === 0 ? place : { ...place, path: `services/copy${i}/${place.path}`, startLine: place.startLine + i, endLine: place.endLine + i })); // prettier-ignore
}

export const GROUPS: readonly DuplicateGroup[] = [
  { id: 'd1', tier: 'exact', similarity: 1, members: copies(0, 3) },
  { id: 'd2', tier: 'exact', similarity: 1, members: copies(4, 2) },
  { id: 'd3', tier: 'near', similarity: 0.964, members: copies(1, 2) },
  { id: 'd4', tier: 'meaning', similarity: 0.871, members: [placeOf(2), placeOf(0), placeOf(1)] },
];

export const ANSWERS: Readonly<Record<string, unknown>> = {
  clusters: CLUSTERS,
  clusterMembers: {
    c1: membersOf(412, 0),
    c2: membersOf(230, 2),
    c3: membersOf(118, 1),
    c4: membersOf(57, 3),
    '': membersOf(387, 4),
  },
  outliers: { cover: COVER, outliers: OUTLIERS, leftOut: 312 } satisfies OutlierResult,
  duplicates: { cover: COVER, minSimilarity: 0.86, groups: GROUPS, ignored: 2 } satisfies DuplicateResult,
};
