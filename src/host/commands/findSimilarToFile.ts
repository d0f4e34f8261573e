import * as vscode from 'vscode';
import { hasMeaning } from '../meaning.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import type { FollowTarget } from '../similarFollower.ts';
import { openText, pieceOf, requireEditor, targetOf, type TextPiece } from '../textPieces.ts';

/**
 * Shows the relatives of a whole file: the one clicked in the explorer, else the active editor's. `insist` (the button of
 * the view that says why a file is left out) compares even what may hold secrets.
 */
export async function findSimilarToFile(services: Services, clicked?: unknown, insist?: unknown): Promise<void> {
  const { similar, sidebar, paths, stepping } = services;
  const document = clicked instanceof vscode.Uri ? await openText(clicked) : requireEditor().document;
  const piece = pieceOf(document, undefined, paths());
  if (!hasMeaning(piece.text)) throw new HostError('too-short');
  const target = targetOf(piece, 'file');
  await sidebar().reveal('similar', false);
  stepping(true);
  await similar.show(insist === 'insist' ? insisted(target, piece) : target);
}

/** With the text, for the engine does not read such a file. */
function insisted(target: FollowTarget, { path, text, document }: TextPiece): FollowTarget {
  return { ...target, checkRules: false, example: { path, text, languageId: document.languageId } };
}
