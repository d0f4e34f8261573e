import * as vscode from 'vscode';
import type { ComparedText } from '../comparison.ts';
import { excerptOf } from '../meaning.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { documentPath, openText, pieceOf, requireEditor, selectedPiece, type TextPiece } from '../textPieces.ts';
import { labelOf } from './comparePlace.ts';

interface Choice extends vscode.QuickPickItem {
  /** The other text; undefined when the user backed out. */
  readonly other: () => ComparedText | undefined | Promise<ComparedText | undefined>;
}

/** Measures how alike the selection and another text are, and shows their diff. */
export async function compareSelectionWith(services: Services): Promise<void> {
  const { comparison, paths, remembered } = services;
  const piece = selectedPiece(requireEditor(), paths());
  if (!piece) throw new HostError('no-selection');
  const left = compared(piece);
  const chosen = await vscode.window.showQuickPick(await choices(services, piece, left), {
    title: vscode.l10n.t('Compare {0} With', left.label),
    placeHolder: vscode.l10n.t('The other text'),
    matchOnDescription: true,
  });
  const right = await chosen?.other();
  if (!right) return;
  if (right.text.trim() === '') throw new HostError('no-selection');
  if (remembered.text === right) remembered.text = undefined;
  await comparison.show(left, right);
}

async function choices(services: Services, piece: TextPiece, left: ComparedText): Promise<Choice[]> {
  const { remembered, model, paths } = services;
  const { text: earlier } = remembered;
  const list: Choice[] = [];
  if (earlier) {
    list.push({
      label: `$(bookmark) ${vscode.l10n.t('Remembered Selection')}`,
      description: earlier.label,
      other: () => earlier,
    });
  }
  const clipboard = (await vscode.env.clipboard.readText()).slice(0, 200_000);
  if (clipboard.trim() !== '') {
    const other = { label: vscode.l10n.t('Clipboard'), path: piece.path, text: clipboard };
    list.push({
      label: `$(clippy) ${vscode.l10n.t('Clipboard')}`,
      description: excerptOf(clipboard),
      other: () => other,
    });
  }
  for (const uri of otherEditors(piece.document.uri)) {
    list.push({
      label: `$(file) ${vscode.l10n.t('Other Editor')}`,
      description: documentPath(uri, paths()).path,
      other: () => editorText(services, uri),
    });
  }
  for (const { place } of model.snippets) {
    const other = { label: labelOf(place), path: place.path, text: place.text };
    list.push({ label: `$(pinned) ${vscode.l10n.t('Kept Snippet')}`, description: other.label, other: () => other });
  }
  list.push({
    label: `$(folder-opened) ${vscode.l10n.t('File…')}`,
    other: async () => {
      const [uri] = (await vscode.window.showOpenDialog({ canSelectMany: false })) ?? [];
      return uri && compared(pieceOf(await openText(uri), undefined, paths()));
    },
  });
  list.push({
    label: `$(bookmark) ${vscode.l10n.t('Remember This Selection')}`,
    description: vscode.l10n.t('then select another text and compare again'),
    other: () => {
      remembered.text = left;
      vscode.window.setStatusBarMessage(vscode.l10n.t('Remembered {0}', left.label), 3_000);
      return undefined;
    },
  });
  return list;
}

/** Documents of the text editors that are open, the visible ones first. */
function otherEditors(own: vscode.Uri): vscode.Uri[] {
  const visible = vscode.window.visibleTextEditors.map(({ document }) => document.uri);
  const open = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const unique = new Map([...visible, ...open].map((uri) => [uri.toString(), uri]));
  unique.delete(own.toString());
  return [...unique.values()].filter(({ scheme }) => scheme === 'file' || scheme === 'untitled');
}

/** The selection of an editor where it has one, else all of its document. */
async function editorText({ paths }: Services, uri: vscode.Uri): Promise<ComparedText> {
  const visible = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const selected = visible && selectedPiece(visible, paths());
  return compared(selected ?? pieceOf(await openText(uri), undefined, paths()));
}

function compared(piece: TextPiece): ComparedText {
  return { label: labelOf(piece), path: piece.path, text: piece.text };
}
