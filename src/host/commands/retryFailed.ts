import type { Services } from '../services.ts';
import { HostError } from '../problems.ts';
import { tell } from '../notify.ts';
import { summaryText } from '../summaryText.ts';
import * as vscode from 'vscode';

/** Runs the index once more for just the documents that failed. */
export async function retryFailed(services: Services): Promise<void> {
  const { engine, index, sending, world } = services;
  const { counts } = await engine.request('coveragePage', { state: 'failed', offset: 0, count: 0 });
  if (counts.failed === 0) throw new HostError('nothing-failed');
  await sending.permit({ run: { failed: true } });
  if (world().status?.phase === 'paused') await index.resume();
  const summary = await index.retryFailed();
  const left = summary.failed.length;
  if (left === 0) tell(summaryText(vscode.l10n, summary));
  else tell(vscode.l10n.t('Failed again: {0}.', left), 'showCoverage');
}
