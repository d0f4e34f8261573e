// The document that the user works on: the active editor's. A diff, a settings page or an output panel do not count, so that what is
// shown about the file stays while one looks at them.
import * as vscode from 'vscode';
import type { DocumentPaths } from './documentPaths.ts';
import { documentPath } from './textPieces.ts';

export class CurrentFile {
  private last: string | undefined;

  constructor(private readonly paths: () => DocumentPaths) {}

  /** Its path in the index; undefined while no file of the workspace was active, or no editor is left. */
  path(): string | undefined {
    const document = vscode.window.activeTextEditor?.document;
    const active = document && documentPath(document.uri, this.paths());
    if (active?.inWorkspace === true) this.last = active.path;
    else if (vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0)) this.last = undefined;
    return this.last;
  }
}
