// What an answer about the whole index is about. Cost: none worth naming.
import type { AnalysisCover } from '../../protocol/engineApi.ts';
import type { AnalysisItems } from '../analysis/items.ts';
import type { Session } from '../session.ts';

export function coverOf(
  { store }: Session,
  { count, revision }: Pick<AnalysisItems, 'count' | 'revision'>,
): AnalysisCover {
  return { items: count, coverage: store.counts(), revision };
}
