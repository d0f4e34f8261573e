// Answers about the whole index, one file each. Invariant: they only read the index. Cost: the graph that they share, made once an
// index (analysis/analyst.ts); then their own.
import type { Handlers } from '../../protocol/rpc.ts';
import type { EngineRequests } from '../../protocol/engineApi.ts';
import { EngineError } from '../errors.ts';
import type { Session } from '../session.ts';
import { clusterMembers, clusters } from './clusters.ts';
import { snippetAt } from './snippetAt.ts';

export type WholeIndexRequests = Pick<
  EngineRequests,
  'clusters' | 'clusterMembers' | 'outliers' | 'duplicates' | 'ignoreDuplicates' | 'recommend' | 'map' | 'snippetAt'
>;

/** `open` rejects with `index-empty` where nothing is indexed. */
export function wholeIndexAnswers(open: () => Promise<Session>): Handlers<WholeIndexRequests> {
  const missing = (feature: string): never => {
    throw new EngineError('not-supported', { model: '', feature });
  };
  return {
    clusters: async (params, signal) => clusters(await open(), params, signal),
    clusterMembers: async (params, signal) => clusterMembers(await open(), params, signal),
    outliers: () => missing('outliers'),
    duplicates: () => missing('duplicates'),
    ignoreDuplicates: () => missing('ignoreDuplicates'),
    recommend: () => missing('recommend'),
    map: () => missing('map'),
    snippetAt: async (params) => snippetAt(await open(), params),
  };
}
