import type { Services } from '../services.ts';

/** Shows what was spent, by day and model, from all workspaces. */
export async function showSpending({ spending }: Services): Promise<void> {
  await spending.show();
}
