// What makes two hits "the same row" from one snapshot to the next.
import type { Place } from '../engine/model.ts';
import type { ViewRequests } from '../protocol/viewApi.ts';

/** A key per hit, by its place; hits at one place (pieces of a long line) are told apart by their order. */
export function hitKeys(hits: readonly Place[]): readonly string[] {
  const seen = new Map<string, number>();
  return hits.map(({ path, startLine, endLine }) => {
    const key = `${path}:${startLine}-${endLine}`;
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count === 0 ? key : `${key}#${count}`;
  });
}

/** The part of a hit that requests carry: no text goes back to the host. */
export function placeOf({ path, startLine, endLine }: Omit<Place, 'text'>): ViewRequests['open']['params']['place'] {
  return { path, startLine, endLine };
}
