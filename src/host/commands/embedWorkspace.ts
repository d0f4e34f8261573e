import * as vscode from 'vscode';
import { tell } from '../notify.ts';
import type { Services } from '../services.ts';
import { summaryText } from '../summaryText.ts';
import { requireFolder } from '../world.ts';

/** Embeds all files of the workspace: the one click that opts in. Resolves when the run is over. */
export async function embedWorkspace({ world, index, sending }: Services): Promise<void> {
  requireFolder(world());
  await sending.permit({ run: {} });
  if (world().status?.phase === 'paused') await index.resume(); // else the run would wait behind the paused one
  const summary = await index.embedWorkspace();
  tell(summaryText(vscode.l10n, summary), 'showIndexStatus');
}
