import * as vscode from 'vscode';
import { pruneLabel, sizeText } from '../maintenanceText.ts';
import { tell } from '../notify.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireFolder } from '../world.ts';
import { withIndexProgress } from './indexProgress.ts';

/** Lists what is of no use any more with its size, and removes what is chosen. The index in use is not among it. */
export async function pruneIndex({ engine, similar, search, world }: Services): Promise<void> {
  if (!world().hasSnippets) requireFolder(world());
  if (!world().optedIn && !world().hasSnippets) throw new HostError('not-indexed');
  const items = await withIndexProgress(vscode.l10n.t('Looking for what can be pruned'), () =>
    engine.request('prunable', undefined),
  );
  if (items.length === 0) {
    tell(vscode.l10n.t('There is nothing to prune: all that is stored is in use.'));
    return;
  }
  const rows = items.map((item) => {
    const size = sizeText(item.bytes);
    return { ...pruneLabel(vscode.l10n, item), description: size, picked: true, item };
  });
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Prune Index'),
    placeHolder: vscode.l10n.t('What is chosen is removed; the index in use stays'),
    canPickMany: true,
  });
  if (!chosen || chosen.length === 0) return;
  const size = sizeText(chosen.reduce((sum, { item }) => sum + item.bytes, 0));
  const yes = vscode.l10n.t('Remove');
  const pressed = await vscode.window.showWarningMessage(
    vscode.l10n.t('Remove about {0} from the storage of this workspace?', size),
    { modal: true, detail: chosen.map(({ label, description }) => `${label} (${description})`).join('\n') },
    yes,
  );
  if (pressed !== yes) return;
  const ids = chosen.map(({ item }) => item.id);
  const { freed } = await withIndexProgress(vscode.l10n.t('Pruning the index'), () => engine.request('prune', { ids }));
  tell(vscode.l10n.t('{0} were freed.', sizeText(freed)));
  await Promise.all([similar.refresh(), search.refresh()]);
}
