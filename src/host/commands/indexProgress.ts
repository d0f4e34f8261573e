import * as vscode from 'vscode';

/**
 * Shows in the status bar that something is done with the index. Not as a notification: most often it is over at once, and VS Code
 * keeps back the answer when it is one of more than three notifications in 0.8 s.
 */
export async function withIndexProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, work);
}
