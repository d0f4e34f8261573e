import { tellProblem } from '../notify.ts';
import { problemOf } from '../problems.ts';
import type { Services } from '../services.ts';
import { blockedBy } from '../world.ts';

/** Opens the Search tab with the keyboard in its box; with a text (from a keybinding's args), searches it at once. */
export async function searchByMeaning(services: Services, query?: unknown): Promise<void> {
  const { sidebar, search } = services;
  await sidebar().reveal('search', true);
  if (typeof query !== 'string') return;
  await askFirst(services, query);
  await search.search(query, search.view().filter);
}

/** Has the user agree to sending his question; when he does not, the search itself says that it could not be sent. */
export async function askFirst({ sending, world, searchMode }: Services, query: string): Promise<void> {
  if (query.trim() === '' || blockedBy(world()) || searchMode.current === 'keyword') return;
  try {
    await sending.permit({ texts: [query] });
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== 'cancelled') tellProblem(problem);
  }
}
