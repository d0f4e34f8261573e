import * as vscode from 'vscode';
import { findingLine, repairedText } from '../maintenanceText.ts';
import { tell, warn } from '../notify.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireFolder } from '../world.ts';
import { withIndexProgress } from './indexProgress.ts';

/** Mends what is damaged; what was lost is embedded again in the background. */
export async function repairIndex({ engine, index, similar, search, world, log }: Services): Promise<void> {
  if (!world().hasSnippets) requireFolder(world());
  const result = await withIndexProgress(vscode.l10n.t('Repairing the index'), () =>
    engine.request('repair', undefined),
  );
  if (result.spaces.length === 0) throw new HostError('not-indexed');
  for (const { folder, findings } of result.spaces) {
    for (const finding of findings) log.warn(`repair: ${folder}: ${findingLine(vscode.l10n, finding)}`);
  }
  const text = repairedText(vscode.l10n, result);
  if (result.spaces.some(({ problem }) => problem)) warn(text, 'showLog');
  else tell(text);
  await index.embedLost(result.lost);
  await Promise.all([similar.refresh(), search.refresh()]);
}
