import * as vscode from 'vscode';
import { isEngineError } from '../../engine/errors.ts';
import type { CoverageEntry } from '../../engine/model.ts';
import { tell, tellWithActions, type Action } from '../notify.ts';
import { coverageSentence } from '../reasonMessages.ts';
import type { Services } from '../services.ts';
import { summaryText } from '../summaryText.ts';
import { requireWorkspace } from '../world.ts';
import { hasRule, openRule } from './openRule.ts';

/** Embeds files and folders of the workspace and says how it went. `insist`: even what may hold secrets. */
export async function embedPaths(services: Services, paths: readonly string[], insist: boolean): Promise<void> {
  requireWorkspace(services.world());
  const { allowed, kept } = await permitPaths(services, paths, insist);
  if (services.world().status?.phase === 'paused') await services.index.resume();
  const result = allowed.length > 0 ? await services.index.embedPaths(allowed, insist) : undefined;
  const { summary, secret } = { summary: result?.summary, secret: [...kept, ...(result?.secret ?? [])] };
  const [first] = secret;
  if (first !== undefined) {
    const text =
      secret.length === 1
        ? vscode.l10n.t('{0} may hold secrets, so it was not embedded.', first)
        : vscode.l10n.t('{0} files may hold secrets, so they were not embedded.', secret.length);
    tellWithActions(text, [{ title: vscode.l10n.t('Embed Anyway'), act: () => embedPaths(services, secret, true) }]);
  }
  if (!summary) return;
  const left = [...summary.skipped, ...summary.failed].find(({ path }) => paths.length === 1 && path === paths[0]);
  if (left) explainCoverage(services, await services.engine.request('whyNot', { path: left.path }));
  else tell(summaryText(vscode.l10n, summary), 'showIndexStatus');
}

/** Asks about what may be sent; files that may hold secrets are no part of that unless the user insists. */
async function permitPaths(
  { sending }: Services,
  paths: readonly string[],
  insist: boolean,
): Promise<{ allowed: readonly string[]; kept: readonly string[] }> {
  const allowed = new Set(paths);
  const kept: string[] = [];
  while (allowed.size > 0) {
    try {
      await sending.permit({ run: { paths: [...allowed], asked: insist ? 'insisted' : 'named' } });
      break;
    } catch (error) {
      const path = isEngineError(error, 'security-file') ? String(error.details['path']) : undefined;
      if (path === undefined || !allowed.delete(path)) throw error;
      kept.push(path);
    }
  }
  return { allowed: [...allowed], kept };
}

/** Says how a file stands in the index, and offers what can be done about it. */
export function explainCoverage(services: Services, entry: CoverageEntry): void {
  const { path, state } = entry;
  const sentence = coverageSentence(vscode.l10n, entry);
  const isPartly = state === 'failed' && entry.chunks !== undefined;
  const text =
    state === 'indexed' || isPartly
      ? vscode.l10n.t('{0} is in the index: {1}.', path, sentence)
      : vscode.l10n.t('{0} is not in the index: {1}.', path, sentence);
  tellWithActions(text, curesOf(services, entry));
}

function curesOf(services: Services, entry: CoverageEntry): readonly Action[] {
  const { path, state, reason, truncatedAtBytes } = entry;
  const { l10n, commands } = vscode;
  const actions: Action[] = [];
  const isFolder = path.endsWith('/');
  const isJudged = state === 'excluded' || reason === 'generated' || reason === 'minified';
  if (isJudged && !isFolder) {
    actions.push({ title: l10n.t('Embed Anyway'), act: () => embedPaths(services, [path], true) });
  }
  if (reason === 'not-indexed-yet') {
    actions.push({ title: l10n.t('Embed Now'), act: () => embedPaths(services, [path], false) });
  }
  if (state === 'failed') {
    actions.push({ title: l10n.t('Retry'), act: async () => commands.executeCommand('vectorscope.retryFailed') });
  }
  if (hasRule(entry)) {
    const isSetting = reason === 'exclude-setting' || reason === 'not-included';
    const title = isSetting ? l10n.t('Open Settings') : l10n.t('Go to the Rule');
    actions.push({ title, act: () => openRule(services, entry) });
  }
  if (truncatedAtBytes !== undefined) {
    const setting = 'vectorscope.maxFileSizeKb';
    actions.push({
      title: l10n.t('Open Settings'),
      act: async () => commands.executeCommand('workbench.action.openSettings', setting),
    });
  }
  return actions;
}
