import * as vscode from 'vscode';

/** Shows a notification with Cancel while `work` goes on. */
export function stoppable<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (_, token) => {
    const stopping = new AbortController();
    token.onCancellationRequested(() => stopping.abort());
    return work(stopping.signal);
  });
}
