import * as vscode from 'vscode';
import type { Services } from '../services.ts';

/** Writes the vectors of finished jobs where the user says, as JSON lines, and opens them. */
export async function openJobResult(
  { engine }: Services,
  ids: readonly string[],
  source: vscode.Uri | undefined,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const beside = source?.with({ path: `${source.path}.vectors.jsonl` });
  const suggested = beside ?? (folder && vscode.Uri.joinPath(folder, `job-${ids[0] ?? ''}.vectors.jsonl`));
  const target = await vscode.window.showSaveDialog({
    ...(suggested && { defaultUri: suggested }),
    filters: { 'JSON Lines': ['jsonl'] },
  });
  if (!target) return;
  await engine.request('writeJobRows', { ids, file: target.fsPath });
  await vscode.commands.executeCommand('vscode.open', target);
}
