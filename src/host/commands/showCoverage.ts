import type { Services } from '../services.ts';

/** Shows every file with how it stands in the index. */
export function showCoverage({ sidebar }: Services): Promise<void> {
  return sidebar().reveal('coverage', true);
}
