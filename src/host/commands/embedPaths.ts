import * as vscode from 'vscode';
import type { CoverageEntry } from '../../engine/model.ts';
import { tell, tellWithAction } from '../notify.ts';
import { coverageSentence } from '../reasonMessages.ts';
import type { Services } from '../services.ts';
import { summaryText } from '../summaryText.ts';

/** Embeds files and folders of the workspace and says how it went. `insist`: even what may hold secrets. */
export async function embedPaths(services: Services, paths: readonly string[], insist: boolean): Promise<void> {
  await services.sending.permit({ run: { paths, asked: insist ? 'insisted' : 'named' } });
  if (services.world().status?.phase === 'paused') await services.index.resume();
  const { summary, secret } = await services.index.embedPaths(paths, insist);
  const [first] = secret;
  if (first !== undefined) {
    const text =
      secret.length === 1
        ? vscode.l10n.t('{0} may hold secrets, so it was not embedded.', first)
        : vscode.l10n.t('{0} files may hold secrets, so they were not embedded.', secret.length);
    tellWithAction(text, vscode.l10n.t('Embed Anyway'), () => embedPaths(services, secret, true));
  }
  if (!summary) return;
  const left = [...summary.skipped, ...summary.failed].find(({ path }) => paths.length === 1 && path === paths[0]);
  if (left) explainCoverage(services, await services.engine.request('whyNot', { path: left.path }));
  else tell(summaryText(vscode.l10n, summary), 'showIndexStatus');
}

/** Says how a file stands in the index, and offers to embed it when it is left out. */
export function explainCoverage(services: Services, entry: CoverageEntry): void {
  const { path, state, reason } = entry;
  const sentence = coverageSentence(vscode.l10n, entry);
  if (state === 'indexed') {
    tell(vscode.l10n.t('{0} is in the index: {1}.', path, sentence));
    return;
  }
  const text = vscode.l10n.t('{0} is not in the index: {1}.', path, sentence);
  const byRule =
    state === 'excluded' || reason === 'not-indexed-yet' || reason === 'generated' || reason === 'minified';
  if (!byRule && state !== 'failed') tell(text);
  else tellWithAction(text, vscode.l10n.t('Embed Anyway'), () => embedPaths(services, [path], true));
}
