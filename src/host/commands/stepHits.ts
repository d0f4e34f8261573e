import { isAnalysisTab } from './showAnalysis.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';

/** Opens the next hit of the tab shown. */
export function nextHit(services: Services): Promise<void> {
  return step(services, 1);
}

/** Opens the hit before. */
export function previousHit(services: Services): Promise<void> {
  return step(services, -1);
}

async function step({ model, sidebar }: Services, by: 1 | -1): Promise<void> {
  const { similar, search } = model.snapshot();
  const view = sidebar();
  if (isAnalysisTab(view.tab)) {
    view.step(by); // the page knows its rows
    return;
  }
  const tab = view.tab === 'search' ? 'search' : 'similar';
  const { hits } = tab === 'search' ? search : similar;
  if (hits.length === 0) throw new HostError('no-hits');
  await view.reveal(tab, false);
  view.step(by);
}
