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
  const { similar, sidebar, paths, sending, stepping } = services;
  const document = clicked instanceof vscode.Uri ? await openText(clicked) : requireEditor().document;
  const piece = pieceOf(document, undefined, paths());
  if (!hasMeaning(piece.text)) throw new HostError('too-short');
  const plain = targetOf(piece, 'file');
  const target = insist === 'insist' ? insisted(plain, piece) : plain;
  if (target.example.text !== undefined) await sending.permit({ texts: [target.example.text] });
  await sidebar().reveal('similar', false);
  stepping(true);
  await similar.show(target);
}

/** With the text, for the engine does not read such a file. */
function insisted(target: FollowTarget, { path, text, document }: TextPiece): FollowTarget {
  return { ...target, checkRules: false, example: { path, text, languageId: document.languageId } };
}
