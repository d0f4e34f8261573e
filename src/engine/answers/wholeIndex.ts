// Answers about the whole index, one file each. Invariant: they only read the index. Cost: the graph that they share, made once an
// index (analysis/analyst.ts); then their own.
import type { Handlers } from '../../protocol/rpc.ts';
import type { EngineConfig, EngineRequests } from '../../protocol/engineApi.ts';
import type { Session } from '../session.ts';
import type { Source } from '../source/source.ts';
import { findDuplicates } from './duplicates.ts';
import { exportAnalysis } from './export.ts';
import { ignoreDuplicates } from './ignoredDuplicates.ts';
import { findOutliers } from './outliers.ts';
import { mapOf } from './map.ts';
import { recommend } from './recommend.ts';
import { placesAt, snippetAt } from './snippetAt.ts';
import { clusterMembers, clusters } from './clusters.ts';

export type WholeIndexRequests = Pick<
  EngineRequests,
  | 'clusters'
  | 'clusterMembers'
  | 'outliers'
  | 'duplicates'
  | 'ignoreDuplicates'
  | 'recommend'
  | 'map'
  | 'snippetAt'
  | 'placesAt'
  | 'exportAnalysis'
>;

export interface AnswerContext {
  /** Rejects with `index-empty` where nothing is indexed. */
  readonly open: () => Promise<Session>;
  readonly source: () => Source;
  readonly config: () => EngineConfig;
}

export function wholeIndexAnswers({ open, source, config }: AnswerContext): Handlers<WholeIndexRequests> {
  const answers: Handlers<WholeIndexRequests> = {
    clusters: async (params, signal) => clusters(await open(), params, signal),
    clusterMembers: async (params, signal) => clusterMembers(await open(), params, signal),
    outliers: async (params, signal) => findOutliers(await open(), params, signal),
    duplicates: async (params, signal) => findDuplicates(await open(), config().storageFolder, params, signal),
    ignoreDuplicates: async ({ ids, ignored }) => {
      await ignoreDuplicates(config().storageFolder, ids, ignored);
      return undefined;
    },
    recommend: async (params, signal) => recommend(await open(), source(), params, signal),
    map: async (params, signal) => mapOf(await open(), params, signal),
    snippetAt: async (params) => snippetAt(await open(), params),
    placesAt: async (params) => placesAt(await open(), params),
    exportAnalysis: async (params, signal) => exportAnalysis(await open(), answers, config(), params, signal),
  };
  return answers;
}
