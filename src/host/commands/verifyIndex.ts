import * as vscode from 'vscode';
import { findingLine, verifiedText } from '../maintenanceText.ts';
import { tell, warn } from '../notify.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireFolder } from '../world.ts';
import { withIndexProgress } from './indexProgress.ts';

/** Reads all that is stored and says whether it is in order; the log names each file. */
export async function verifyIndex({ engine, world, log }: Services): Promise<void> {
  if (!world().hasSnippets) requireFolder(world());
  const result = await withIndexProgress(vscode.l10n.t('Verifying the index'), () =>
    engine.request('verify', undefined),
  );
  if (result.spaces.length === 0) throw new HostError('not-indexed');
  for (const { folder, findings } of result.spaces) {
    for (const finding of findings) log.warn(`verify: ${folder}: ${findingLine(vscode.l10n, finding)}`);
  }
  const text = verifiedText(vscode.l10n, result);
  if (result.damaged) warn(text, 'repairIndex', 'showLog');
  else tell(text);
}
