import * as vscode from 'vscode';
import { hasMeaning } from '../meaning.ts';
import { HostError } from '../problems.ts';
import { readNextTarget } from '../readNext.ts';
import type { Services } from '../services.ts';
import { openText, requireEditor } from '../textPieces.ts';
import { requireFolder } from '../world.ts';

/** Shows what to read after a file, the one clicked in the explorer or the active editor's; in a table, after the cursor's row. */
export async function recommendForFile(services: Services, clicked?: unknown): Promise<void> {
  const { similar, sidebar, paths, sending, stepping, world } = services;
  requireFolder(world());
  const editor = vscode.window.activeTextEditor;
  const isOther = clicked instanceof vscode.Uri && clicked.toString() !== editor?.document.uri.toString();
  const target = isOther
    ? readNextTarget(await openText(clicked), undefined, paths())
    : readNextTarget(requireEditor().document, requireEditor().selection.active.line, paths());
  if (!hasMeaning(target.excerpt)) throw new HostError('too-short');
  if (target.example.text !== undefined) await sending.permit({ texts: [target.example.text] });
  await sidebar().reveal('similar', false);
  stepping(true);
  await similar.show(target);
}
