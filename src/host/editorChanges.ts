// Documents of editors as what may be told of them: the workspace's files and untitled ones, not notebooks or other schemes.
import * as vscode from 'vscode';
import type { DocumentPaths } from './documentPaths.ts';
import { documentPath } from './textPieces.ts';
import type { OpenDocument, UnsavedEditors } from './unsavedEditors.ts';

/** As the engine does: a longer one is found as it was saved. */
const LONGEST_TEXT = 500_000;

/** All that are open. */
export function openDocuments(paths: DocumentPaths): OpenDocument[] {
  return vscode.workspace.textDocuments.flatMap((document) => openDocument(document, paths) ?? []);
}

export function watchEditors(paths: () => DocumentPaths, unsaved: UnsavedEditors): vscode.Disposable {
  const pass =
    (tell: (document: OpenDocument) => void) =>
    (document: vscode.TextDocument): void => {
      const known = openDocument(document, paths());
      if (known) tell(known);
    };
  const changed = pass((document) => unsaved.changed(document));
  const { workspace } = vscode;
  return vscode.Disposable.from(
    workspace.onDidChangeTextDocument(({ document }) => changed(document)),
    // Another language closes a document and opens it again.
    workspace.onDidOpenTextDocument((document) => document.isDirty && changed(document)),
    workspace.onDidSaveTextDocument(pass((document) => unsaved.saved(document))),
    workspace.onDidCloseTextDocument(pass((document) => unsaved.closed(document))),
    new vscode.Disposable(() => unsaved.dispose()),
  );
}

function openDocument(document: vscode.TextDocument, paths: DocumentPaths): OpenDocument | undefined {
  const { path, inWorkspace } = documentPath(document.uri, paths);
  if (!inWorkspace && !document.isUntitled) return undefined;
  return {
    path,
    get languageId() {
      return document.languageId;
    },
    get version() {
      return document.version;
    },
    get isDirty() {
      return document.isDirty;
    },
    text: () => {
      const end = document.lineAt(document.lineCount - 1).range.end;
      return document.offsetAt(end) > LONGEST_TEXT ? undefined : document.getText();
    },
  };
}
