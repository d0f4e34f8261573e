// What stands in the way of any answer about the whole index.
import type { EmptyState, ViewSnapshot } from '../protocol/viewApi.ts';

export function blockedBy({ hasFolder, trusted, optedIn, engineState }: ViewSnapshot): EmptyState | undefined {
  if (!hasFolder) return 'no-folder';
  if (!trusted) return 'untrusted';
  if (engineState === 'down') return 'engine-down';
  return optedIn ? undefined : 'not-indexed';
}
