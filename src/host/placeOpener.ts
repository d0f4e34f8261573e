// Opens a place of the index in an editor and marks its lines for a moment.
import * as vscode from 'vscode';
import type { KeptSnippetInfo } from '../protocol/engineApi.ts';
import type { OpenMode } from '../protocol/viewApi.ts';
import { lineKey } from './cursorTarget.ts';
import type { DocumentPaths } from './documentPaths.ts';
import { EngineError } from '../engine/errors.ts';
import type { Range } from './similarFollower.ts';
import { openText } from './textPieces.ts';

/** What VS Code's own preview opens. */
const IMAGE = /\.(?:jpe?g|jpe|png|bmp)$/i;

/** A place that was looked up: its document and the lines as far as the document still has them. */
export interface OpenedPlace {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
}

export class PlaceOpener implements vscode.Disposable {
  private readonly mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
  });
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly paths: () => DocumentPaths,
    private readonly snippets: () => readonly KeptSnippetInfo[],
  ) {
    this.subscription = vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      if (kind !== undefined) textEditor.setDecorations(this.mark, []);
    });
  }

  /** Reads a place. Throws `file-not-found`, `not-text`. */
  async find(place: Range): Promise<OpenedPlace> {
    const kept = this.snippets().find((snippet) => snippet.path === place.path);
    const { path, startLine, endLine } = kept ? kept.place : place;
    const document = await openText(await this.existing(path));
    const last = Math.max(0, document.lineCount - 1);
    const start = Math.min(startLine - 1, last);
    const end = Math.min(Math.max(endLine - 1, start), last);
    return { document, range: new vscode.Range(start, 0, end, document.lineAt(end).text.length) };
  }

  /** Shows a place. `preview` leaves the focus where it is. Returns the key of the line shown, '' for an image. Throws as `find`. */
  async open(
    place: Range,
    mode: OpenMode,
    column = mode === 'side' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
  ): Promise<string> {
    const show = { preserveFocus: mode === 'preview', preview: mode !== 'open', viewColumn: column };
    if (IMAGE.test(place.path)) {
      await vscode.commands.executeCommand('vscode.open', await this.existing(place.path), show);
      return '';
    }
    const { document, range } = await this.find(place);
    const editor = await vscode.window.showTextDocument(document, {
      ...show,
      selection: new vscode.Range(range.start, range.start),
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    editor.setDecorations(this.mark, [range]);
    return lineKey(document, range.start);
  }

  dispose(): void {
    this.mark.dispose();
    this.subscription.dispose();
  }

  private async existing(path: string): Promise<vscode.Uri> {
    const open = vscode.workspace.textDocuments.find(
      (document) => `${document.uri.scheme}:${document.uri.path}` === path,
    );
    if (open) return open.uri;
    const file = this.paths().fileOf(path);
    if (file === undefined) throw new EngineError('file-not-found', { path });
    const uri = vscode.Uri.file(file);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      throw new EngineError('file-not-found', { path });
    }
    return uri;
  }
}
