// The hit that a row of the sidebar shows. No `vscode` here.
import type { Hit } from '../engine/model.ts';
import type { Services } from './services.ts';
import { keyOf, type Range } from './similarFollower.ts';

/** The hit at a place in the tab shown; undefined when the list has changed meanwhile. */
export function shownHit(
  { sidebar, search, similar }: Pick<Services, 'sidebar' | 'search' | 'similar'>,
  place: Range,
): Hit | undefined {
  const { hits } = sidebar().tab === 'search' ? search.view() : similar.view();
  return hits.find((hit) => keyOf(hit) === keyOf(place));
}
