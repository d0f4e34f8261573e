// A target -> its nearest places, or why there are none. No `vscode` here. Cost: two messages to the engine.
import { EngineError, isEngineError } from '../engine/errors.ts';
import type { CoverageEntry, Hit, LeftOutReason, SearchFilter, SearchMode } from '../engine/model.ts';
import type { AnalysisCover, SearchResult } from '../protocol/engineApi.ts';
import type { EngineProcess } from './engineProcess.ts';
import { problemMessage, type L10n } from './errorMessages.ts';
import { coverageSentence } from './reasonMessages.ts';
import type { PartialAnswer } from './searchController.ts';
import type { Empty, FollowTarget, NextAnswer } from './similarFollower.ts';
import { blockedBy, emptyResult, type World } from './world.ts';

export interface QueryPorts {
  readonly engine: Pick<EngineProcess, 'request'>;
  readonly world: () => World;
  readonly l10n: L10n;
}

/** The nearest places of a target. Files that may hold secrets are compared only when the user insists. */
export async function findSimilar(
  ports: QueryPorts,
  target: FollowTarget,
  top: number,
  filter: SearchFilter,
  signal: AbortSignal,
): Promise<readonly Hit[] | NextAnswer | Empty> {
  const blocked = blockedBy(ports.world());
  if (blocked) return { empty: blocked };
  if (target.checkRules) {
    const entry = await ports.engine.request('whyNot', { path: target.path }, signal);
    if (isLeftOut(entry)) return { empty: 'file-left-out', detail: coverageSentence(ports.l10n, entry) };
  }
  if (target.next) {
    let cover: AnalysisCover | undefined;
    const found = await orEmpty(ports, async () => {
      const answer = await ports.engine.request('recommend', { example: target.example, top }, signal);
      ({ cover } = answer);
      return answer.hits;
    });
    return 'empty' in found || !cover ? found : { hits: found, cover };
  }
  return await orEmpty(ports, async () => {
    const { hits } = await ports.engine.request('similar', { example: target.example, top, filter }, signal);
    return hits;
  });
}

/** The places nearest to a question in words; by words alone, with the reason, while a service is out of reach. */
export async function findByMeaning(
  ports: QueryPorts,
  query: string,
  filter: SearchFilter,
  { top, mode }: { readonly top: number; readonly mode: SearchMode },
  signal: AbortSignal,
): Promise<readonly Hit[] | PartialAnswer | Empty> {
  const blocked = blockedBy(ports.world());
  if (blocked) return { empty: blocked };
  let wordsOnly: SearchResult['wordsOnly'];
  const found = await orEmpty(ports, async () => {
    const result = await ports.engine.request('search', { query, top, filter, mode }, signal);
    ({ wordsOnly } = result);
    if (wordsOnly && result.hits.length === 0) throw new EngineError(wordsOnly.code, wordsOnly.details);
    return result.hits;
  });
  if (!wordsOnly || 'empty' in found) return found;
  return {
    hits: found,
    problem: ports.l10n.t('Found by words alone. {0}', problemMessage(ports.l10n, wordsOnly).text),
  };
}

async function orEmpty(ports: QueryPorts, ask: () => Promise<readonly Hit[]>): Promise<readonly Hit[] | Empty> {
  try {
    const hits = await ask();
    return hits.length > 0 ? hits : { empty: emptyResult(ports.world()) };
  } catch (error) {
    // Following the cursor asks nobody: the view says what stands in the way, with the button that cures it.
    if (isEngineError(error, 'consent-needed')) return { empty: 'consent-needed' };
    if (isEngineError(error, 'key-missing')) return { empty: 'key-missing' };
    // The status that was told last may still be that of another model's index.
    if (isEngineError(error, 'index-empty')) return { empty: emptyResult(ports.world(), true) };
    throw error;
  }
}

const UNCOMPARABLE: ReadonlySet<LeftOutReason> = new Set([
  'security',
  'no-text',
  'binary',
  'image-too-large',
  'image-type',
]);

/** Git-ignored and excluded files can be compared by their text; secrets and what is no text can't. */
function isLeftOut(entry: CoverageEntry): boolean {
  return entry.reason !== undefined && UNCOMPARABLE.has(entry.reason);
}
