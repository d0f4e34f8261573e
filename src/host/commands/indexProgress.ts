import * as vscode from 'vscode';

/** Shows that something is done with the index for as long as it takes. */
export async function withIndexProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}
