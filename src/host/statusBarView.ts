// What the status bar item says and what its click does, by state. No `vscode` here.
import type { L10n } from './errorMessages.ts';
import type { RemoteStatus } from '../protocol/engineApi.ts';
import { spendWords } from './remote/sendSheet.ts';
import type { World } from './world.ts';

export interface StatusBarView {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
}

/** What the item shows; undefined: nothing, as the user never asked for this workspace to be embedded. */
export function statusBarView(l10n: L10n, world: World, halted: boolean, language = 'en'): StatusBarView | undefined {
  const { status } = world;
  const show = (
    icon: string,
    text: string,
    tooltip: string,
    command = 'vectorscope.showIndexStatus',
  ): StatusBarView => ({
    text: text === '' ? `$(${icon})` : `$(${icon}) ${text}`,
    tooltip: [`Vectorscope: ${tooltip}`, ...remoteLines(l10n, status?.remote, language)].join('\n'),
    command,
  });
  if (world.engineState === 'down') {
    return show(
      'error',
      'Vectorscope',
      l10n.t('the engine is down; click to start it again'),
      'vectorscope.restartEngine',
    );
  }
  if (!world.optedIn) return undefined;
  if (world.imported) {
    const { name } = world.imported;
    const said = l10n.t('the vectors of {0}; click to go back to the workspace', name);
    return show('table', name, said, 'vectorscope.backToWorkspace');
  }
  if (world.engineState === 'restarting') return show('sync~spin', '', l10n.t('the engine is starting again'));
  const { progress, phase = 'idle' } = status ?? {};
  const counts = `${progress?.documentsDone ?? 0}/${progress?.documentsTotal ?? 0}`;
  switch (phase) {
    case 'scanning':
      return show('sync~spin', l10n.t('Scanning'), l10n.t('looking for documents'));
    case 'embedding': {
      const percent = Math.floor((100 * (progress?.bytesDone ?? 0)) / Math.max(1, progress?.bytesTotal ?? 1));
      return show('sync~spin', `${percent} % ${counts}`, l10n.t('embedding; click for pause, stop and details'));
    }
    case 'paused':
      return show('debug-pause', counts, l10n.t('paused; click to resume'), 'vectorscope.resumeIndexing');
    case 'stopping':
      return show('sync~spin', l10n.t('Stopping'), l10n.t('stopping'));
    case 'idle':
  }
  if (halted) return show('circle-slash', '', l10n.t('stopped; click to go on'), 'vectorscope.resumeIndexing');
  const failed = status?.coverage.failed ?? 0;
  if (status?.problem) return show('warning', '', l10n.t('the last run ended early; click for details'));
  const indexed = l10n.t('{0} documents are embedded; click for details', status?.documents ?? 0);
  return failed > 0 ? show('telescope', l10n.t('{0} failed', failed), indexed) : show('telescope', '', indexed);
}

/** Where texts go and what that took; nothing for models of this computer. */
function remoteLines(l10n: L10n, remote: RemoteStatus | undefined, language: string): string[] {
  if (!remote) return [];
  const host = remote.origin.replace(/^https?:\/\//, '');
  const lines = [l10n.t('{0}, spent from this workspace: {1}', host, spendWords(l10n, remote.spend, language))];
  if (remote.link === 'limited') lines.push(l10n.t('waiting for the rate limit'));
  if (remote.link === 'offline') lines.push(l10n.t('no network: waiting'));
  return lines;
}
