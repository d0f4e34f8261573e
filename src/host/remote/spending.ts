// The spend ledger as a read-only page.
import * as vscode from 'vscode';
import type { EngineProcess } from '../engineProcess.ts';
import { spendingPage } from './spendingPage.ts';

export const SPENDING_SCHEME = 'vectorscope-spending';

/** Without an extension it is plain text, whose long lines are not wrapped: the columns of the table stay in line. */
function pageUri(): vscode.Uri {
  return vscode.Uri.from({ scheme: SPENDING_SCHEME, path: `/${vscode.l10n.t('Spending')}` });
}

export class Spending implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;

  constructor(private readonly engine: Pick<EngineProcess, 'request'>) {}

  async provideTextDocumentContent(): Promise<string> {
    return spendingPage(vscode.l10n, await this.engine.request('spending', undefined), vscode.env.language);
  }

  async show(): Promise<void> {
    const uri = pageUri();
    this.changes.fire(uri); // an open page shows the newest figures
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}
