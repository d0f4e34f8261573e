import * as vscode from 'vscode';
import type { CoverageEntry } from '../../engine/model.ts';
import { tell, tellWithAction } from '../notify.ts';
import { coverageSentence } from '../reasonMessages.ts';
import type { Services } from '../services.ts';
import { summaryText } from '../summaryText.ts';

/** Embeds files and folders of the workspace and says how it went. `insist`: even what may hold secrets. */
export async function embedPaths(services: Services, paths: readonly string[], insist: boolean): Promise<void> {
  const summary = await services.index.embedPaths(paths, insist);
  const asked = new Set(paths);
  const left = [...summary.skipped, ...summary.failed].map(({ path }) => path).filter((path) => asked.has(path));
  const secret = summary.skipped
    .filter(({ path, reason }) => reason === 'security' && asked.has(path))
    .map(({ path }) => path);
  const [only] = left;
  if (paths.length === 1 && only !== undefined) {
    explainCoverage(services, await services.engine.request('whyNot', { path: only }));
  } else if (secret.length > 0) {
    const text = vscode.l10n.t('{0} files may hold secrets, so they were not embedded.', secret.length);
    tellWithAction(text, vscode.l10n.t('Embed Anyway'), () => embedPaths(services, secret, true));
  } else {
    tell(summaryText(vscode.l10n, summary), 'showIndexStatus');
  }
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
