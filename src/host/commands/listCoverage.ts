import * as vscode from 'vscode';
import type { CoverageState } from '../../engine/model.ts';
import { HostError } from '../problems.ts';
import { coverageSentence } from '../reasonMessages.ts';
import type { Services } from '../services.ts';
import { documentPath, requireEditor } from '../textPieces.ts';
import { explainCoverage } from './embedPaths.ts';

const ORDER: Readonly<Record<CoverageState, number>> = { failed: 0, skipped: 1, excluded: 2, indexed: 3 };
const ICONS: Readonly<Record<CoverageState, string>> = {
  failed: '$(error)',
  skipped: '$(circle-slash)',
  excluded: '$(exclude)',
  indexed: '$(check)',
};

/** Lists every file with how it stands in the index; what is not in order comes first. Type to filter. */
export async function listCoverage(services: Services): Promise<void> {
  const entries = await services.engine.request('coverage', undefined);
  const items = [...entries]
    .sort((a, b) => ORDER[a.state] - ORDER[b.state] || (a.path < b.path ? -1 : 1))
    .map((entry) => ({
      label: `${ICONS[entry.state]} ${entry.path}`,
      description: coverageSentence(vscode.l10n, entry),
      entry,
    }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Files and the Index'),
    placeHolder: vscode.l10n.t('Type a path or a reason'),
    matchOnDescription: true,
  });
  if (!chosen) return;
  if (chosen.entry.state !== 'indexed') explainCoverage(services, chosen.entry);
  else await services.opener.open({ path: chosen.entry.path, startLine: 1, endLine: 1 }, 'open');
}

/** Says how the active editor's file stands in the index. */
export async function whyNotHere(services: Services): Promise<void> {
  const { uri } = requireEditor().document;
  const { path, inWorkspace } = documentPath(uri, services.paths());
  if (!inWorkspace) throw new HostError('outside-workspace', { path: vscode.workspace.asRelativePath(uri) });
  explainCoverage(services, await services.engine.request('whyNot', { path }));
}
