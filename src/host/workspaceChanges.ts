// Changes of files, from inside the editor and outside, told as paths of the index.
import * as vscode from 'vscode';
import type { DocumentPaths } from './documentPaths.ts';

/** Calls `changed` with the paths that were saved, made, renamed or removed. */
export function watchWorkspace(
  paths: () => DocumentPaths,
  changed: (paths: readonly string[]) => void,
): vscode.Disposable {
  const tell = (...uris: readonly vscode.Uri[]): void => {
    const known = uris.flatMap((uri) => {
      const path = uri.scheme === 'file' ? paths().pathOf(uri.fsPath) : undefined;
      return path === undefined || path === '' ? [] : [path];
    });
    if (known.length > 0) changed(known);
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange((uri) => tell(uri)),
    watcher.onDidCreate((uri) => tell(uri)),
    watcher.onDidDelete((uri) => tell(uri)),
    // The watcher can be switched off for a folder (files.watcherExclude); these tell what the editor itself did.
    vscode.workspace.onDidSaveTextDocument((document) => tell(document.uri)),
    vscode.workspace.onDidSaveNotebookDocument((notebook) => tell(notebook.uri)),
    vscode.workspace.onDidCreateFiles(({ files }) => tell(...files)),
    vscode.workspace.onDidDeleteFiles(({ files }) => tell(...files)),
    vscode.workspace.onDidRenameFiles(({ files }) => tell(...files.flatMap(({ oldUri, newUri }) => [oldUri, newUri]))),
  );
}
