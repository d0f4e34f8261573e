import * as vscode from 'vscode';
import { numbersOf } from '../lineVectors.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { pieceOf, requireEditor, selectedPiece } from '../textPieces.ts';
import { labelOf } from './comparePlace.ts';

/** Puts the vector of the selection, else of the file, on the clipboard as a JSON array. */
export async function copyVector({ engine, paths, sending }: Services): Promise<void> {
  const editor = requireEditor();
  const piece = selectedPiece(editor, paths()) ?? pieceOf(editor.document, undefined, paths());
  if (piece.text.trim() === '') throw new HostError('too-short');
  await sending.permit({ texts: [piece.text] });
  const { space, vectors } = await engine.request('embed', { texts: [piece.text] });
  const numbers = numbersOf(vectors[0] ?? new Float32Array());
  await vscode.env.clipboard.writeText(JSON.stringify(numbers));
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Copied the vector of {0}: {1}, {2} dimensions.', labelOf(piece), space.model, space.dimension),
  );
}
