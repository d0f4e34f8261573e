// Text in editors as places of the index: the selection, the symbol around the cursor, the file. Saved files are compared
// by their stored vectors; unsaved ones, and exact selections, by their text.
import * as vscode from 'vscode';
import type { Example } from '../protocol/engineApi.ts';
import type { SimilarTarget } from '../protocol/viewApi.ts';
import type { DocumentPaths } from './documentPaths.ts';
import { excerptOf } from './meaning.ts';
import { HostError } from './problems.ts';
import type { FollowTarget } from './similarFollower.ts';

export interface TextPiece {
  readonly document: vscode.TextDocument;
  /** Path in the index, or what names the document when it is none of the workspace's files. */
  readonly path: string;
  /** A file on disk inside the workspace. */
  readonly inWorkspace: boolean;
  /** Count from 1, both included. */
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

/** Longer texts are compared by their beginning: an unsaved document of megabytes must block neither host nor engine. */
const LONGEST_TEXT = 200_000;
const MOST_LINES = 10_000;

/** The selected text, undefined when nothing but blanks is selected. */
export function selectedPiece(editor: vscode.TextEditor, paths: DocumentPaths): TextPiece | undefined {
  if (editor.selection.isEmpty) return undefined;
  const piece = pieceOf(editor.document, editor.selection, paths);
  return piece.text.trim() === '' ? undefined : piece;
}

/** A range of a document, or all of it. */
export function pieceOf(
  document: vscode.TextDocument,
  range: vscode.Range | undefined,
  paths: DocumentPaths,
): TextPiece {
  const last = Math.max(0, document.lineCount - 1);
  const taken = range ?? new vscode.Range(0, 0, last, document.lineAt(last).text.length);
  const { start, end } = taken;
  const endsBefore = end.character === 0 && end.line > start.line;
  return {
    document,
    ...documentPath(document.uri, paths),
    startLine: start.line + 1,
    endLine: end.line + (endsBefore ? 0 : 1),
    text: document.getText(firstLines(taken)).slice(0, LONGEST_TEXT),
  };
}

function firstLines(range: vscode.Range): vscode.Range {
  const { start, end } = range;
  return end.line - start.line < MOST_LINES ? range : new vscode.Range(start, start.translate(MOST_LINES));
}

/** How a document is called in the index; documents outside the workspace get a name that no file can have. */
export function documentPath(uri: vscode.Uri, paths: DocumentPaths): Pick<TextPiece, 'path' | 'inWorkspace'> {
  const onDisk = uri.scheme === 'file' || uri.scheme === 'vscode-notebook-cell';
  const path = onDisk ? paths.pathOf(uri.fsPath) : undefined;
  if (path !== undefined) return { path, inWorkspace: uri.scheme === 'file' };
  return { path: `${uri.scheme}:${uri.path}`, inWorkspace: false };
}

/** The piece as something to compare with. */
export function targetOf(piece: TextPiece, kind: SimilarTarget['kind'], symbol?: string): FollowTarget {
  const { document, path, startLine, endLine, text, inWorkspace } = piece;
  const stored = inWorkspace && !document.isDirty && kind !== 'selection';
  const example: Example = {
    path,
    ...(kind !== 'file' && { startLine, endLine }),
    ...(!stored && { text, languageId: document.languageId }),
  };
  const named = symbol === undefined ? {} : { symbol };
  return { kind, path, startLine, endLine, ...named, excerpt: excerptOf(text), example, checkRules: inWorkspace };
}

/** The active editor. Throws `no-editor`. */
export function requireEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new HostError('no-editor');
  return editor;
}

/** Opens a document as text. Throws `not-text`. */
export async function openText(uri: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    throw new HostError('not-text', { path: vscode.workspace.asRelativePath(uri) });
  }
}
