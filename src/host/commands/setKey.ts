import * as vscode from 'vscode';
import { HostError } from '../problems.ts';
import { sendDialogs } from '../remote/sendDialogs.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';

/** Gives the service in use another key, or takes it away. */
export async function setKey({ sending, world, index }: Services): Promise<void> {
  requireTrust(world());
  const { endpoint } = sending;
  if (!endpoint) throw new HostError('nothing-sent');
  if (await sending.hasKey(endpoint)) {
    const replace = { label: `$(key) ${vscode.l10n.t('Replace the Key…')}` };
    const remove = { label: `$(trash) ${vscode.l10n.t('Remove the Key')}` };
    const chosen = await vscode.window.showQuickPick([replace, remove], {
      title: vscode.l10n.t('API Key for {0}', endpoint.host),
    });
    if (!chosen) return;
    if (chosen === remove) {
      await sending.removeKey(endpoint);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Removed the key for {0}', endpoint.host), 3_000);
      return;
    }
  }
  const key = await sendDialogs.askKey(endpoint);
  if (key === undefined) return;
  await sending.tryKey(endpoint, key);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} accepted the key', endpoint.host), 3_000);
  await index.catchUp();
}
