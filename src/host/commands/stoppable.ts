import * as vscode from 'vscode';

/** Shows a notification with Cancel while `work` goes on, and how far it is where it tells that, 0...1. */
export function stoppable<T>(
  title: string,
  work: (signal: AbortSignal, tell: (share: number) => void) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  let told = 0;
  return vscode.window.withProgress(options, (progress, token) => {
    const stopping = new AbortController();
    token.onCancellationRequested(() => stopping.abort());
    return work(stopping.signal, (share) => {
      const percent = Math.floor(100 * share);
      progress.report({ message: `${percent} %`, increment: Math.max(0, percent - told) });
      told = Math.max(told, percent);
    });
  });
}
