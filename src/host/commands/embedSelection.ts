import * as vscode from 'vscode';
import { hasMeaning } from '../meaning.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireEditor, selectedPiece, targetOf } from '../textPieces.ts';
import { requireTrust } from '../world.ts';

/** Keeps the selected text as a snippet of the index and shows its relatives. */
export async function embedSelection(services: Services): Promise<void> {
  const { engine, index, model, similar, sidebar, paths, world, sending, stepping } = services;
  requireTrust(world());
  const piece = selectedPiece(requireEditor(), paths());
  if (!piece) throw new HostError('no-selection');
  if (!hasMeaning(piece.text)) throw new HostError('too-short');
  const { path, startLine, endLine, text, document } = piece;
  await sending.permit({ texts: [text] });
  const example = { path, startLine, endLine, text, languageId: document.languageId };
  const kept = await engine.request('keepSnippet', { example });
  await index.noteSnippet();
  model.setSnippets(await engine.request('keptSnippets', undefined));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Kept the selection as a snippet'), 3_000);
  await sidebar().reveal('similar', false);
  stepping(true);
  await similar.show({ ...targetOf(piece, 'snippet'), example: { path: kept.path }, checkRules: false });
}
