import type { Services } from '../services.ts';

/** Opens the Search tab with the keyboard in its box; with a text (from a keybinding's args), searches it at once. */
export async function searchByMeaning({ sidebar, search }: Services, query?: unknown): Promise<void> {
  await sidebar().reveal('search', true);
  if (typeof query === 'string') await search.search(query, search.view().paths);
}
