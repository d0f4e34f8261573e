import * as vscode from 'vscode';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';

/** Removes this workspace's index after asking. */
export async function clearIndex({ index, model, similar, search, world }: Services): Promise<void> {
  const { hasFolder, virtual, optedIn, hasSnippets } = world();
  requireTrust(world());
  if (!optedIn && !hasSnippets) {
    throw new HostError(hasFolder ? 'not-indexed' : virtual ? 'virtual-folder' : 'no-folder');
  }
  const yes = vscode.l10n.t('Clear Index');
  const pressed = await vscode.window.showWarningMessage(
    vscode.l10n.t('Remove the index of this workspace?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'All vectors and kept snippets of the current model are removed. Your files stay as they are.',
      ),
    },
    yes,
  );
  if (pressed !== yes) return;
  await index.clear();
  model.setSnippets([]);
  await Promise.all([similar.refresh(), search.refresh()]);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The index was removed'), 3_000);
}
