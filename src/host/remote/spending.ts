// The spend ledger as a read-only page.
import * as vscode from 'vscode';
import type { EngineProcess } from '../engineProcess.ts';
import { spendingPage } from './spendingPage.ts';

export const SPENDING_SCHEME = 'vectorscope-spending';

const PAGE = vscode.Uri.from({ scheme: SPENDING_SCHEME, path: '/Vectorscope.md' });

export class Spending implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;

  constructor(private readonly engine: Pick<EngineProcess, 'request'>) {}

  async provideTextDocumentContent(): Promise<string> {
    return spendingPage(vscode.l10n, await this.engine.request('spending', undefined), vscode.env.language);
  }

  async show(): Promise<void> {
    this.changes.fire(PAGE);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(PAGE), { preview: true });
  }
}
