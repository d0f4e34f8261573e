import * as vscode from 'vscode';
import type { EngineStatus } from '../../protocol/engineApi.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireFolder } from '../world.ts';
import { showCoverage } from './showCoverage.ts';
import { whyNotIndexed } from './whyNotIndexed.ts';

interface Choice extends vscode.QuickPickItem {
  readonly act?: () => unknown;
}

/** Shows what is embedded and why the rest is not, with what can be done at this moment. */
export async function showIndexStatus(services: Services): Promise<void> {
  const world = services.world();
  if (!world.hasSnippets) requireFolder(world);
  if (!world.optedIn && !world.hasSnippets) throw new HostError('not-indexed');
  const [status, spaces] = await Promise.all([
    services.engine.request('status', undefined),
    services.engine.request('spaces', undefined),
  ]);
  const choices: Choice[] = [
    ...actions(status.phase),
    separator(vscode.l10n.t('Files')),
    {
      label: `$(list-tree) ${vscode.l10n.t('List Files…')}`,
      description: filesText(status),
      act: () => showCoverage(services),
    },
    { label: `$(question) ${vscode.l10n.t('Why Isn’t This File Here?')}`, act: () => whyNotIndexed(services) },
    separator(vscode.l10n.t('Indexes of This Workspace')),
    ...spaces
      .filter(({ active, documents }) => active || documents > 0)
      .map(({ space, active, documents, chunks, bytes }) => ({
        label: `${active ? '$(check)' : '$(database)'} ${space.model} · ${space.dimension}`,
        description: vscode.l10n.t('{0} documents, {1} chunks, {2} MB', documents, chunks, (bytes / 1e6).toFixed(1)),
      })),
    separator(''),
    command('$(symbol-namespace)', vscode.l10n.t('Select Model…'), 'vectorscope.selectModel'),
    command('$(verified)', vscode.l10n.t('Verify Index'), 'vectorscope.verifyIndex'),
    command('$(flame)', vscode.l10n.t('Prune Index…'), 'vectorscope.pruneIndex'),
    command('$(trash)', vscode.l10n.t('Clear Index…'), 'vectorscope.clearIndex'),
    command('$(output)', vscode.l10n.t('Show Log'), 'vectorscope.showLog'),
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Index Status'),
    placeHolder: headline(status),
  });
  await chosen?.act?.();
}

/** What there is none of is not told. */
function filesText({ coverage, waiting = 0 }: EngineStatus): string {
  const { indexed, excluded, skipped, failed } = coverage;
  const others = [
    { count: waiting, text: vscode.l10n.t('{0} waiting', waiting) },
    { count: excluded, text: vscode.l10n.t('{0} excluded', excluded) },
    { count: skipped - waiting, text: vscode.l10n.t('{0} skipped', skipped - waiting) },
    { count: failed, text: vscode.l10n.t('{0} failed', failed) },
  ].filter(({ count }) => count > 0);
  return [vscode.l10n.t('{0} embedded', indexed), ...others.map(({ text }) => text)].join(vscode.l10n.t(', '));
}

function actions(phase: EngineStatus['phase']): Choice[] {
  const pause = command('$(debug-pause)', vscode.l10n.t('Pause'), 'vectorscope.pauseIndexing');
  const resume = command('$(play)', vscode.l10n.t('Resume'), 'vectorscope.resumeIndexing');
  const stop = command('$(debug-stop)', vscode.l10n.t('Stop'), 'vectorscope.stopIndexing');
  const update = command('$(sync)', vscode.l10n.t('Embed Workspace'), 'vectorscope.embedWorkspace');
  return phase === 'idle' ? [update] : phase === 'paused' ? [resume, stop] : phase === 'stopping' ? [] : [pause, stop];
}

function headline({ phase, documents, chunks, progress }: EngineStatus): string {
  if (phase === 'embedding' || phase === 'paused') {
    const { documentsDone = 0, documentsTotal = 0, secondsLeft } = progress ?? {};
    const counts = vscode.l10n.t('{0} of {1} documents', documentsDone, documentsTotal);
    if (phase === 'paused') return vscode.l10n.t('Paused at {0}', counts);
    if (secondsLeft === undefined) return vscode.l10n.t('Embedding {0}', counts);
    return vscode.l10n.t('Embedding {0}, about {1} s left', counts, Math.ceil(secondsLeft));
  }
  if (phase === 'scanning') return vscode.l10n.t('Looking for documents');
  return vscode.l10n.t('{0} documents with {1} chunks are embedded', documents, chunks);
}

function command(icon: string, title: string, id: string): Choice {
  return { label: `${icon} ${title}`, act: () => vscode.commands.executeCommand(id) };
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
